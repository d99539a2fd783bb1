"""The combinations of a catalogue, and an index of their plans.

The index holds what is known about a plan before a single number is computed: the shape of the
result, and where the result is 0.
"""

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from grader.model import Array

MOST: Final = 4
"""The most misconceptions in one combination."""
MOST_SHAPING: Final = 3
MOST_NUMBERS: Final = 2
MOST_VALUES: Final = 3
PLAIN_FROM: Final = 3
"""From so many choices from SHAPING on, at most one may be a variant.

Three rare habits hardly ever meet in one function, and they would be most of the index.
"""

Alternative = Callable[..., Any]
Steps = tuple[Alternative, ...]
Stages = tuple[Steps, ...]
Shape: TypeAlias = tuple[int, ...]
Shapes: TypeAlias = tuple[Shape, ...]
Memory: TypeAlias = dict[Any, Any]
"""What the author's `finish` keeps for all answers to the same arguments."""
Plan = Any
"""Whatever the author's `start` returns."""


class Parts(NamedTuple):
    """What a misconceptions module declares; the first alternative of each stage is right."""

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
    """A plan after SHAPING, the wrong steps that led to it, and the stage of the last of them."""

    __slots__ = ("_completed", "plan", "stage", "steps")

    def __init__(
        self,
        stage: int,
        steps: Steps,
        plan: Plan,
    ) -> None:
        self.stage = stage
        self.steps = steps
        self.plan = plan
        self._completed: dict[int, list[tuple[Steps, Plan]]] = {}

    def completed(
        self, size: int, numbers: Sequence[Steps]
    ) -> list[tuple[Steps, Plan]]:
        """Return the plans that follow from each of `numbers`, the choices of `size` from NUMBERS.

        They are kept, as the index is.
        """
        if size not in self._completed:
            plans = [(steps, fold(self.plan, steps)) for steps in numbers]
            self._completed[size] = [
                each for each in plans if each[1] is not None
            ]
        return self._completed[size]


class Group:
    """The plans of the same number of misconceptions whose results have the same shape."""

    def __init__(self) -> None:
        self.plans: list[Shaped] = []
        self._blank: Array | None = None

    def fitting(
        self,
        values: Array,
        blank: Alternative | None,
    ) -> list[Shaped]:
        """Return the plans without those that give 0 where one of these values is not 0."""
        if blank is None:
            return self.plans
        if self._blank is None:
            masks = [
                self._mask(blank, shaped, values.size) for shaped in self.plans
            ]
            self._blank = np.stack(masks)
        excluded = self._blank[:, values != 0].any(axis=1)
        return [self.plans[index] for index in np.flatnonzero(~excluded)]

    @staticmethod
    def _mask(
        blank: Alternative,
        shaped: Shaped,
        size: int,
    ) -> Array:
        mask = attempt(blank, shaped.plan)
        return (
            np.zeros(size, bool) if mask is None else np.asarray(mask).ravel()
        )


