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

from grader.diagnose.catalogue import Catalogue, Observed, Shared, id_of
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


class Shaped:
    """A plan whose shape is known, the alternatives that led to it, and `stage`, the last that was not right."""

    def __init__(self, stage: int, steps: tuple[Alternative, ...], plan: Any) -> None:  # noqa: ANN401 - the module's
        self.stage = stage
        self.steps = steps
        self.plan = plan
        self._complete: dict[int, list[tuple[tuple[Alternative, ...], Any]]] = {}

    def complete(self, size: int, numbers: Sequence[tuple[Alternative, ...]]) -> list[tuple[Any, Any]]:
        """Give the plans that these choices from NUMBERS make of it, `size` from each; kept, as the index is."""
        if size not in self._complete:
            plans = [(steps, _fold(self.plan, steps)) for steps in numbers]
            self._complete[size] = [(steps, plan) for steps, plan in plans if plan is not None]
        return self._complete[size]


class Group:
    """The plans of so many misconceptions whose results have one shape."""

    def __init__(self) -> None:
        self.plans: list[Shaped] = []
        self._blank: Array | None = None

    def fitting(self, values: Array, blank: Alternative | None) -> list[Shaped]:
        """Leave out the plans that have zeros where these values are not 0."""
        if blank is None:
            return self.plans
        if self._blank is None:
            self._blank = np.stack([np.asarray(blank(shaped.plan)).ravel() for shaped in self.plans])
        excluded = self._blank[:, values != 0].any(axis=1)
        return [self.plans[index] for index in np.nonzero(~excluded)[0]]


class Row(NamedTuple):
    """A plan that is complete but for what is done to the values."""

    shaping: tuple[Alternative, ...]
    numbers: tuple[Alternative, ...]


class Hit(NamedTuple):
    """What agrees with the first failed trial in the cells of the first look."""

    row: Row
    chain: tuple[Alternative, ...]
    factor: float
    ids: frozenset[str]


