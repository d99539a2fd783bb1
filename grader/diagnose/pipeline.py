"""Find the smallest combination of misconceptions that gives what a student's function gave.

A real catalogue has some hundred thousand combinations, and a class hands in thousands of wrong
answers. So nothing is computed that a cheaper look rules out:

1. Combinations are tried by size, and the search ends at the first size that has a match. Real
   answers combine one to three misconceptions.
2. The plans of combinations are indexed by the shape of the result, which is known before any
   number is (`plans`).
3. A plan that leaves cells at 0 is out if the student's value there is another.
4. The plans that are left are computed for the first failed trial alone, and compared in a few
   cells: all plans at once, with every chain of what may have been done to the values afterwards
   (`sampling`).
5. Only the survivors are computed for all trials, those that passed included, and compared in full.

If two different sets have the smallest size, neither is an explanation, and there is no hint.
"""

from collections.abc import Callable, Sequence

import numpy as np

from grader.diagnose.answers import given_by
from grader.diagnose.catalogue import (
    Catalogue,
    Causes,
    Observed,
    Shared,
    id_of,
)
from grader.diagnose.plans import (
    MOST,
    MOST_SHAPING,
    Alternative,
    Grid,
    Memory,
    Parts,
    Shaped,
    values_after,
)
from grader.diagnose.sampling import NUDGES, Hit, Search, nudged, tolerance_of
from grader.model import Array, Finding


