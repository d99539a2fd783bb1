"""Find the smallest combination of misconceptions that gives what a student's function gave.

The combinations of a real catalogue are some hundred thousand, and a class has thousands of wrong answers, so nothing
is computed that a cheaper look excludes:

1. Combinations are tried by the number of their misconceptions, and the search ends with the first number that has a
   match. Real answers combine one to three.
2. The plans of a combination are indexed by the shape of the result, which is known before any number is. The index is
   kept: hidden inputs differ from submission to submission, their shapes do not.
3. A plan that leaves cells at 0 is out where the student's value is another.
4. What is left is computed for the first failed trial alone, and compared in a few cells, all plans at once, with every
   chain of what may have been done to the values afterwards.
5. Only what survives is computed for all trials, those that passed included, and compared in full.

Two different sets of the smallest size explain nothing: then there is no hint.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from grader.diagnose.catalogue import Catalogue, Observed, id_of
from grader.model import Array

MOST: Final = 4
"""Misconceptions in one combination."""
MOST_SHAPING: Final = 3
MOST_NUMBERS: Final = 2
MOST_VALUES: Final = 3
SAMPLE: Final = 12
"""Cells of the first look."""
RTOL: Final = 1e-5
"""Of the greatest value: diagnosis must tell wrong answers apart even where all values are tiny."""
NUDGE: Final = 1e-9
"""A value this close to a whole number, in proportion, may be truncated either way."""

Alternative = Callable[..., Any]
Stages = tuple[tuple[Alternative, ...], ...]


class Parts(NamedTuple):
    """What a misconceptions module declares; the first alternative of each stage is the right one."""

    start: Alternative
    shaping: Stages
    numbers: Stages
    finish: Alternative
    shape: Alternative | None
    blank: Alternative | None
    values: Stages
    factor: str | None
    """The id that stands for a constant factor."""


class Shaped(NamedTuple):
    """A plan whose shape is known, and the alternatives that led to it."""

    stage: int
    """The last stage that was not right."""
    steps: tuple[Alternative, ...]
    plan: Any


class Row(NamedTuple):
    """A plan that is complete but for what is done to the values."""

    shaping: tuple[Alternative, ...]
    numbers: tuple[Alternative, ...]


class Search:
    """One explanation under way: what has been computed so far."""

    def __init__(self, observed: Sequence[Observed]) -> None:
        self.observed = observed
        self.first = next((each for each in observed if each.failed), observed[0])
        values = self.first.values
        self.cells = _sample(values)
        self.target = values[self.cells]
        self.tolerance = tolerance_of(values)
        self.rows: dict[tuple[int, int], tuple[list[Row], Array]] = {}
        self.memories: dict[int, dict[Any, Any]] = {}

    def memory(self, each: Observed) -> dict[Any, Any]:
        """Give what plans for the same arguments share."""
        return self.memories.setdefault(id(each), {})


class Pipeline(Catalogue):
    """A catalogue that computes its wrong answers."""

    def __init__(self, texts: dict[str, str], evidence: dict[str, str], parts: Parts) -> None:
        super().__init__(texts, evidence)
        self.parts = parts
        self._listed = evidence.get("returned a list")
        self._numbers = [list(_combinations(parts.numbers, size)) for size in range(MOST_NUMBERS + 1)]
        self._chains = [list(_combinations(parts.values, size)) for size in range(MOST_VALUES + 1)]
        self._idempotent = {f for stage in parts.values for f in stage[1:] if id_of(f) != parts.factor}
        self._index: dict[tuple[Any, ...], list[dict[Any, list[Shaped]]]] = {}

    def explain(self, observed: Sequence[Observed]) -> frozenset[str] | None:
        """Give the smallest set of misconceptions that gives all these values, and the only one of its size."""
        if not observed:
            return None
        search = Search(observed)
        with np.errstate(all="ignore"):
            for size in range(MOST + 1):
                # A factor that was found in the values proves less than a combination that needs none.
                for look in (self._exact, self._scaled):
                    found = {ids for ids in look(search, size) if self._possible(ids, search)}
                    if found:
                        smallest = min(map(len, found))
                        best = [ids for ids in found if len(ids) == smallest]
                        return best[0] if len(best) == 1 else None
        return None

    def explain_constant(self, observed: Sequence[Observed], argument: int) -> frozenset[str] | None:
        """Explain values in which one argument was replaced by some constant, linear in it: what else is wrong.

        The constant is solved for in the first failed trial and has to hold in all others.
        """
        search = Search(observed)
        found = set()
        with np.errstate(all="ignore"):
            for size in range(MOST_SHAPING):
                for shaped in self._shaped(search, size):
                    constant = self._solve(search, shaped, argument)
                    if constant is not None and self._holds(search, shaped, argument, constant):
                        found.add(frozenset(map(id_of, shaped.steps)))
                if found:
                    return found.pop() if len(found) == 1 else None
        return None

    def predict(self, steps: Sequence[Alternative], args: Sequence[Array]) -> Array | None:
        """Compute the answer of a combination; None where it has none. For alternatives of any stages, in order."""
        names = {f for stage in self.parts.values for f in stage}
        chain = tuple(step for step in steps if step in names)
        plan = self._plan([step for step in steps if step not in names], tuple(array.shape for array in args))
        return None if plan is None else self._apply(self._finish(plan, args, {}), chain, args)

    # -------------------------------------------------------------------------------------------------------- matching

    def _exact(self, search: Search, size: int) -> Iterator[frozenset[str]]:
        for shaping, numbers, values in _splits(size):
            rows, sample = self._sampled(search, shaping, numbers)
            if not rows:
                continue
            for chain in self._chains[values]:
                if chain and not self._may_end(chain, search):
                    continue
                for index in self._hits(search, sample, chain):
                    if self._confirmed(search, rows[index], chain, 1.0):
                        yield _ids(rows[index], chain)

    def _scaled(self, search: Search, size: int) -> Iterator[frozenset[str]]:
        if self.parts.factor is None or not search.target.size:
            return
        at = int(np.argmax(np.abs(search.target)))
        for shaping, numbers, values in _splits(size):
            if values not in {1, 2}:
                continue
            rows, sample = self._sampled(search, shaping, numbers)
            for chain in self._chains[values - 1] if rows else ():
                values_ = self._apply(sample, chain, search.first.args)
                if values_ is None or values_.dtype == np.uint8 or any(id_of(f) == self.parts.factor for f in chain):
                    continue
                factors = search.target[at] / values_[:, at]
                near = np.abs(values_ * factors[:, None] - search.target) <= search.tolerance
                for index in np.nonzero(near.all(axis=1) & _is_factor(factors))[0]:
                    if self._confirmed(search, rows[index], chain, float(factors[index])):
                        yield _ids(rows[index], chain) | {self.parts.factor}

    def _hits(self, search: Search, sample: Array, chain: tuple[Alternative, ...]) -> Iterator[int]:
        if not chain:
            return iter(np.nonzero((np.abs(sample - search.target) <= search.tolerance).all(axis=1))[0])
        near = np.zeros(sample.shape, bool)
        for nudge in (0.0, NUDGE, -NUDGE):
            values = self._apply(sample + nudge * (1 + np.abs(sample)), chain, search.first.args)
            if values is None or (values.dtype == np.uint8) != search.first.byte:
                return iter(())
            near |= np.abs(values.astype(np.float64) - search.target) <= search.tolerance
        return iter(np.nonzero(near.all(axis=1))[0])

    def _may_end(self, chain: tuple[Alternative, ...], search: Search) -> bool:
        """Tell whether the last step of the chain leaves the student's values alone, as what it gave would be."""
        if chain[-1] not in self._idempotent:
            return True
        again = self._apply(search.target, chain[-1:], search.first.args)
        return again is not None and bool((np.abs(again.astype(np.float64) - search.target) <= search.tolerance).all())

    def _confirmed(self, search: Search, row: Row, chain: tuple[Alternative, ...], factor: float) -> bool:
        return all(self._gives(search, each, row, chain, factor) for each in search.observed)

    def _gives(self, search: Search, each: Observed, row: Row, chain: tuple[Alternative, ...], factor: float) -> bool:
        plan = self._plan((*row.shaping, *row.numbers), each.shapes)
        if plan is None:
            return False
        base = self._finish(plan, each.args, search.memory(each))
        if base is None or base.shape != each.shape:
            return False
        near = np.zeros(each.shape, bool)
        target = each.values.reshape(each.shape)
        limit = tolerance_of(each.values)
        for nudge in (0.0, NUDGE, -NUDGE):
            values = self._apply(base if not nudge else base + nudge * (1 + np.abs(base)), chain, each.args)
            if values is None or (values.dtype == np.uint8) != each.byte:
                return False
            near |= np.abs(values.astype(np.float64) * factor - target) <= limit
            if not chain or near.all():
                break
        return bool(near.all())

    def _possible(self, ids: frozenset[str], search: Search) -> bool:
        # A flat list may be explained as a list; a flat array, which has the same values, may not.
        return self._listed not in ids or all(each.listed for each in search.observed)

    # ------------------------------------------------------------------------------------------------------- computing

    def _sampled(self, search: Search, shaping: int, numbers: int) -> tuple[list[Row], Array]:
        key = (shaping, numbers)
        if key not in search.rows:
            rows, samples = [], []
            for shaped in self._shaped(search, shaping):
                for steps in self._numbers[numbers]:
                    plan = _fold(shaped.plan, steps)
                    values = (
                        None if plan is None else self._finish(plan, search.first.args, search.memory(search.first))
                    )
                    if values is not None and values.shape == search.first.shape:
                        rows.append(Row(shaped.steps, steps))
                        samples.append(values.ravel()[search.cells])
            search.rows[key] = (rows, np.stack(samples) if rows else np.zeros((0, len(search.cells))))
        return search.rows[key]

    def _shaped(self, search: Search, size: int) -> Iterator[Shaped]:
        """Give the plans whose result has the observed shape, and zeros only where the observed one has zeros."""
        first = search.first
        index = self._indexed(first.shapes, size)
        if self.parts.shape is None:
            yield from index.get(None, ())
            return
        for shaped in index.get(first.shape, ()):
            if self.parts.blank is None or not first.values[self.parts.blank(shaped.plan).ravel()].any():
                yield shaped

    def _indexed(self, shapes: tuple[tuple[int, ...], ...], size: int) -> dict[Any, list[Shaped]]:
        """Index the plans of so many misconceptions by the shape of their result; built when first asked for."""
        levels = self._index.setdefault(shapes, [])
        while len(levels) <= size:
            plans = self._extended(levels[-1]) if levels else iter([Shaped(-1, (), self.parts.start(*shapes))])
            level: dict[Any, list[Shaped]] = {}
            for shaped in plans:
                shape = None if self.parts.shape is None else self.parts.shape(shaped.plan)
                level.setdefault(shape, []).append(shaped)
            levels.append(level)
        return levels[size]

    def _extended(self, level: dict[Any, list[Shaped]]) -> Iterator[Shaped]:
        for shaped in itertools.chain.from_iterable(level.values()):
            for number in range(shaped.stage + 1, len(self.parts.shaping)):
                for step in self.parts.shaping[number][1:]:
                    plan = step(shaped.plan)
                    if plan is not None and plan != shaped.plan:
                        yield Shaped(number, (*shaped.steps, step), plan)

    def _plan(self, steps: Sequence[Alternative], shapes: tuple[tuple[int, ...], ...]) -> Any:  # noqa: ANN401
        return _fold(self.parts.start(*shapes), steps)

    def _finish(self, plan: Any, args: Sequence[Array], memory: dict[Any, Any]) -> Array | None:  # noqa: ANN401
        try:
            values = self.parts.finish(plan, *args, memory)
        except Exception:  # noqa: BLE001 - a wrong answer may fail where the right one does not: then it explains nothing
            return None
        return None if values is None else np.asarray(values)

    def _apply(self, values: Array | None, chain: Sequence[Alternative], args: Sequence[Array]) -> Array | None:
        for step in chain:
            if values is None:
                break
            values = step(values, *args)
        return values

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

    def _holds(self, search: Search, shaped: Shaped, argument: int, constant: Array) -> bool:
        for each in search.observed:
            plan = self._plan(shaped.steps, each.shapes)
            values = None if plan is None else self._finish(plan, _with(each.args, argument, constant), {})
            if values is None or values.shape != each.shape:
                return False
            if not (np.abs(values.ravel() - each.values) <= tolerance_of(each.values)).all():
                return False
        return True


