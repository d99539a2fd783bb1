"""Find the smallest combination of misconceptions that gives what a student's function gave.

The combinations of a real catalogue are some hundred thousand, and a class has thousands of wrong answers, so nothing
is computed that a cheaper look excludes:

1. Combinations are tried by the number of their misconceptions, and the search ends with the first number that has a
   match. Real answers combine one to three.
2. The plans of a combination are indexed by the shape of the result, which is known before any number is (`plans`).
3. A plan that leaves cells at 0 is out where the student's value is another.
4. What is left is computed for the first failed trial alone, and compared in a few cells, all plans at once, with every
   chain of what may have been done to the values afterwards.
5. Only what survives is computed for all trials, those that passed included, and compared in full.

Two different sets of the smallest size explain nothing: then there is no hint.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from grader.diagnose.catalogue import Catalogue, Observed, Shared, id_of
from grader.diagnose.plans import (
    MOST,
    MOST_NUMBERS,
    MOST_SHAPING,
    MOST_VALUES,
    Alternative,
    Index,
    Parts,
    Plan,
    Shaped,
    Shapes,
    Steps,
    attempt,
    choices,
    fold,
    splits,
)
from grader.model import Array

SAMPLE: Final = 12
"""Cells of the first look."""
RTOL: Final = 1e-5
"""Of the greatest value: diagnosis must tell wrong answers apart even where all values are tiny."""
NUDGE: Final = 1e-9
"""A value this close to a whole number, in proportion, may be truncated either way."""


class Row(NamedTuple):
    """A plan that is complete but for what is done to the values."""

    shaping: Steps
    numbers: Steps


class Hit(NamedTuple):
    """What agrees with the first failed trial in the cells of the first look."""

    row: Row
    chain: Steps
    factor: float
    ids: frozenset[str]


class Search:
    """What has been computed to explain the first failed trial: kept, since several explanations may start there."""

    def __init__(self, first: Observed) -> None:
        self.first = first
        self.cells = _sample(first.values)
        self.target = first.values[self.cells]
        self.tolerance = tolerance_of(first.values)
        self.last: set[Alternative] = set()
        """The members of VALUES that may have come last."""
        self.stepping: set[Alternative] = set()
        """Those that give the same for numbers that differ a little, as truncation does."""
        self.shaped: dict[int, list[Shaped]] = {}
        self.rows: dict[tuple[int, int], tuple[list[Row], Array]] = {}
        self.hits: dict[tuple[bool, int], list[Hit]] = {}
        self.memories: dict[int, dict[Any, Any]] = {}

    def memory(self, each: Observed) -> dict[Any, Any]:
        """Give what plans for the same arguments share."""
        return self.memories.setdefault(id(each), {})


class Pipeline(Catalogue):
    """A catalogue that computes its wrong answers; safe to share between threads."""

    def __init__(self, texts: dict[str, str], evidence: dict[str, str], parts: Parts) -> None:
        super().__init__(texts, evidence)
        self.parts = parts
        self._listed = evidence.get("returned a list")
        self._numbers = [list(choices(parts.numbers, size)) for size in range(MOST_NUMBERS + 1)]
        self._chains = [list(choices(parts.values, size)) for size in range(MOST_VALUES + 1)]
        self._index = Index(parts)

    def explain(self, observed: Sequence[Observed], shared: Shared | None = None) -> frozenset[str] | None:
        """Give the smallest set of misconceptions that gives all these values, and the only one of its size."""
        if not observed:
            return None
        with np.errstate(all="ignore"):
            search = self._search(observed, shared)
            for size in range(MOST + 1):
                # A factor that was found in the values proves less than a combination that needs none.
                for scaled in (False, True):
                    found = self._found(search, observed, size, scaled=scaled)
                    if found:
                        return the_smallest(found)
        return None

    def explain_constant(self, observed: Sequence[Observed], argument: int) -> frozenset[str] | None:
        """Explain values in which one argument was replaced by some constant, linear in it: what else is wrong.

        The constant is solved for in the first failed trial and has to hold in all others.
        """
        with np.errstate(all="ignore"):
            search = self._search(observed, None)
            for size in range(MOST_SHAPING):
                found = set()
                for shaped in self._shaped(search, size):
                    constant = self._solve(search, shaped, argument)
                    if constant is not None and self._holds(observed, shaped, argument, constant):
                        found.add(frozenset(map(id_of, shaped.steps)))
                if found:
                    return the_smallest(found)
        return None

    def base(self, steps: Sequence[Alternative], args: Sequence[Array], memory: dict[Any, Any]) -> Array | None:
        """Compute what these choices from SHAPING and NUMBERS give, in their order; None where they do not go together.

        `memory` is a dict for what answers to the same arguments share.
        """
        plan = self._plan(steps, tuple(array.shape for array in args))
        return None if plan is None else self._finish(plan, args, memory)

    def after(self, values: Array | None, chain: Sequence[Alternative], args: Sequence[Array]) -> Array | None:
        """Compute what these choices from VALUES make of a result; None where they cannot."""
        for step in chain:
            if values is None:
                break
            values = attempt(step, values, *args)
        return values

    # -------------------------------------------------------------------------------------------------------- matching

    def _search(self, observed: Sequence[Observed], shared: Shared | None) -> Search:
        first = next((each for each in observed if each.failed), observed[0])
        shared = {} if shared is None else shared
        if id(first) not in shared:
            shared[id(first)] = Search(first)
            self._survey(shared[id(first)])
        search: Search = shared[id(first)]
        return search

    def _survey(self, search: Search) -> None:
        """Find out which steps may come last: those that leave the student's values, and their type, alone."""
        args = search.first.args
        for step in {step for stage in self.parts.values for step in stage[1:]}:
            again = self.after(search.target, (step,), args)
            apart = self.after(np.array([1.1, 1.2]), (step,), args)
            twice = self.after(apart, (step,), args)
            if again is None or apart is None or twice is None or (again.dtype == np.uint8) != search.first.byte:
                continue
            if apart[0] == apart[1] != 1:
                search.stepping.add(step)
            near = np.abs(again.astype(np.float64) - search.target) <= search.tolerance
            # A step that changes what it gave, such as a division, may come last after all.
            if near.all() or not np.array_equal(twice, apart):
                search.last.add(step)

    def _found(self, search: Search, observed: Sequence[Observed], size: int, *, scaled: bool) -> set[frozenset[str]]:
        if (scaled, size) not in search.hits:
            search.hits[scaled, size] = list((self._scaled if scaled else self._exact)(search, size))
        # A flat list may be explained as a list; a flat array, which has the same values, may not.
        listed = all(each.listed for each in observed)
        return {
            hit.ids
            for hit in search.hits[scaled, size]
            if (listed or self._listed not in hit.ids) and all(self._gives(search, each, hit) for each in observed)
        }

    def _exact(self, search: Search, size: int) -> Iterator[Hit]:
        for shaping, numbers, values in splits(size):
            rows, sample = self._sampled(search, shaping, numbers)
            for chain in self._chains[values] if rows else ():
                if not chain or chain[-1] in search.last:
                    for index in self._near(search, sample, chain):
                        yield Hit(rows[index], chain, 1.0, _ids(rows[index], chain))

    def _near(self, search: Search, sample: Array, chain: Steps) -> list[int]:
        near = np.zeros(sample.shape, bool)
        for nudge in (0.0, NUDGE, -NUDGE) if chain and chain[-1] in search.stepping else (0.0,):
            values = self.after(_nudged(sample, nudge), chain, search.first.args)
            if values is None:
                return []
            near |= np.abs(values.astype(np.float64, copy=False) - search.target) <= search.tolerance
        return [int(index) for index in np.nonzero(near.all(axis=1))[0]]

    def _scaled(self, search: Search, size: int) -> Iterator[Hit]:
        if self.parts.factor is None or not search.target.size:
            return
        at = int(np.argmax(np.abs(search.target)))
        for shaping, numbers, values in splits(size):
            if values not in {1, 2}:
                continue
            rows, sample = self._sampled(search, shaping, numbers)
            for chain in self._chains[values - 1] if rows else ():
                result = self.after(sample, chain, search.first.args)
                if result is None or result.dtype == np.uint8 or any(id_of(f) == self.parts.factor for f in chain):
                    continue
                factors = search.target[at] / result[:, at]
                near = np.abs(result * factors[:, None] - search.target) <= search.tolerance
                for index in np.nonzero(near.all(axis=1) & _is_factor(factors))[0]:
                    ids = _ids(rows[index], chain) | {self.parts.factor}
                    yield Hit(rows[index], chain, float(factors[index]), ids)

    def _gives(self, search: Search, each: Observed, hit: Hit) -> bool:
        plan = self._plan((*hit.row.shaping, *hit.row.numbers), each.shapes)
        base = None if plan is None else self._finish(plan, each.args, search.memory(each))
        if base is None or base.shape != each.shape:
            return False
        near = np.zeros(each.shape, bool)
        target = each.values.reshape(each.shape)
        limit = tolerance_of(each.values)
        for nudge in (0.0, NUDGE, -NUDGE) if hit.chain else (0.0,):
            values = self.after(_nudged(base, nudge), hit.chain, each.args)
            if values is None or (values.dtype == np.uint8) != each.byte:
                return False
            near |= np.abs(values.astype(np.float64) * hit.factor - target) <= limit
            if near.all():
                return True
        return False

    # ------------------------------------------------------------------------------------------------------- computing

    def _sampled(self, search: Search, shaping: int, numbers: int) -> tuple[list[Row], Array]:
        key = (shaping, numbers)
        if key not in search.rows:
            rows, samples = [], []
            memory = search.memory(search.first)
            for shaped in self._shaped(search, shaping):
                for steps, plan in shaped.complete(numbers, self._numbers[numbers]):
                    values = self._finish(plan, search.first.args, memory)
                    if values is not None and values.shape == search.first.shape:
                        rows.append(Row(shaped.steps, steps))
                        samples.append(values.ravel()[search.cells])
            search.rows[key] = (rows, np.stack(samples) if rows else np.zeros((0, len(search.cells))))
        return search.rows[key]

    def _shaped(self, search: Search, size: int) -> list[Shaped]:
        """Give the plans whose result has the observed shape, and zeros only where the observed one has zeros."""
        if size not in search.shaped:
            first = search.first
            group = self._index.group(first.shapes, size, first.shape)
            search.shaped[size] = [] if group is None else group.fitting(first.values, self.parts.blank)
        return search.shaped[size]

    def _plan(self, steps: Sequence[Alternative], shapes: Shapes) -> Plan:
        return fold(attempt(self.parts.start, *shapes), steps)

    def _finish(self, plan: Plan, args: Sequence[Array], memory: dict[Any, Any]) -> Array | None:
        values = attempt(self.parts.finish, plan, *args, memory)
        return None if values is None else np.asarray(values)

    # --------------------------------------------------------------------------------------- an argument not looked at

    def _solve(self, search: Search, shaped: Shaped, argument: int) -> Array | None:
        """Find the constant that, put in for an argument, gives the first failed trial's values; None if none does."""
        each = search.first
        shape = each.shapes[argument]
        columns = []
        for index in range(int(np.prod(shape))):
            unit = np.zeros(shape)
            unit.flat[index] = 1.0
            values = self._finish(shaped.plan, _with(each.args, argument, unit), {})
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

    def _holds(self, observed: Sequence[Observed], shaped: Shaped, argument: int, constant: Array) -> bool:
        for each in observed:
            values = self.base(shaped.steps, _with(each.args, argument, constant), {})
            if values is None or values.shape != each.shape:
                return False
            if not (np.abs(values.ravel() - each.values) <= tolerance_of(each.values)).all():
                return False
        return True


