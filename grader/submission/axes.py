"""Whether a line that raised takes its first argument for an array with more axes than it has.

An exception says how many axes were wanted, but not of which array: `result[i, j, 0]` fails on an
array that the student made, and `a, b, c = other.shape` fails on another. So a line counts only
if it does this to the function's first argument, or to an array with the same axes: a copy of it, a
padded one, a part, what a helper is given.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from grader.model import Exercise, Raised, Unit
from grader.submission.budget import AXES_STEPS, Budget, TooComplicated
from grader.submission.first_names import CALLS_DEEP, Calls, Names
from grader.submission.nodes import children, last_line
from grader.submission.program import read_program
from grader.submission.scope import FUNCTIONS


def wants_more_axes(
    units: Sequence[Unit], exercise: Exercise, raised: Raised, axes: int
) -> bool:
    """Return whether the statement that raised needs more axes than the first argument has.

    `axes` is how many it has.
    """
    complaint = _complaint(raised.message)
    if raised.line is None or complaint is None:
        return False
    is_meant, found = complaint
    program = read_program(units)
    path: list[ast.stmt] = []
    for cell, tree in program.trees():
        if cell == raised.cell:
            path = _path_to(tree, raised.line)
            break
    outer = next((node for node in path if isinstance(node, FUNCTIONS)), None)
    if outer is None or any(isinstance(node, ast.ClassDef) for node in path):
        return False
    try:
        calls = Calls(program, exercise.function, Budget(AXES_STEPS))
        # What `a = a[:, :, 0]` binds, it has not bound yet.
        names = Names(calls, outer, CALLS_DEEP, at=path[-1])
        return is_meant(list(_own_nodes(path[-1])), names, found, axes)
    except TooComplicated:
        return False


_Nodes = Sequence[ast.AST]
_IsMeant = Callable[[_Nodes, Names, re.Match[str], int], bool]
"""Whether what a message complains about is done to the argument."""


def _complaint(message: str) -> tuple[_IsMeant, re.Match[str]] | None:
    """Return how to find out what a message is about; None where it says nothing about axes."""
    for pattern, is_meant in _COMPLAINTS:
        found = pattern.search(message)
        if found:
            return is_meant, found
    return None


def _unpacked(
    nodes: _Nodes, names: Names, found: re.Match[str], axes: int
) -> bool:
    wanted, had = int(found[1]), int(found[2])
    if (wanted, had) == (axes, axes - 1):
        # `gray = a[..., 0]` takes the columns for colours, and has one axis too few.
        return any(map(names.is_reduced_shape, nodes))
    return had == axes < wanted and any(map(names.is_shape, nodes))


def _indexed(
    nodes: _Nodes, names: Names, found: re.Match[str], axes: int
) -> bool:
    had, wanted = int(found[1]), int(found[2])
    return had == axes and any(names.is_indexed(node, wanted) for node in nodes)


def _padded(
    nodes: _Nodes, names: Names, found: re.Match[str], axes: int
) -> bool:
    padded = any(names.is_call_on_it(node, "pad") for node in nodes)
    return padded and str(axes) in found.groups()


def _reduced(
    nodes: _Nodes, names: Names, found: re.Match[str], axes: int
) -> bool:
    return int(found[1]) == axes and any(map(names.is_call_on_it, nodes))


def _transposed(
    nodes: _Nodes, names: Names, _: re.Match[str], _axes: int
) -> bool:
    return any(names.is_call_on_it(node, "transpose") for node in nodes)


def _beyond(nodes: _Nodes, names: Names, _: re.Match[str], axes: int) -> bool:
    return any(names.is_shape_item(node, axes) for node in nodes)


_COMPLAINTS: Final[tuple[tuple[re.Pattern[str], _IsMeant], ...]] = (
    (
        re.compile(
            r"not enough values to unpack \(expected (\d+), got (\d+)\)"
        ),
        _unpacked,
    ),
    (
        re.compile(
            r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed"
        ),
        _indexed,
    ),
    (
        re.compile(r"\((\d+),\s*2\)\s+and requested shape\s+\((\d+),\s*2\)"),
        _padded,
    ),
    (
        re.compile(r"axis \d+ is out of bounds for array of dimension (\d+)"),
        _reduced,
    ),
    (re.compile("axes don't match array"), _transposed),
    (re.compile("tuple index out of range"), _beyond),
)
"""What exceptions say about axes, and how to find out whether it is about the argument."""


def _path_to(tree: ast.Module, line: int) -> list[ast.stmt]:
    """Return the statements around a line, the outermost first."""
    path: list[ast.stmt] = []
    inner: Sequence[ast.AST] = tree.body
    while inner:
        here = _statement_at(inner, line)
        if here is not None:
            path.append(here)
            inner = _without_expressions(here)
            continue
        # An `except` or a `case` is not a statement, but there are some in it.
        deeper: list[ast.AST] = []
        for node in inner:
            if not isinstance(node, ast.stmt):
                deeper += children(node)
        inner = deeper
    return path


def _statement_at(nodes: Sequence[ast.AST], line: int) -> ast.stmt | None:
    for node in nodes:
        if not isinstance(node, ast.stmt):
            continue
        if node.lineno <= line <= last_line(node):
            return node
    return None


def _without_expressions(node: ast.AST) -> list[ast.AST]:
    return [
        child for child in children(node) if not isinstance(child, ast.expr)
    ]


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """Walk a statement without those inside it."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        yield node
        stack += [
            child for child in children(node) if not isinstance(child, ast.stmt)
        ]
