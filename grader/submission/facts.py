"""What the text says about the student's function: facts for diagnosis, no sentences. Pure and total."""

import ast
import builtins
import math
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from grader.model import Exercise, NameUse, SourceFacts, Submission
from grader.submission.bindings import Binding
from grader.submission.program import Program, close_to, function_node, read_program
from grader.submission.scope import BUILTINS, Function, Use, bound_in, parameters, scan

_USUAL_IMPORTS = {
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "pd": "import pandas as pd",
    "sliding_window_view": "from numpy.lib.stride_tricks import sliding_window_view",
    "as_strided": "from numpy.lib.stride_tricks import as_strided",
    **{
        name: f"import {name}"
        for name in (
            "numpy",
            "math",
            "itertools",
            "functools",
            "random",
            "copy",
            "time",
            "sys",
        )
    },
}
_RANDOM = {"default_rng", "Generator", "Random", "RandomState", "SystemRandom"}
_REACHED_CAP = 200
_NAMED_CAP = 20


class Reached(msgspec.Struct, frozen=True, eq=False):
    """A function of the student's that the graded one reaches (or is)."""

    binding: Binding
    node: Function
    uses: tuple[Use, ...]
    """The names that it takes from outside."""


def source_facts(submission: Submission, exercise: Exercise) -> SourceFacts:
    """Collect what the text says about the function that is graded; empty where the text does not define it."""
    program = read_program(submission.units)
    found = function_node(program, exercise.function)
    if found is None:
        return SourceFacts()
    binding, node = found
    reached = _reached(program, binding, node)
    return SourceFacts(
        line=node.lineno,
        cell=binding.cell,
        parameters=tuple(arg.arg for arg in parameters(node)),
        unread_parameters=_unread(node),
        reads_globals=_first_of_each(_globals(program, reached)),
        unbound=_first_of_each(_unbound(program, reached)),
    )


def _reached(program: Program, binding: Binding, node: Function) -> list[Reached]:
    reached = [Reached(binding, node, scan(node).uses)]
    seen = {id(node)}
    for here in reached:
        for use in here.uses:
            found = function_node(program, use.name)
            if (
                found is not None
                and id(found[1]) not in seen
                and len(reached) < _REACHED_CAP
            ):
                seen.add(id(found[1]))
                reached.append(Reached(*found, scan(found[1]).uses))
    return reached


def _unread(node: Function) -> tuple[str, ...]:
    read = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
            read.add(inner.id)
        elif isinstance(inner, ast.AugAssign) and isinstance(inner.target, ast.Name):
            read.add(inner.target.id)
    return tuple(arg.arg for arg in parameters(node) if arg.arg not in read)


def _globals(program: Program, reached: Sequence[Reached]) -> Iterator[NameUse]:
    for here in reached:
        for use in here.uses:
            bindings = program.by_name.get(use.name, ())
            if bindings and all(_is_data(program, binding) for binding in bindings):
                yield NameUse(use.name, use.line, here.binding.cell)


def _is_data(program: Program, binding: Binding) -> bool:
    """Tell data that was computed from other names for a function, a class or a module (`total = np.sum`).

    A source of random numbers is none either: whoever uses one does not take it for the image.
    """
    base = binding.node
    while isinstance(base, ast.Attribute):
        base = base.value
    if isinstance(base, ast.Call):
        called = (
            base.func.attr
            if isinstance(base.func, ast.Attribute)
            else getattr(base.func, "id", "")
        )
        return binding.kind == "computed" and called not in _RANDOM
    if isinstance(base, ast.Name):
        other = program.last(base.id)
        return other is not None and other is not binding and other.kind == "computed"
    return binding.kind == "computed"


def _unbound(program: Program, reached: Sequence[Reached]) -> Iterator[NameUse]:
    stars = {binding.origin for binding in program.by_name.get("*", ())}
    if stars - {"numpy.*", "math.*"}:
        return  # it may bind anything
    given = set(BUILTINS)
    given |= set(dir(np)) if "numpy.*" in stars else set()
    given |= set(dir(math)) if "math.*" in stars else set()
    for _, tree in program.trees():
        given |= {
            name
            for node in ast.walk(tree)
            if isinstance(node, ast.Global)
            for name in node.names
        }
    for here in reached:
        for use in here.uses:
            if use.name not in given and use.name not in program.by_name:
                given.add(use.name)
                yield NameUse(
                    use.name,
                    use.line,
                    here.binding.cell,
                    _suggestion(use, here.node, program),
                )


def _suggestion(use: Use, user: Function, program: Program) -> str | None:
    if use.name in _USUAL_IMPORTS:
        return _USUAL_IMPORTS[use.name]
    return close_to(use.name, sorted(bound_in(user)[0])) or close_to(
        use.name, [*program.by_name, *dir(builtins)]
    )


def _first_of_each(uses: Iterator[NameUse]) -> tuple[NameUse, ...]:
    found: dict[str, NameUse] = {}
    for use in uses:
        found.setdefault(use.name, use)
        if len(found) >= _NAMED_CAP:
            break
    return tuple(found.values())
