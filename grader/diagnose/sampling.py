"""The first look at what a student's function gave: which combinations agree with one failed trial in a few cells.

Everything here is about that one trial. What agrees (`Hit`) is a candidate and no more: `pipeline`
compares it in full, with every trial.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from grader.diagnose.catalogue import Observed, id_of
from grader.diagnose.plans import Alternative, Grid, Shaped, Steps, splits, values_after
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

    def __init__(self, grid: Grid, first: Observed) -> None:
        self.first = first
        self.tolerance = tolerance_of(first.values)
        self._grid = grid
        self._cells = _sample(first.values)
        self._target = first.values[self._cells]
        self._last: set[Alternative] = set()
        """The members of VALUES that may have come last."""
        self._stepping: set[Alternative] = set()
        """Those that give the same for numbers that differ a little, as truncation does."""
        self._shaped: dict[int, list[Shaped]] = {}
        self._rows: dict[tuple[int, int], tuple[list[Row], Array]] = {}
        self._hits: dict[tuple[int, bool], list[Hit]] = {}
        self._memories: dict[int, dict[Any, Any]] = {}
        self._survey()

    def memory(self, each: Observed) -> dict[Any, Any]:
        """Give what plans for the same arguments share."""
        return self._memories.setdefault(id(each), {})

    def hits(self, size: int, *, scaled: bool) -> list[Hit]:
        """Give what `size` misconceptions agree; with `scaled`, one of them is a constant factor."""
        if (size, scaled) not in self._hits:
            self._hits[size, scaled] = list(
                (self._scaled if scaled else self._exact)(size)
            )
        return self._hits[size, scaled]

    def shaped(self, size: int) -> list[Shaped]:
        """Give the plans whose result has the observed shape, and zeros only where the observed one has zeros."""
        if size not in self._shaped:
            group = self._grid.index.group(self.first.shapes, size, self.first.shape)
            fitting = (
                []
                if group is None
                else group.fitting(self.first.values, self._grid.parts.blank)
            )
            self._shaped[size] = fitting
        return self._shaped[size]

    def _survey(self) -> None:
        """Find out which steps may come last: those that leave the student's values, and their type, alone."""
        args = self.first.args
        for step in {step for stage in self._grid.parts.values for step in stage[1:]}:
            again = values_after(self._target, (step,), args)
            apart = values_after(np.array([1.1, 1.2]), (step,), args)
            twice = values_after(apart, (step,), args)
            if (
                again is None
                or apart is None
                or twice is None
                or (again.dtype == np.uint8) != self.first.byte
            ):
                continue
            if apart[0] == apart[1] != 1:
                self._stepping.add(step)
            near = np.abs(again.astype(np.float64) - self._target) <= self.tolerance
            # A step that changes what it gave, such as a division, may come last after all.
            if near.all() or not np.array_equal(twice, apart):
                self._last.add(step)

    def _exact(self, size: int) -> Iterator[Hit]:
        for shaping, numbers, values in splits(size):
            rows, sample = self._sampled(shaping, numbers)
            for chain in self._grid.chains[values] if rows else ():
                if not chain or chain[-1] in self._last:
                    for index in self._near(sample, chain):
                        yield Hit(rows[index], chain, 1.0, _ids(rows[index], chain))

    def _near(self, sample: Array, chain: Steps) -> list[int]:
        near = np.zeros(sample.shape, bool)
        for nudge in (
            (0.0, NUDGE, -NUDGE) if chain and chain[-1] in self._stepping else (0.0,)
        ):
            values = values_after(nudged(sample, nudge), chain, self.first.args)
            if values is None:
                return []
            near |= (
                np.abs(values.astype(np.float64, copy=False) - self._target)
                <= self.tolerance
            )
        return [int(index) for index in np.nonzero(near.all(axis=1))[0]]

    def _scaled(self, size: int) -> Iterator[Hit]:
        factor = self._grid.parts.factor
        if factor is None or not self._target.size:
            return
        at = int(np.argmax(np.abs(self._target)))
        for shaping, numbers, values in splits(size):
            if values not in {1, 2}:
                continue
            rows, sample = self._sampled(shaping, numbers)
            for chain in self._grid.chains[values - 1] if rows else ():
                result = values_after(sample, chain, self.first.args)
                if (
                    result is None
                    or result.dtype == np.uint8
                    or any(id_of(step) == factor for step in chain)
                ):
                    continue
                factors = self._target[at] / result[:, at]
                near = (
                    np.abs(result * factors[:, None] - self._target) <= self.tolerance
                )
                for index in np.nonzero(near.all(axis=1) & _is_factor(factors))[0]:
                    yield Hit(
                        rows[index],
                        chain,
                        float(factors[index]),
                        _ids(rows[index], chain) | {factor},
                    )

    def _sampled(self, shaping: int, numbers: int) -> tuple[list[Row], Array]:
        key = (shaping, numbers)
        if key not in self._rows:
            rows, samples = [], []
            memory = self.memory(self.first)
            for shaped in self.shaped(shaping):
                for steps, plan in shaped.complete(
                    numbers, self._grid.numbers[numbers]
                ):
                    values = self._grid.finish(plan, self.first.args, memory)
                    if values is not None and values.shape == self.first.shape:
                        rows.append(Row(shaped.steps, steps))
                        samples.append(values.ravel()[self._cells])
            self._rows[key] = (
                rows,
                np.stack(samples) if rows else np.zeros((0, len(self._cells))),
            )
        return self._rows[key]


def tolerance_of(values: Array) -> float:
    """Give how far values may be from those that explain them: relative to the greatest, and 0 where all are 0."""
    finite = np.abs(values[np.isfinite(values)])
    return RTOL * float(finite.max()) if finite.size else 0.0


def nudged(values: Array, nudge: float) -> Array:
    """Move values by a little, in proportion."""
    if not nudge:
        return values
    moved: Array = values + nudge * (1 + np.abs(values))
    return moved


def _sample(values: Array) -> Array:
    """Choose cells for the first look: half of them where the greatest values are, the others evenly."""
    if values.size <= SAMPLE:
        return np.arange(values.size)
    finite = np.nan_to_num(np.abs(values))
    greatest = np.argpartition(finite, -SAMPLE // 2)[-SAMPLE // 2 :]
    return np.unique(
        np.concatenate(
            [greatest, np.linspace(0, values.size - 1, SAMPLE // 2).astype(int)]
        )
    )


def _is_factor(factors: Array) -> Array:
    plain: Array = (
        np.isfinite(factors) & (np.abs(factors) > RTOL) & (np.abs(factors - 1) > RTOL)
    )
    return plain


def _ids(row: Row, chain: Sequence[Alternative]) -> frozenset[str]:
    return frozenset(map(id_of, (*row.shaping, *row.numbers, *chain)))
