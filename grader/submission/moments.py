"""The moment of an exception: what the names and slices of its line stood for.

A student's process has sent what the names were. Here they meet the text: slices of arrays are
worked out from shapes and whole numbers alone, so nothing of the student's is run for it.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from grader.model import (
    CutOff,
    Moment,
    Outcome,
    Patch,
    Raised,
    Rebound,
    Submission,
    Variable,
)
from grader.submission.nodes import children, last_line, walk
from grader.submission.program import Program, read_program
from grader.submission.scope import FUNCTIONS, Function, parameters
from grader.submission.shapes import Shapes
from grader.untrusted import one_line

_SHOWN = 8
_LONGEST = 60
_NODES = 2000
_PLAIN_DTYPES = ("float", "int", "uint", "bool", "complex")


def with_moments(
    outcomes: Sequence[Outcome], submission: Submission
) -> tuple[Outcome, ...]:
    """Return the outcomes; an exception has beside it what its line's names stood for."""
    known: dict[Raised, Raised] = {}
    found = []
    for outcome in outcomes:
        raised = outcome.raised
        if raised is None or raised.line is None or not raised.variables:
            found.append(outcome)
            continue
        if raised not in known:
            program = read_program(submission.units)
            known[raised] = _with_moment(raised, program)
        found.append(msgspec.structs.replace(outcome, raised=known[raised]))
    return tuple(found)


def _with_moment(raised: Raised, program: Program) -> Raised:
    for cell, parsed in program.units:
        if cell == raised.cell and parsed.tree is not None:
            line = _Line(parsed.tree, raised.line or 0)
            moment = _Moment(line, parsed.source, raised.variables)
            return msgspec.structs.replace(
                raised,
                moment=moment.shown(),
                cut_off=moment.cut_off,
                patch=moment.patch,
                rebound=moment.rebound(cell),
            )
    return raised


class _Line:
    """The innermost statement at a line, and the innermost function around it."""

    def __init__(self, tree: ast.Module, line: int) -> None:
        self.number = line
        self.statement: ast.AST | None = None
        self.function: Function | None = None
        node: ast.AST | None = tree
        while node is not None:
            self.statement = node if node is not tree else None
            if isinstance(node, FUNCTIONS):
                self.function = node
            node = _at(line, _statements(node))

    def nodes(self) -> Iterator[ast.AST]:
        """Yield the nodes of the statement, without those of the statements inside it."""
        if self.statement is None:
            return
        stack = [self.statement]
        for _ in range(_NODES):
            if not stack:
                return
            node = stack.pop()
            yield node
            inner = [
                each
                for each in children(node)
                if not isinstance(each, ast.stmt)
            ]
            stack += reversed(inner)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements directly inside one: those of `except` and `case` too."""
    for inner in children(node):
        if isinstance(inner, ast.stmt):
            yield inner
        elif isinstance(inner, ast.excepthandler | ast.match_case):
            yield from _statements(inner)


def _at(line: int, statements: Iterator[ast.AST]) -> ast.AST | None:
    for each in statements:
        if not isinstance(each, ast.stmt):
            continue
        if each.lineno <= line <= last_line(each):
            return each
    return None


class _Moment:
    """What stands in a line, beside what its names stood for."""

    def __init__(
        self, line: _Line, source: str, variables: Sequence[Variable]
    ) -> None:
        self._line = line
        self._source = source
        self._values: Mapping[str, Variable] = {
            each.name: each for each in variables
        }
        self._shapes = Shapes(self._values)
        self._values_told: dict[str, Moment] = {}
        self._things: dict[str, Moment] = {}
        self._told: set[int] = set()
        self.cut_off: CutOff | None = None
        self.patch: Patch | None = None
        for node in line.nodes():
            if isinstance(node, ast.Subscript):
                self._see_slice(node)
            elif isinstance(node, ast.Name) and id(node) not in self._told:
                self._see_name(node)

    def shown(self) -> tuple[Moment, ...]:
        """Return numbers first, then what has a shape or a length."""
        both = [*self._values_told.values(), *self._things.values()]
        return tuple(both[:_SHOWN])

    def _see_slice(self, node: ast.Subscript) -> None:
        if id(node) in self._told:
            return
        shape = self._shapes.of(node)
        text = self._text(node)
        if shape is None or text is None:
            return
        if shape:  # a single value is not shown, nor what it is taken from
            self._things[text] = Moment(text, str(shape), "shape")
        inner: ast.AST = node.value
        self._told.add(id(inner))
        while isinstance(inner, ast.Subscript | ast.Attribute):
            inner = inner.value
            self._told.add(id(inner))
        cut = self._shapes.cut_off(node)
        if cut is not None and self.cut_off is None:
            self.cut_off = msgspec.structs.replace(cut, expression=text)
            self.patch = self._shapes.patch(node)
        elif self.patch is None:
            self.patch = self._shapes.patch(node)

    def _see_name(self, node: ast.Name) -> None:
        value = self._values.get(node.id)
        if value is None or isinstance(node.ctx, ast.Del):
            return
        if isinstance(node.ctx, ast.Store) and not isinstance(
            self._line.statement, ast.AugAssign
        ):
            return
        told = _described(value)
        by_name = self._values_told if told.kind == "value" else self._things
        by_name[node.id] = told

    def _text(self, node: ast.Subscript) -> str | None:
        """Return an expression as it is written, if it is short and on one line."""
        if last_line(node) != node.lineno:
            return None
        lines = self._source.split("\n")
        if node.lineno > len(lines):
            return None
        line = lines[node.lineno - 1].encode("utf-8")
        text = line[node.col_offset : node.end_col_offset].decode(
            "utf-8", "replace"
        )
        return one_line(text) if len(text) <= _LONGEST else None

    def rebound(self, cell: int | None) -> Rebound | None:
        """Return a parameter in the line that a loop has bound to what is not an array."""
        function = self._line.function
        if function is None:
            return None
        own = {each.arg for each in parameters(function)}
        used = {
            node.id
            for node in self._line.nodes()
            if isinstance(node, ast.Name)
            and node.id in own
            and node.id in self._values
            and self._values[node.id].dtype is None
        }
        if not used:
            return None
        for node in walk(function):
            if not isinstance(node, ast.For | ast.AsyncFor):
                continue
            for target in walk(node.target):
                before = node.lineno <= self._line.number
                if (
                    isinstance(target, ast.Name)
                    and before
                    and target.id in used
                ):
                    return Rebound(target.id, node.lineno, cell)
        return None


def _described(value: Variable) -> Moment:
    name, shape = value.name, value.shape
    if value.text is not None:
        return Moment(name, value.text, "value")
    if shape is None:
        return Moment(name, value.type, "thing")
    if value.dtype is None:
        return Moment(name, f"{value.type} of {sum(shape[:1])}", "thing")
    plain = value.dtype.startswith(_PLAIN_DTYPES)
    dtype = "" if plain else f" of dtype {value.dtype}"
    return Moment(name, f"{shape}{dtype}", "shape")
