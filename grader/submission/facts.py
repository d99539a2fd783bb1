"""What the text says about the student's function: facts for diagnosis, no sentences."""

import ast
import builtins
import itertools
import math
from collections.abc import Iterator

import msgspec
import numpy as np

from grader.model import Exercise, NameUse, SourceFacts, Submission
from grader.submission.bindings import Binding, stored_by
from grader.submission.budget import FACTS_STEPS, Budget, TooComplicated
from grader.submission.nodes import walk
from grader.submission.program import Program, read_program
from grader.submission.scope import (
    BUILTINS,
    Function,
    Use,
    bound_in,
    called_name,
    parameters,
    scan,
)
from grader.submission.spelling import Spelling

_MODULES = (
    "numpy",
    "math",
    "itertools",
    "functools",
    "random",
    "copy",
    "time",
    "sys",
)
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


Definition = Function | ast.ClassDef


class Reached(msgspec.Struct, frozen=True, eq=False):
    """A function of the student's: the graded one, or one that it reaches."""

    binding: Binding
    node: Definition
    uses: tuple[Use, ...]
    """The names that it takes from outside, each once and where it comes first."""


def source_facts(
    submission: Submission,
    exercise: Exercise,
    name: str | None = None,
) -> SourceFacts:
    """Collect what the text says about a function or a class that is graded: by default the first.

    The facts are empty where the text does not define it, or is too complicated to analyse.
    """
    program = read_program(submission.units)
    found = _definition(program, name or exercise.function)
    if found is None:
        return SourceFacts()
    binding, node = found
    try:
        facts = _Facts(program, binding, node)
        unbound = _first_of_each(facts.unbound())
        return SourceFacts(
            line=node.lineno,
            cell=binding.cell,
            parameters=tuple(_parameter_names(node)),
            unread_parameters=facts.unread(),
            reads_globals=_first_of_each(facts.globals()),
            unbound=unbound,
            bound_inside=facts.bound_inside({use.name for use in unbound}),
        )
    except TooComplicated:
        return SourceFacts()


def _definition(
    program: Program, name: str
) -> tuple[Binding, Definition] | None:
    found = program.graded(name)
    last = program.last(name)
    if found is None and last and isinstance(last.node, ast.ClassDef):
        return last, last.node
    return found


def _parameter_names(node: Definition) -> Iterator[str]:
    """Yield the names of a function's parameters; a class has its methods' alone."""
    if not isinstance(node, ast.ClassDef):
        yield from (arg.arg for arg in parameters(node))


class _Facts:
    """Looks at the graded function and at what it reaches, within one budget."""

    def __init__(
        self, program: Program, binding: Binding, node: Definition
    ) -> None:
        self._program = program
        self._node = node
        self._budget = Budget(FACTS_STEPS)
        self._spelling = Spelling()
        self._reached = [self._reach(binding, node)]
        seen = {id(node)}
        for here in self._reached:
            for use in here.uses:
                found = program.function(use.name)
                if found is None or id(found[1]) in seen:
                    continue
                if len(self._reached) >= _REACHED_CAP:
                    return
                seen.add(id(found[1]))
                self._reached.append(self._reach(*found))

    def _reach(self, binding: Binding, node: Definition) -> Reached:
        first: dict[str, Use] = {}
        for use in scan(node, self._budget).uses:
            first.setdefault(use.name, use)
        return Reached(binding, node, tuple(first.values()))

    def unread(self) -> tuple[str, ...]:
        """Return the parameters whose values are never loaded."""
        read = set()
        for inner in walk(self._node):
            self._budget.spend()
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
                read.add(inner.id)
            elif isinstance(inner, ast.AugAssign):
                read.update(stored_by(inner.target))
        names = _parameter_names(self._node)
        return tuple(name for name in names if name not in read)

    def globals(self) -> Iterator[NameUse]:
        """Yield the data from outside that the functions load."""
        for here in self._reached:
            for use in here.uses:
                if self._is_data(use.name):
                    yield NameUse(use.name, use.line, here.binding.cell)

    def _is_data(self, name: str) -> bool:
        bindings = self._program.by_name.get(name, ())
        self._budget.spend(len(bindings))
        return bool(bindings) and all(map(self._binds_data, bindings))

    def _binds_data(self, binding: Binding) -> bool:
        """Return whether a binding is computed data, and not an alias (`total = np.sum`).

        Nor is a source of random numbers data: nobody takes it for an argument.
        """
        base = binding.node
        while isinstance(base, ast.Attribute):
            base = base.value
        if isinstance(base, ast.Name):
            other = self._program.last(base.id)
            if other is None or other is binding:
                return False
            return other.kind == "computed"
        if isinstance(base, ast.Call) and called_name(base) in _RANDOM:
            return False
        return binding.kind == "computed"

    def unbound(self) -> Iterator[NameUse]:
        """Yield the names that nothing binds, each once, with what was probably meant."""
        given = self._given()
        if given is None:
            return
        for here in self._reached:
            for use in here.uses:
                if use.name in given or use.name in self._program.by_name:
                    continue
                given.add(use.name)
                meant = self._meant(use.name, here.node)
                yield NameUse(use.name, use.line, here.binding.cell, meant)

    def bound_inside(self, names: set[str]) -> frozenset[str]:
        """Return which of these names are bound anywhere: in a function, in a comprehension."""
        found = set()
        for _, tree in self._program.trees() if names else ():
            for node in walk(tree):
                if isinstance(node, ast.arg):
                    found.add(node.arg)
                elif isinstance(node, ast.Name) and isinstance(
                    node.ctx, ast.Store
                ):
                    found.add(node.id)
        return frozenset(names & found)

    def _given(self) -> set[str] | None:
        """Return the names that are there without a visible binding, or None if it may be any."""
        stars = {
            binding.origin for binding in self._program.by_name.get("*", ())
        }
        if stars - {"numpy.*", "math.*"}:
            return None
        given = set(BUILTINS)
        if "numpy.*" in stars:
            given.update(dir(np))
        if "math.*" in stars:
            given.update(dir(math))
        for _, tree in self._program.trees():
            for node in walk(tree):
                if isinstance(node, ast.Global):
                    given.update(node.names)
        return given

    def _meant(self, name: str, user: Definition) -> str | None:
        if name in _USUAL_IMPORTS:
            return _USUAL_IMPORTS[name]
        own, _ = bound_in(user, self._budget)
        local = self._spelling.close_to(name, sorted(own))
        if local is not None:
            return local
        everywhere = itertools.chain(self._program.by_name, dir(builtins))
        return self._spelling.close_to(name, everywhere)


def _first_of_each(uses: Iterator[NameUse]) -> tuple[NameUse, ...]:
    found: dict[str, NameUse] = {}
    for use in uses:
        found.setdefault(use.name, use)
        if len(found) >= _NAMED_CAP:
            break
    return tuple(found.values())
