"""Whether a submission is still the stub that the student was given."""

import ast
import functools

from grader.model import Exercise, Fault
from grader.submission.alike import serial, statements
from grader.submission.bindings import Binding
from grader.submission.program import Program, function_node
from grader.submission.source import parse
from grader.vocabulary import place, place_first


def unchanged_stub(program: Program, exercise: Exercise) -> Fault | None:
    """Return the fault of a function that is still the stub's, or None.

    Docstring and comments may differ.
    """
    stub = _stub(exercise.stub, exercise.function)
    found = function_node(program, exercise.function)
    if stub is None or found is None:
        return None
    binding, node = found
    # The number of statements first: it differs for nearly everybody, and the rest is slow.
    if statements(node) != statements(stub) or serial([node]) != serial([stub]):
        return None
    message = (
        f"You have not changed the stub yet: write your code into {exercise.function}."
    )
    own = _written_before(program, binding, node)
    if own is not None:
        here = place_first(node.lineno, binding.cell)
        there = place(own.line, own.cell)
        message += (
            f" {here} defines the empty one, after yours ({there}): "
            "the last one counts, so delete it."
        )
    return Fault(message=message)


def _written_before(program: Program, stub: Binding, node: ast.AST) -> Binding | None:
    """Return the student's own definition, if the stub comes after it."""
    empty = serial([node])
    found = None
    for other in program.bindings:
        if other.name != stub.name or other.kind != "function" or other is stub:
            continue
        if serial([other.node]) != empty:
            found = other
    return found


@functools.lru_cache(maxsize=8)
def _stub(source: str, name: str) -> ast.FunctionDef | None:
    tree = parse(source)
    nodes = tree.body if isinstance(tree, ast.Module) else []
    for node in reversed(nodes):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node
    return None