def the_smallest(found: set[frozenset[str]]) -> frozenset[str] | None:
    """Give the smallest of these sets; None where two are."""
    smallest = min(map(len, found))
    best = [ids for ids in found if len(ids) == smallest]
    return best[0] if len(best) == 1 else None


def tolerance_of(values: Array) -> float:
    """Give how far values may be from those that explain them: relative to the greatest, and 0 where all are 0."""
    finite = np.abs(values[np.isfinite(values)])
    return RTOL * float(finite.max()) if finite.size else 0.0


def _nudged(values: Array, nudge: float) -> Array:
    if not nudge:
        return values
    nudged: Array = values + nudge * (1 + np.abs(values))
    return nudged


def _with(args: tuple[Array, ...], index: int, value: Array) -> tuple[Array, ...]:
    return (*args[:index], value, *args[index + 1 :])


def _sample(values: Array) -> Array:
    """Choose cells for the first look: half of them where the greatest values are, the others evenly."""
    if values.size <= SAMPLE:
        return np.arange(values.size)
    finite = np.nan_to_num(np.abs(values))
    greatest = np.argpartition(finite, -SAMPLE // 2)[-SAMPLE // 2 :]
    return np.unique(np.concatenate([greatest, np.linspace(0, values.size - 1, SAMPLE // 2).astype(int)]))


def _is_factor(factors: Array) -> Array:
    plain: Array = np.isfinite(factors) & (np.abs(factors) > RTOL) & (np.abs(factors - 1) > RTOL)
    return plain


def _ids(row: Row, chain: Steps) -> frozenset[str]:
    return frozenset(map(id_of, (*row.shaping, *row.numbers, *chain)))