class Search:
    """What has been computed to explain the first failed trial: kept, since several explanations may start there."""

    def __init__(self, first: Observed) -> None:
        self.first = first
        self.cells = _sample(first.values)
        self.target = first.values[self.cells]
        self.tolerance = tolerance_of(first.values)
        self.shaped: dict[int, list[Shaped]] = {}
        self.last: set[Alternative] = set()
        """The members of VALUES that may have come last."""
        self.stepping: set[Alternative] = set()
        """Those that give the same for numbers that differ a little, as truncation does."""
        self.rows: dict[tuple[int, int], tuple[list[Row], Array]] = {}
        self.hits: dict[tuple[bool, int], list[Hit]] = {}
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
        self._index: dict[tuple[Any, ...], list[dict[Any, Group]]] = {}

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
                        smallest = min(map(len, found))
                        best = [ids for ids in found if len(ids) == smallest]
                        return best[0] if len(best) == 1 else None
        return None

    def explain_constant(self, observed: Sequence[Observed], argument: int) -> frozenset[str] | None:
        """Explain values in which one argument was replaced by some constant, linear in it: what else is wrong.

        The constant is solved for in the first failed trial and has to hold in all others.
        """
        found = set()
        with np.errstate(all="ignore"):
            search = self._search(observed, None)
            for size in range(MOST_SHAPING):
                for shaped in self._shaped(search, size):
                    constant = self._solve(search, shaped, argument)
                    if constant is not None and self._holds(observed, shaped, argument, constant):
                        found.add(frozenset(map(id_of, shaped.steps)))
                if found:
                    return found.pop() if len(found) == 1 else None
        return None

    def base(self, steps: Sequence[Alternative], args: tuple[Array, ...], memory: dict[Any, Any]) -> Array | None:
        """Compute what these choices from SHAPING and NUMBERS give, in their order; None where they do not go together.

        `memory` is a dict for what answers to the same arguments share.
        """
        plan = self._plan(steps, tuple(array.shape for array in args))
        return None if plan is None else self._finish(plan, args, memory)

    def after(self, values: Array | None, chain: Sequence[Alternative], args: tuple[Array, ...]) -> Array | None:
        """Compute what these choices from VALUES make of a result."""
        return self._apply(values, chain, args)

    # -------------------------------------------------------------------------------------------------------- matching

    def _search(self, observed: Sequence[Observed], shared: Shared | None) -> Search:
        first = next((each for each in observed if each.failed), observed[0])
        shared = {} if shared is None else shared
        if id(first) not in shared:
            shared[id(first)] = Search(first)
            self._survey(shared[id(first)])
        search: Search = shared[id(first)]
        return search

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
        for shaping, numbers, values in _splits(size):
            rows, sample = self._sampled(search, shaping, numbers)
            for chain in self._chains[values] if rows else ():
                if not chain or chain[-1] in search.last:
                    for index in self._hits(search, sample, chain):
                        yield Hit(rows[index], chain, 1.0, _ids(rows[index], chain))

    def _scaled(self, search: Search, size: int) -> Iterator[Hit]:
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
                    ids = _ids(rows[index], chain) | {self.parts.factor}
                    yield Hit(rows[index], chain, float(factors[index]), ids)

    def _hits(self, search: Search, sample: Array, chain: tuple[Alternative, ...]) -> Iterator[int]:
        if not chain:
            return iter(np.nonzero((np.abs(sample - search.target) <= search.tolerance).all(axis=1))[0])
        near = np.zeros(sample.shape, bool)
        for nudge in (0.0, NUDGE, -NUDGE) if chain[-1] in search.stepping else (0.0,):
            values = self._apply(sample if not nudge else _nudged(sample, nudge), chain, search.first.args)
            if values is None:
                return iter(())
            near |= np.abs(values.astype(np.float64, copy=False) - search.target) <= search.tolerance
        return iter(np.nonzero(near.all(axis=1))[0])

    def _survey(self, search: Search) -> None:
        """Find out which steps may come last: those that leave the student's values, and their type, alone."""
        between = np.array([1.1, 1.2])
        for step in {step for stage in self.parts.values for step in stage[1:]}:
            again = self._apply(search.target, (step,), search.first.args)
            apart = self._apply(between, (step,), search.first.args)
            if again is None or apart is None or (again.dtype == np.uint8) != search.first.byte:
                continue
            if apart[0] == apart[1] != 1:
                search.stepping.add(step)
            near = np.abs(again.astype(np.float64) - search.target) <= search.tolerance
            if step not in self._idempotent or near.all():
                search.last.add(step)

    def _gives(self, search: Search, each: Observed, hit: Hit) -> bool:
        plan = self._plan((*hit.row.shaping, *hit.row.numbers), each.shapes)
        if plan is None:
            return False
        base = self._finish(plan, each.args, search.memory(each))
        if base is None or base.shape != each.shape:
            return False
        near = np.zeros(each.shape, bool)
        target = each.values.reshape(each.shape)
        limit = tolerance_of(each.values)
        for nudge in (0.0, NUDGE, -NUDGE):
            values = self._apply(base if not nudge else _nudged(base, nudge), hit.chain, each.args)
            if values is None or (values.dtype == np.uint8) != each.byte:
                return False
            near |= np.abs(values.astype(np.float64) * hit.factor - target) <= limit
            if not hit.chain or near.all():
                break
        return bool(near.all())

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
            group = self._indexed(first.shapes, size).get(None if self.parts.shape is None else first.shape)
            search.shaped[size] = [] if group is None else group.fitting(first.values, self.parts.blank)
        return search.shaped[size]

    def _indexed(self, shapes: tuple[tuple[int, ...], ...], size: int) -> dict[Any, Group]:
        """Index the plans of so many misconceptions by the shape of their result; built when first asked for."""
        levels = self._index.setdefault(shapes, [])
        while len(levels) <= size:
            plans = self._extended(levels[-1]) if levels else iter([Shaped(-1, (), self.parts.start(*shapes))])
            level: dict[Any, Group] = {}
            for shaped in plans:
                shape = None if self.parts.shape is None else self.parts.shape(shaped.plan)
                level.setdefault(shape, Group()).plans.append(shaped)
            levels.append(level)
        return levels[size]

    def _extended(self, level: dict[Any, Group]) -> Iterator[Shaped]:
        for shaped in itertools.chain.from_iterable(group.plans for group in level.values()):
            for number in range(shaped.stage + 1, len(self.parts.shaping)):
                for step in self.parts.shaping[number][1:]:
                    plan = _fold(shaped.plan, (step,))
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
        try:
            for step in chain:
                if values is None:
                    break
                values = step(values, *args)
        except Exception:  # noqa: BLE001 - as in `_finish`
            return None
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

    def _holds(self, observed: Sequence[Observed], shaped: Shaped, argument: int, constant: Array) -> bool:
        for each in observed:
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


def _nudged(values: Array, nudge: float) -> Array:
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


def _fold(plan: Any, steps: Sequence[Alternative]) -> Any:  # noqa: ANN401 - a plan is what the module says it is
    try:
        for step in steps:
            if plan is None:
                break
            plan = step(plan)
    except Exception:  # noqa: BLE001 - the author's code: an alternative that cannot cope does not go with the others
        return None
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