class Pipeline(Catalogue):
    """A catalogue that computes its wrong answers; safe to share between threads."""

    def __init__(
        self,
        texts: dict[str, str],
        evidence: dict[str, str],
        parts: Parts,
        answers: Sequence[Alternative] = (),
        causes: Causes | None = None,
    ) -> None:
        super().__init__(texts, evidence, causes)
        self.parts = parts
        self.answers = {answer: id_of(answer) for answer in answers}
        self._listed = evidence.get("returned a list")
        self._grid = Grid(parts)

    def explain(
        self, observed: Sequence[Observed], shared: Shared | None = None
    ) -> frozenset[str] | None:
        """Return the smallest set of misconceptions that gives all these values.

        None means that nothing explains them, or that several sets of that size do.
        """
        with np.errstate(all="ignore"):
            search = self._search(observed, shared)

            def find(size: int, scaled: bool) -> set[frozenset[str]]:
                hits = search.hits(size, scaled=scaled)
                return self._confirmed(hits, search, observed)

            return first_found(MOST, find)

    def answer(self, findings: Sequence[Finding]) -> frozenset[str] | None:
        """Return the one complete wrong answer that gives all that came back, exceptions too."""
        return given_by(self.answers, findings)

    def explain_constant(
        self, observed: Sequence[Observed], argument: int
    ) -> frozenset[str] | None:
        """Explain values in which some constant has taken the place of one argument.

        The answer must be linear in that argument. The constant is solved for in the first failed
        trial, and has to hold in all others. Return what else is wrong.
        """
        with np.errstate(all="ignore"):
            search = self._search(observed, None)
            for size in range(MOST_SHAPING):
                found = set()
                for shaped in search.shaped(size):
                    constant = self._solve(search, shaped, argument)
                    if constant is None:
                        continue
                    if self._holds(observed, shaped, argument, constant):
                        found.add(frozenset(map(id_of, shaped.steps)))
                if found:
                    return _the_smallest(found)
        return None

    def base(
        self,
        steps: Sequence[Alternative],
        args: Sequence[Array],
        memory: Memory,
    ) -> Array | None:
        """Compute what these choices from SHAPING and NUMBERS give, before VALUES.

        None if they do not go together.
        """
        plan = self._grid.plan(steps, tuple(array.shape for array in args))
        return None if plan is None else self._grid.finish(plan, args, memory)

    # ---- Matching

    def _search(
        self, observed: Sequence[Observed], shared: Shared | None
    ) -> Search:
        first = next((each for each in observed if each.failed), observed[0])
        shared = {} if shared is None else shared
        if id(first) not in shared:
            shared[id(first)] = Search(self._grid, first)
        search: Search = shared[id(first)]
        return search

    def _confirmed(
        self, hits: Sequence[Hit], search: Search, observed: Sequence[Observed]
    ) -> set[frozenset[str]]:
        """Compare candidates with all results in full."""
        # A flat list can be explained as a list. A flat array has the same values, but is none.
        listed = all(each.listed for each in observed)
        found = set()
        for hit in hits:
            if self._listed in hit.ids and not listed:
                continue
            if all(self._gives(search, each, hit) for each in observed):
                found.add(hit.ids)
        return found

    def _gives(
        self,
        search: Search,
        each: Observed,
        hit: Hit,
    ) -> bool:
        steps = (*hit.row.shaping, *hit.row.numbers)
        base = self.base(steps, each.args, search.memory(each))
        if base is None or base.shape != each.shape:
            return False
        near: Array | bool = False
        target = each.values.reshape(each.shape)
        tolerance = tolerance_of(each.values)
        for nudge in NUDGES if hit.chain else (0.0,):
            values = values_after(nudged(base, nudge), hit.chain, each.args)
            if values is None or (values.dtype == np.uint8) != each.byte:
                return False
            scaled = values.astype(np.float64, copy=False) * hit.factor
            near = near | (np.abs(scaled - target) <= tolerance)
            if near.all():
                return True
        return False

    # ---- An ignored argument

    def _solve(
        self, search: Search, shaped: Shaped, argument: int
    ) -> Array | None:
        """Find the constant that gives the first failed trial's values in place of an argument."""
        first = search.first
        shape = first.shapes[argument]
        columns = []
        for index in range(int(np.prod(shape))):
            unit = np.zeros(shape)
            unit.flat[index] = 1.0
            args = _replaced(first.args, argument, unit)
            values = self._grid.finish(shaped.plan, args, {})
            if values is None or values.shape != first.shape:
                return None
            columns.append(values.ravel().astype(np.float64))
        matrix = np.stack(columns, axis=1)
        equations, unknowns = matrix.shape
        if equations <= unknowns or not np.isfinite(first.values).all():
            # With as many unknowns as equations, some constant would always fit.
            return None
        solution = np.linalg.lstsq(matrix, first.values, rcond=None)[0]
        near = np.abs(matrix @ solution - first.values) <= search.tolerance
        return solution.reshape(shape) if near.all() else None

    def _holds(
        self,
        observed: Sequence[Observed],
        shaped: Shaped,
        argument: int,
        constant: Array,
    ) -> bool:
        for each in observed:
            args = _replaced(each.args, argument, constant)
            values = self.base(shaped.steps, args, {})
            if values is None or values.shape != each.shape:
                return False
            errors = np.abs(values.ravel() - each.values)
            if not (errors <= tolerance_of(each.values)).all():
                return False
        return True


def first_found(
    most: int, find: Callable[[int, bool], set[frozenset[str]]]
) -> frozenset[str] | None:
    """Look for sets of no misconception, of one, and so on up to `most`; the first found decide.

    `find` takes the size of the sets, and whether one of them is a constant factor. None if
    nothing is found, or if two of the sets found are the smallest.
    """
    for size in range(most + 1):
        # A factor is read off the values, so it proves less than a combination without one.
        for scaled in (False, True):
            found = find(size, scaled)
            if found:
                return _the_smallest(found)
    return None


def _the_smallest(found: set[frozenset[str]]) -> frozenset[str] | None:
    size = min(map(len, found))
    smallest = [ids for ids in found if len(ids) == size]
    return smallest[0] if len(smallest) == 1 else None


def _replaced(
    args: tuple[Array, ...], index: int, value: Array
) -> tuple[Array, ...]:
    return (*args[:index], value, *args[index + 1 :])
