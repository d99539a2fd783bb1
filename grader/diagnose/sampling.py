"""The first look at what a student's function gave.

It finds the combinations that agree with the first failed trial in a few cells. A combination that
agrees (`Hit`) is a candidate and no more: `pipeline` compares it in full, with every trial.
"""

import functools
import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from grader.diagnose.catalogue import Observed, id_of
from grader.diagnose.plans import (
    Alternative,
    Grid,
    Memory,
    Shaped,
    Steps,
    splits,
    values_after,
)
from grader.model import Array

SAMPLE: Final = 12
"""Cells of the first look."""
RTOL: Final = 1e-5
"""Relative to the greatest value: wrong answers must be told apart even if all values are tiny."""
NUDGES: Final = (0.0, 1e-9, -1e-9)
"""How far, in proportion, a value may be from the whole number where truncation changes it."""

_MEANT: Final = 1e-3
"""What is nearer to 1 is a rounding error, such as that of a small float type."""
_VALUES_WITH_FACTOR: Final = {1, 2}
"""How many choices from VALUES there may be if one of them is a constant factor."""


class Row(NamedTuple):
    """The steps that are taken before anything is done to the values."""

    shaping: Steps
    numbers: Steps


class Hit(NamedTuple):
    """A combination that agrees with the first failed trial in the cells of the first look."""

    row: Row
    chain: Steps
    factor: float
    ids: frozenset[str]


class _Survey(NamedTuple):
    """What the members of VALUES do to the values of the first failed trial."""

    last: frozenset[Alternative]
    """Those that may have come last."""
    stepping: frozenset[Alternative]
    """Those that give the same for numbers that differ a little, as truncation does."""