class Index:
    """The plans of all choices from SHAPING.

    They are found by the shapes of the arguments, the number of misconceptions and the shape of the
    result. The index is built as far as it is asked for, and kept, since inputs differ from
    submission to submission, but their shapes do not. Safe to share between threads.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._levels: dict[Shapes, list[dict[Shape | None, Group]]] = {}
        self._lock = threading.Lock()

    def group(
        self,
        shapes: Shapes,
        size: int,
        shape: Shape,
    ) -> Group | None:
        """Return the plans of `size` misconceptions that turn these shapes into this shape."""
        with self._lock:
            levels = self._levels.setdefault(shapes, [])
            if not levels:
                levels.append(self._grouped(self._right(shapes)))
            while len(levels) <= size:
                levels.append(self._grouped(self._extended(levels[-1])))
        return levels[size].get(None if self._parts.shape is None else shape)

    def _grouped(self, plans: Iterator[Shaped]) -> dict[Shape | None, Group]:
        level: dict[Shape | None, Group] = {}
        for shaped in plans:
            shape = None
            if self._parts.shape is not None:
                shape = attempt(self._parts.shape, shaped.plan)
            level.setdefault(shape, Group()).plans.append(shaped)
        return level

    def _right(self, shapes: Shapes) -> Iterator[Shaped]:
        plan = attempt(self._parts.start, *shapes)
        if plan is not None:
            yield Shaped(-1, (), plan)

    def _extended(self, level: dict[Shape | None, Group]) -> Iterator[Shaped]:
        """Take one more wrong step from each plan, in a stage after its last one."""
        for group in level.values():
            for shaped in group.plans:
                for stage, step in self._next_steps(shaped):
                    plan = attempt(step, shaped.plan)
                    if plan is not None and plan != shaped.plan:
                        yield Shaped(stage, (*shaped.steps, step), plan)

    def _next_steps(self, shaped: Shaped) -> Iterator[tuple[int, Alternative]]:
        variants = sum(map(is_variant, shaped.steps))
        mostly_plain = len(shaped.steps) + 1 >= PLAIN_FROM
        for stage in range(shaped.stage + 1, len(self._parts.shaping)):
            for step in self._parts.shaping[stage][1:]:
                if not mostly_plain or variants + is_variant(step) <= 1:
                    yield stage, step


class Grid:
    """All combinations that an exercise's parts allow; safe to share between threads."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.numbers = [
            list(choices(parts.numbers, size))
            for size in range(MOST_NUMBERS + 1)
        ]
        """The choices from NUMBERS, by how many they are."""
        self.chains = [
            list(choices(parts.values, size)) for size in range(MOST_VALUES + 1)
        ]
        """The choices from VALUES, likewise."""
        self.index = Index(parts)
        self._plans: dict[tuple[Steps, Shapes], Plan] = {}

    def plan(
        self,
        steps: Sequence[Alternative],
        shapes: Shapes,
    ) -> Plan:
        """Return the plan of these choices from SHAPING and NUMBERS, or None if they clash.

        It is kept, as the index is: a class makes the same few mistakes over and over.
        """
        key = (tuple(steps), shapes)
        if key not in self._plans:
            self._plans[key] = fold(attempt(self.parts.start, *shapes), steps)
        return self._plans[key]

    def finish(
        self, plan: Plan, args: Sequence[Array], memory: Memory
    ) -> Array | None:
        """Compute what a plan gives for these arguments; None if it fails."""
        values = attempt(self.parts.finish, plan, *args, memory)
        return None if values is None else np.asarray(values)


def values_after(
    values: Array | None, chain: Sequence[Alternative], args: Sequence[Array]
) -> Array | None:
    """Apply these choices from VALUES to a result, in order; None if one of them fails."""
    for step in chain:
        if values is None:
            break
        values = attempt(step, values, *args)
    return values


def fold(plan: Plan, steps: Sequence[Alternative]) -> Plan:
    """Take the steps one after the other; None if two of them do not go together."""
    for step in steps:
        if plan is None:
            break
        plan = attempt(step, plan)
    return plan


# The author's functions take and return anything.
def attempt(function: Alternative, *arguments: Any) -> Any:  # noqa: ANN401
    """Call an author's function; None if it raises.

    A wrong answer may fail where the right one does not. Then it explains nothing, and no harm is
    done.
    """
    try:
        return function(*arguments)
    except Exception:  # noqa: BLE001 - the author's code may raise anything
        return None


def is_variant(step: Alternative) -> bool:
    """Tell whether a function stands for a variant of a misconception."""
    return "__" in getattr(step, "__name__", "")


def choices(stages: Sequence[Steps], size: int) -> Iterator[Steps]:
    """Return every choice of wrong alternatives from `size` different stages, in their order."""
    for chosen in itertools.combinations(stages, size):
        yield from itertools.product(*(stage[1:] for stage in chosen))


def splits(size: int) -> Iterator[tuple[int, int, int]]:
    """Return the ways to divide `size` misconceptions among SHAPING, NUMBERS and VALUES."""
    for shaping in range(min(size, MOST_SHAPING) + 1):
        for numbers in range(min(size - shaping, MOST_NUMBERS) + 1):
            values = size - shaping - numbers
            if values <= MOST_VALUES:
                yield shaping, numbers, values
