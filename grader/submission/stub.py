"""Whether a submission is still the stub that the student was given."""

import ast
import functools

from grader.model import Exercise, Fault
from grader.submission.alike import same_code, statements
from grader.submission.bindings import Binding
from grader.submission.program import Program
from grader.submission.source import parse
from grader.vocabulary import place, place_first


def unchanged_stub(program: Program, exercise: Exercise) -> Fault | None:
    """Return the fault of a function that is still the stub's, or None.

    Docstring and comments may differ.
    """
    stub = _stub(exercise.stub, exercise.function)
    found = program.graded(exercise.function)
    if stub is None or found is None:
        return None
    binding, node = found
    # The number of statements first: it differs for nearly everybody, and the rest is slow.
    if statements(node) != statements(stub) or not same_code(node, stub):
        return None
    message = f"You have not changed the stub yet: write your code into {exercise.function}."
    own = _written_before(program, binding, node)
    if own is not None:
        here = place_first(node.lineno, binding.cell)
        there = place(own.line, own.cell)
        message += (
            f" {here} defines the empty one, after yours ({there}): "
            "the last one counts, so delete it."
        )
    return Fault(message=message)


def _written_before(
    program: Program, stub: Binding, node: ast.AST
) -> Binding | None:
    """Return the student's own definition, if the stub comes after it."""
    for other in reversed(program.bindings):
        if other.name != stub.name or other.kind != "function" or other is stub:
            continue
        if not same_code(other.node, node):
            return other
    return None


@functools.lru_cache(maxsize=8)
def _stub(source: str, name: str) -> ast.FunctionDef | None:
    tree = parse(source).tree
    for node in reversed(tree.body if tree is not None else []):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node
    return None
