"""What the text says about the student's function: facts for diagnosis, no sentences."""

import ast
import builtins
import math
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from grader.model import Exercise, NameUse, SourceFacts, Submission
from grader.submission.bindings import Binding
from grader.submission.program import Program, close_to, function_node, read_program
from grader.submission.scope import (
    BUILTINS,
    Function,
    Use,
    bound_in,
    called_name,
    parameters,
    scan,
)

_MODULES = ("numpy", "math", "itertools", "functools", "random", "copy", "time", "sys")
_USUAL_IMPORTS = {
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "pd": "import pandas as pd",
    "sliding_window_view": "from numpy.lib.stride_tricks import sliding_window_view",
    "as_strided": "from numpy.lib.stride_tricks import as_strided",
    **{name: f"import {name}" for name in _MODULES},
}
_RANDOM = {"default_rng", "Generator", "Random", "RandomState", "SystemRandom"}
_REACHED_CAP = 200
_NAMED_CAP = 20
"""Most names that are given of each kind."""


class Reached(msgspec.Struct, frozen=True, eq=False):
    """A function of the student's: the graded one, or one that it reaches."""

    binding: Binding
    node: Function
    uses: tuple[Use, ...]
    """The names that it takes from outside."""


def source_facts(submission: Submission, exercise: Exercise) -> SourceFacts:
    """Collect what the text says about the graded function.

    The facts are empty where the text does not define it.
    """
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
            if found is None or id(found[1]) in seen or len(reached) >= _REACHED_CAP:
                continue
            seen.add(id(found[1]))
            reached.append(Reached(*found, scan(found[1]).uses))
    return reached


def _unread(node: Function) -> tuple[str, ...]:
    """Return the parameters whose values are never loaded."""
    read = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
            read.add(inner.id)
        elif isinstance(inner, ast.AugAssign) and isinstance(inner.target, ast.Name):
            read.add(inner.target.id)
    return tuple(arg.arg for arg in parameters(node) if arg.arg not in read)


def _globals(program: Program, reached: Sequence[Reached]) -> Iterator[NameUse]:
    """Yield the data from outside that the functions load."""
    for here in reached:
        for use in here.uses:
            bindings = program.by_name.get(use.name, ())
            if bindings and all(_is_data(program, binding) for binding in bindings):
                yield NameUse(use.name, use.line, here.binding.cell)


def _is_data(program: Program, binding: Binding) -> bool:
    """Return whether a binding is computed data, and not an alias (`total = np.sum`).

    Nor is a source of random numbers data: nobody takes it for the image.
    """
    base = binding.node
    while isinstance(base, ast.Attribute):
        base = base.value
    if isinstance(base, ast.Name):
        other = program.last(base.id)
        return other is not None and other is not binding and other.kind == "computed"
    if isinstance(base, ast.Call) and called_name(base) in _RANDOM:
        return False
    return binding.kind == "computed"


def _unbound(program: Program, reached: Sequence[Reached]) -> Iterator[NameUse]:
    """Yield the names that nothing binds, each once, with what was probably meant."""
    given = _given(program)
    if given is None:
        return
    for here in reached:
        for use in here.uses:
            if use.name in given or use.name in program.by_name:
                continue
            given.add(use.name)
            meant = _suggestion(use, here.node, program)
            yield NameUse(use.name, use.line, here.binding.cell, meant)


def _given(program: Program) -> set[str] | None:
    """Return the names that are there without a visible binding, or None if it may be any."""
    stars = {binding.origin for binding in program.by_name.get("*", ())}
    if stars - {"numpy.*", "math.*"}:
        return None
    given = set(BUILTINS)
    if "numpy.*" in stars:
        given.update(dir(np))
    if "math.*" in stars:
        given.update(dir(math))
    for _, tree in program.trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Global):
                given.update(node.names)
    return given


def _suggestion(use: Use, user: Function, program: Program) -> str | None:
    if use.name in _USUAL_IMPORTS:
        return _USUAL_IMPORTS[use.name]
    local = close_to(use.name, sorted(bound_in(user)[0]))
    return local or close_to(use.name, [*program.by_name, *dir(builtins)])


def _first_of_each(uses: Iterator[NameUse]) -> tuple[NameUse, ...]:
    found: dict[str, NameUse] = {}
    for use in uses:
        found.setdefault(use.name, use)
        if len(found) >= _NAMED_CAP:
            break
    return tuple(found.values())
