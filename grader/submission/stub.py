"""Whether a submission is still the stub that the student was given."""

import ast
import functools

from grader.model import Exercise, Fault
from grader.submission.alike import same_code, statements
from grader.submission.bindings import Binding
from grader.submission.missing import joined
from grader.submission.program import Program
from grader.submission.source import parse
from grader.vocabulary import place, place_first


def unchanged_stub(program: Program, exercise: Exercise) -> Fault | None:
    """Return the fault of a submission that has nothing but the stub's own, or None.

    Docstring and comments may differ. If one of several functions is written, it is graded.
    """
    names = [target.name for target in exercise.targets]
    empty = None
    for name in names or [exercise.function]:
        stub = _stub(exercise.stub, name)
        found = _defined(program, name)
        if found is None:
            continue
        binding, node = found
        # The number of statements first: it differs for nearly everybody, and the rest is slow.
        if (
            stub is None
            or statements(node) != statements(stub)
            or not same_code(node, stub)
        ):
            return None
        empty = empty or found
    if empty is None:
        return None
    binding, node = empty
    asked = joined(names or [exercise.function])
    message = (
        f"You have not changed the stub yet: write your code into {asked}."
    )
    own = _written_before(program, binding, node)
    if own is not None:
        here = place_first(binding.line, binding.cell)
        there = place(own.line, own.cell)
        message += (
            f" {here} defines the empty one, after yours ({there}): "
            "the last one counts, so delete it."
        )
    return Fault(message=message)


def _defined(program: Program, name: str) -> tuple[Binding, ast.AST] | None:
    """Return the function or the class that is graded."""
    found = program.graded(name)
    if found is not None:
        return found
    last = program.last(name)
    return (last, last.node) if last and last.kind == "class" else None


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


@functools.lru_cache(maxsize=32)
def _stub(source: str, name: str) -> ast.FunctionDef | ast.ClassDef | None:
    tree = parse(source).tree
    for node in reversed(tree.body if tree is not None else []):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if node.name == name:
            return node
    return None