class Search:
    """What was computed to explain the first failed trial.

    It is kept, since several explanations may start from that trial.
    """

    def __init__(
        self,
        grid: Grid,
        first: Observed,
    ) -> None:
        self.first = first
        self.tolerance = tolerance_of(first.values)
        self._grid = grid
        self._cells = _sample(first.values)
        self._target = first.values[self._cells]
        self._shaped: dict[int, list[Shaped]] = {}
        self._rows: dict[tuple[int, int], tuple[list[Row], Array]] = {}
        self._hits: dict[tuple[int, bool], list[Hit]] = {}
        self._memories: dict[int, Memory] = {}

    def memory(self, each: Observed) -> Memory:
        """Return the dict that answers to these arguments share."""
        return self._memories.setdefault(id(each), {})

    def hits(
        self,
        size: int,
        *,
        scaled: bool,
    ) -> list[Hit]:
        """Return the candidates of `size` misconceptions, one of them a factor if `scaled`."""
        if (size, scaled) not in self._hits:
            found = self._scaled(size) if scaled else self._exact(size)
            self._hits[size, scaled] = list(found)
        return self._hits[size, scaled]

    def shaped(self, size: int) -> list[Shaped]:
        """Return the plans that give the observed shape, and 0 only where 0 was observed."""
        if size not in self._shaped:
            first, grid = self.first, self._grid
            group = grid.index.group(first.shapes, size, first.shape)
            fitting: list[Shaped] = []
            if group is not None:
                fitting = group.fitting(first.values, grid.parts.blank)
            self._shaped[size] = fitting
        return self._shaped[size]

    @functools.cached_property
    def _survey(self) -> _Survey:
        """What the members of VALUES do. Not needed where no plan gives the observed shape."""
        last, stepping = set(), set()
        stages = self._grid.parts.values
        for step in {step for stage in stages for step in stage[1:]}:
            may_be_last, steps = self._surveyed(step)
            if may_be_last:
                last.add(step)
            if steps:
                stepping.add(step)
        return _Survey(frozenset(last), frozenset(stepping))

    def _surveyed(self, step: Alternative) -> tuple[bool, bool]:
        """Tell whether a member of VALUES may have come last, and whether it goes in steps.

        It may have come last if it leaves the student's values, and their type, as they are.
        """
        args = self.first.args
        again = values_after(self._target, (step,), args)
        apart = values_after(np.array([1.1, 1.2]), (step,), args)
        twice = values_after(apart, (step,), args)
        if again is None or apart is None or twice is None:
            return False, False
        if (again.dtype == np.uint8) != self.first.byte:
            return False, False
        again = again.astype(np.float64, copy=False)
        near = np.abs(again - self._target) <= self.tolerance
        # A step that changes its own result, such as a division, may have come last in any case.
        may_be_last = bool(near.all()) or twice.tolist() != apart.tolist()
        return may_be_last, bool(apart[0] == apart[1] != 1)

    # ---- Without a factor

    def _exact(self, size: int) -> Iterator[Hit]:
        for shaping, numbers, values in splits(size):
            rows, samples = self._sampled(shaping, numbers)
            if not rows:
                continue
            for chain in self._grid.chains[values]:
                if chain and chain[-1] not in self._survey.last:
                    continue
                for index in self._near(samples, chain):
                    yield Hit(rows[index], chain, 1.0, _ids(rows[index], chain))

    def _near(
        self,
        samples: Array,
        chain: Steps,
    ) -> Array:
        """Return the numbers of the rows that agree after this chain."""
        near = np.zeros(samples.shape, bool)
        stepping = bool(chain) and chain[-1] in self._survey.stepping
        for nudge in NUDGES if stepping else (0.0,):
            values = values_after(
                nudged(samples, nudge), chain, self.first.args
            )
            if values is None:
                return np.zeros(0, int)
            errors = np.abs(
                values.astype(np.float64, copy=False) - self._target
            )
            near |= errors <= self.tolerance
        return np.flatnonzero(near.all(axis=1))

    # ---- With a constant factor

    def _scaled(self, size: int) -> Iterator[Hit]:
        factor = self._grid.parts.factor
        if factor is None or not self._target.size:
            return
        for shaping, numbers, values in splits(size):
            if values not in _VALUES_WITH_FACTOR:
                continue
            rows, samples = self._sampled(shaping, numbers)
            if not rows:
                continue
            for chain in self._grid.chains[values - 1]:
                if not self._scales(chain, factor):
                    yield from self._scaled_rows(rows, samples, chain, factor)

    def _scales(
        self,
        chain: Steps,
        factor: str,
    ) -> bool:
        """Return whether a chain scales already: a second factor would undo a mean, say."""
        for stage in self._grid.parts.values:
            if factor in map(id_of, stage) and set(stage) & set(chain):
                return True
        return False

    def _scaled_rows(
        self, rows: list[Row], samples: Array, chain: Steps, factor: str
    ) -> Iterator[Hit]:
        result = values_after(samples, chain, self.first.args)
        if result is None or result.dtype == np.uint8:
            return
        greatest = int(np.argmax(np.abs(self._target)))
        factors = self._target[greatest] / result[:, greatest]
        errors = np.abs(result * factors[:, None] - self._target)
        agreeing = (errors <= self.tolerance).all(axis=1) & is_factor(factors)
        for index in np.flatnonzero(agreeing):
            row = rows[index]
            yield Hit(
                row, chain, float(factors[index]), _ids(row, chain) | {factor}
            )

    # ---- Samples

    def _sampled(
        self,
        shaping: int,
        numbers: int,
    ) -> tuple[list[Row], Array]:
        """Return the rows of so many misconceptions, and their values in the cells of the look."""
        key = (shaping, numbers)
        if key not in self._rows:
            rows = []
            samples = []
            for row, values in self._answers(shaping, numbers):
                if values is not None and values.shape == self.first.shape:
                    rows.append(row)
                    samples.append(values.ravel()[self._cells])
            # Not `np.stack`, which looks at each of a hundred samples first.
            together = np.concatenate(samples) if rows else np.zeros(0)
            table = together.reshape(len(rows), len(self._cells))
            self._rows[key] = (rows, table)
        return self._rows[key]

    def _answers(
        self, shaping: int, numbers: int
    ) -> Iterator[tuple[Row, Array | None]]:
        grid = self._grid
        memory = self.memory(self.first)
        for shaped in self.shaped(shaping):
            for steps, plan in shaped.completed(numbers, grid.numbers[numbers]):
                values = grid.finish(plan, self.first.args, memory)
                yield Row(shaped.steps, steps), values


def tolerance_of(values: Array) -> float:
    """Return how far values may be from those that explain them; 0 if all are 0."""
    sizes = np.abs(values)
    greatest = float(sizes.max(initial=0))
    if not math.isfinite(greatest):
        greatest = float(sizes[np.isfinite(sizes)].max(initial=0))
    return RTOL * greatest


def nudged(values: Array, nudge: float) -> Array:
    """Move values by a little, in proportion."""
    if not nudge:
        return values
    moved: Array = values + nudge * (1 + np.abs(values))
    return moved


def _sample(values: Array) -> Array:
    """Choose cells for the first look: half where the greatest values are, half evenly spaced."""
    if values.size <= SAMPLE:
        return np.arange(values.size)
    half = SAMPLE // 2
    greatest = np.argpartition(np.nan_to_num(np.abs(values)), -half)[-half:]
    evenly = np.linspace(0, values.size - 1, half).astype(int)
    # Not `np.unique`, which imports masked arrays.
    return np.array(sorted({*greatest.tolist(), *evenly.tolist()}))


def is_factor(factors: Array) -> Array:
    """Tell which numbers are a factor at all: finite, not 0, and so far from 1 that it is meant."""
    not_one = np.abs(factors - 1) > _MEANT
    proper: Array = np.isfinite(factors) & (np.abs(factors) > RTOL) & not_one
    return proper


def _ids(row: Row, chain: Sequence[Alternative]) -> frozenset[str]:
    return frozenset(map(id_of, (*row.shaping, *row.numbers, *chain)))
