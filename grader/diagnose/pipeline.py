"""Find the smallest combination of misconceptions that gives what a student's function gave.

The combinations of a real catalogue are some hundred thousand, and a class has thousands of wrong
answers, so nothing is computed that a cheaper look excludes:

1. Combinations are tried by the number of their misconceptions, and the search ends with the first
   number that has a match. Real answers combine one to three.
2. The plans of a combination are indexed by the shape of the result, which is known before any
   number is (`plans`).
3. A plan that leaves cells at 0 is out where the student's value is another.
4. What is left is computed for the first failed trial alone, and compared in a few cells, all plans
   at once, with every chain of what may have been done to the values afterwards (`sampling`).
5. Only what survives is computed for all trials, those that passed included, and compared in full.

Two different sets of the smallest size explain nothing: then there is no hint.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.diagnose.catalogue import Catalogue, Observed, Shared, id_of
from grader.diagnose.plans import (
    MOST,
    MOST_SHAPING,
    Alternative,
    Grid,
    Parts,
    Shaped,
    values_after,
)
from grader.diagnose.sampling import NUDGE, Hit, Search, nudged, tolerance_of
from grader.model import Array


class Pipeline(Catalogue):
    """A catalogue that computes its wrong answers; safe to share between threads."""

    def __init__(
        self, texts: dict[str, str], evidence: dict[str, str], parts: Parts
    ) -> None:
        super().__init__(texts, evidence)
        self.parts = parts
        self._listed = evidence.get("returned a list")
        self._grid = Grid(parts)

    def explain(
        self, observed: Sequence[Observed], shared: Shared | None = None
    ) -> frozenset[str] | None:
        """Give the smallest set of misconceptions that gives all these values, and the only one of its size."""
        if not observed:
            return None
        with np.errstate(all="ignore"):
            search = self._search(observed, shared)
            return first_found(
                MOST,
                lambda size, scaled: self._found(search, observed, size, scaled=scaled),
            )

    def explain_constant(
        self, observed: Sequence[Observed], argument: int
    ) -> frozenset[str] | None:
        """Explain values in which one argument was replaced by some constant, linear in it: what else is wrong.

        The constant is solved for in the first failed trial and has to hold in all others.
        """
        with np.errstate(all="ignore"):
            search = self._search(observed, None)
            for size in range(MOST_SHAPING):
                found = set()
                for shaped in search.shaped(size):
                    constant = self._solve(search, shaped, argument)
                    if constant is not None and self._holds(
                        observed, shaped, argument, constant
                    ):
                        found.add(frozenset(map(id_of, shaped.steps)))
                if found:
                    return _the_smallest(found)
        return None

    def base(
        self,
        steps: Sequence[Alternative],
        args: Sequence[Array],
        memory: dict[Any, Any],
    ) -> Array | None:
        """Compute what these choices from SHAPING and NUMBERS give, in their order; None where they do not go together.

        `memory` is a dict for what answers to the same arguments share.
        """
        plan = self._grid.plan(steps, tuple(array.shape for array in args))
        return None if plan is None else self._grid.finish(plan, args, memory)

    # -------------------------------------------------------------------------------------------------------- matching

    def _search(self, observed: Sequence[Observed], shared: Shared | None) -> Search:
        first = next((each for each in observed if each.failed), observed[0])
        shared = {} if shared is None else shared
        if id(first) not in shared:
            shared[id(first)] = Search(self._grid, first)
        search: Search = shared[id(first)]
        return search

    def _found(
        self, search: Search, observed: Sequence[Observed], size: int, *, scaled: bool
    ) -> set[frozenset[str]]:
        # A flat list may be explained as a list; a flat array, which has the same values, may not.
        listed = all(each.listed for each in observed)
        return {
            hit.ids
            for hit in search.hits(size, scaled=scaled)
            if (listed or self._listed not in hit.ids)
            and all(self._gives(search, each, hit) for each in observed)
        }

    def _gives(self, search: Search, each: Observed, hit: Hit) -> bool:
        base = self.base(
            (*hit.row.shaping, *hit.row.numbers), each.args, search.memory(each)
        )
        if base is None or base.shape != each.shape:
            return False
        near = np.zeros(each.shape, bool)
        target = each.values.reshape(each.shape)
        limit = tolerance_of(each.values)
        for nudge in (0.0, NUDGE, -NUDGE) if hit.chain else (0.0,):
            values = values_after(nudged(base, nudge), hit.chain, each.args)
            if values is None or (values.dtype == np.uint8) != each.byte:
                return False
            near |= np.abs(values.astype(np.float64) * hit.factor - target) <= limit
            if near.all():
                return True
        return False

    # --------------------------------------------------------------------------------------- an argument not looked at

    def _solve(self, search: Search, shaped: Shaped, argument: int) -> Array | None:
        """Find the constant that, put in for an argument, gives the first failed trial's values; None if none does."""
        each = search.first
        shape = each.shapes[argument]
        columns = []
        for index in range(int(np.prod(shape))):
            unit = np.zeros(shape)
            unit.flat[index] = 1.0
            values = self._grid.finish(
                shaped.plan, _with(each.args, argument, unit), {}
            )
            if values is None or values.shape != each.shape:
                return None
            columns.append(values.ravel().astype(np.float64))
        matrix = np.stack(columns, axis=1)
        if len(matrix) <= matrix.shape[1] or not np.isfinite(each.values).all():
            # As many unknowns as values: some constant would always fit.
            return None
        solution = np.linalg.lstsq(matrix, each.values, rcond=None)[0]
        near = np.abs(matrix @ solution - each.values) <= search.tolerance
        return solution.reshape(shape) if near.all() else None

    def _holds(
        self,
        observed: Sequence[Observed],
        shaped: Shaped,
        argument: int,
        constant: Array,
    ) -> bool:
        for each in observed:
            values = self.base(shaped.steps, _with(each.args, argument, constant), {})
            if values is None or values.shape != each.shape:
                return False
            if not (
                np.abs(values.ravel() - each.values) <= tolerance_of(each.values)
            ).all():
                return False
        return True


def first_found(
    most: int, find: Callable[[int, bool], set[frozenset[str]]]
) -> frozenset[str] | None:
    """Ask for sets of no misconception, of one, and so on to `most`; the first that are found decide.

    `find` takes their size and whether one is a constant factor. Where two sets are the smallest,
    there is none.
    """
    for size in range(most + 1):
        # A factor that was found in the values proves less than a combination that needs none.
        for scaled in (False, True):
            found = find(size, scaled)
            if found:
                return _the_smallest(found)
    return None


def _the_smallest(found: set[frozenset[str]]) -> frozenset[str] | None:
    smallest = min(map(len, found))
    best = [ids for ids in found if len(ids) == smallest]
    return best[0] if len(best) == 1 else None


def _with(args: tuple[Array, ...], index: int, value: Array) -> tuple[Array, ...]:
    return (*args[:index], value, *args[index + 1 :])