def tolerance_of(values: Array) -> float:
    """Give how far values may be from those that explain them: relative to the greatest, and 0 where all are 0."""
    finite = np.abs(values[np.isfinite(values)])
    return RTOL * float(finite.max()) if finite.size else 0.0


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


def _fold(plan: Any, steps: Sequence[Alternative]) -> Any:  # noqa: ANN401 - a plan is what the module says it is
    for step in steps:
        if plan is None:
            break
        plan = step(plan)
    return plan


def _ids(row: Row, chain: tuple[Alternative, ...]) -> frozenset[str]:
    return frozenset(map(id_of, (*row.shaping, *row.numbers, *chain)))


def _combinations(stages: Stages, size: int) -> Iterator[tuple[Alternative, ...]]:
    """Give every choice of wrong alternatives from `size` different stages, in the order of the stages."""
    for chosen in itertools.combinations(stages, size):
        yield from itertools.product(*(stage[1:] for stage in chosen))


def _splits(size: int) -> Iterator[tuple[int, int, int]]:
    """Share so many misconceptions out among shaping, numbers and values."""
    for shaping in range(min(size, MOST_SHAPING) + 1):
        for numbers in range(min(size - shaping, MOST_NUMBERS) + 1):
            if size - shaping - numbers <= MOST_VALUES:
                yield shaping, numbers, size - shaping - numbers
