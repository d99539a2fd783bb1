"""The combinations of a catalogue, and an index of their plans: what is known of them before a number is computed."""

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from grader.model import Array

MOST: Final = 4
"""Misconceptions in one combination."""
MOST_SHAPING: Final = 3
MOST_PLAIN: Final = 2
"""Of more choices from SHAPING than these, one at most may be a variant. Three rare habits are hardly ever met in one
function, and they would be most of the index."""
MOST_NUMBERS: Final = 2
MOST_VALUES: Final = 3

Alternative = Callable[..., Any]
Steps = tuple[Alternative, ...]
Stages = tuple[Steps, ...]
Shapes = tuple[tuple[int, ...], ...]
Plan = Any
"""Whatever the author's `start` gives."""


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
    """A plan whose shape is known, the steps that led to it, and `stage`, the last that was not right."""

    __slots__ = ("_complete", "plan", "stage", "steps")

    def __init__(self, stage: int, steps: Steps, plan: Plan) -> None:
        self.stage = stage
        self.steps = steps
        self.plan = plan
        self._complete: dict[int, list[tuple[Steps, Plan]]] = {}

    def complete(self, size: int, numbers: Sequence[Steps]) -> list[tuple[Steps, Plan]]:
        """Give the plans that these choices from NUMBERS, `size` at a time, make of it; kept, as the index is."""
        if size not in self._complete:
            plans = [(steps, fold(self.plan, steps)) for steps in numbers]
            self._complete[size] = [
                (steps, plan) for steps, plan in plans if plan is not None
            ]
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
            masks = [attempt(blank, shaped.plan) for shaped in self.plans]
            nowhere = np.zeros(values.size, bool)
            self._blank = np.stack(
                [
                    nowhere if mask is None else np.asarray(mask).ravel()
                    for mask in masks
                ]
            )
        excluded = self._blank[:, values != 0].any(axis=1)
        return [self.plans[index] for index in np.nonzero(~excluded)[0]]


class Index:
    """The plans of all choices from SHAPING: by the arguments' shapes, their number, and the shape of the result.

    Built as far as it is asked for, and kept: inputs differ from submission to submission, their
    shapes do not. Safe to share between threads.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._levels: dict[Shapes, list[dict[Any, Group]]] = {}
        self._lock = threading.Lock()

    def group(self, shapes: Shapes, size: int, shape: tuple[int, ...]) -> Group | None:
        """Give the plans of `size` misconceptions for arguments of these shapes whose results have this shape."""
        with self._lock:
            levels = self._levels.setdefault(shapes, [])
            while len(levels) <= size:
                levels.append(
                    self._grouped(
                        self._extended(levels[-1]) if levels else self._right(shapes)
                    )
                )
        return levels[size].get(None if self._parts.shape is None else shape)

    def _grouped(self, plans: Iterator[Shaped]) -> dict[Any, Group]:
        level: dict[Any, Group] = {}
        for shaped in plans:
            shape = (
                None
                if self._parts.shape is None
                else attempt(self._parts.shape, shaped.plan)
            )
            level.setdefault(shape, Group()).plans.append(shaped)
        return level

    def _right(self, shapes: Shapes) -> Iterator[Shaped]:
        plan = attempt(self._parts.start, *shapes)
        if plan is not None:
            yield Shaped(-1, (), plan)

    def _extended(self, level: dict[Any, Group]) -> Iterator[Shaped]:
        for shaped in itertools.chain.from_iterable(
            group.plans for group in level.values()
        ):
            variants = sum(map(is_variant, shaped.steps))
            for number in range(shaped.stage + 1, len(self._parts.shaping)):
                for step in self._parts.shaping[number][1:]:
                    if (
                        len(shaped.steps) == MOST_PLAIN
                        and variants + is_variant(step) > 1
                    ):
                        continue
                    plan = attempt(step, shaped.plan)
                    if plan is not None and plan != shaped.plan:
                        yield Shaped(number, (*shaped.steps, step), plan)


class Grid:
    """All combinations that an exercise's parts allow, and how each is computed; safe to share between threads."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.numbers = [
            list(choices(parts.numbers, size)) for size in range(MOST_NUMBERS + 1)
        ]
        """The choices from NUMBERS, by their number."""
        self.chains = [
            list(choices(parts.values, size)) for size in range(MOST_VALUES + 1)
        ]
        """Those from VALUES."""
        self.index = Index(parts)

    def plan(self, steps: Sequence[Alternative], shapes: Shapes) -> Plan:
        """Give the plan of these choices from SHAPING and NUMBERS; None where they do not go together."""
        return fold(attempt(self.parts.start, *shapes), steps)

    def finish(
        self, plan: Plan, args: Sequence[Array], memory: dict[Any, Any]
    ) -> Array | None:
        """Compute what a plan gives; `memory` is a dict for what answers to the same arguments share."""
        values = attempt(self.parts.finish, plan, *args, memory)
        return None if values is None else np.asarray(values)


def values_after(
    values: Array | None, chain: Sequence[Alternative], args: Sequence[Array]
) -> Array | None:
    """Compute what these choices from VALUES make of a result; None where they cannot."""
    for step in chain:
        if values is None:
            break
        values = attempt(step, values, *args)
    return values


def attempt(function: Alternative, *arguments: Any) -> Any:  # noqa: ANN401 - the author's functions take and give anything
    """Call an author's function; None where it raises.

    A wrong answer may fail where the right one does not. Then it explains nothing, and costs
    nothing else.
    """
    try:
        return function(*arguments)
    except Exception:  # noqa: BLE001 - the author's code may raise anything
        return None


def is_variant(step: Alternative) -> bool:
    """Tell whether a function stands for a variant of a misconception."""
    return "__" in getattr(step, "__name__", "")


def fold(plan: Plan, steps: Sequence[Alternative]) -> Plan:
    """Take the steps one after the other; None where two of them do not go together."""
    for step in steps:
        if plan is None:
            break
        plan = attempt(step, plan)
    return plan


def choices(stages: Sequence[Steps], size: int) -> Iterator[Steps]:
    """Give every choice of wrong alternatives from `size` different stages, in the order of the stages."""
    for chosen in itertools.combinations(stages, size):
        yield from itertools.product(*(stage[1:] for stage in chosen))


def splits(size: int) -> Iterator[tuple[int, int, int]]:
    """Share so many misconceptions out among SHAPING, NUMBERS and VALUES."""
    for shaping in range(min(size, MOST_SHAPING) + 1):
        for numbers in range(min(size - shaping, MOST_NUMBERS) + 1):
            if size - shaping - numbers <= MOST_VALUES:
                yield shaping, numbers, size - shaping - numbers
