"""What is right: the answers to a trial, and how long they may take."""

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from grader.compare import compare, in_time
from grader.compare.checks import Checks
from grader.model import (
    Case,
    Exercise,
    Finding,
    Outcome,
    Solutions,
    Speed,
    Trial,
    Value,
)

FLOOR_S: Final = 0.05
"""What every call may take, whatever the reference takes: starting anything takes time."""

_TIMES: Final = 5
"""How often the reference is timed; its least time counts, and so does a submission's."""
_MOST_TIMES: Final = 20
_WHILE_S: Final = 0.03


class Right(NamedTuple):
    """The right answers to one trial."""

    value: Value
    others: tuple[Value, ...] = ()
    allowed_s: float | None = None
    """How long the calls may take; None where the exercise does not say."""
    allowed_now: Callable[[], float] | None = None
    """Measures that again."""


def checks_of(exercise: Exercise, solutions: Solutions) -> Checks | None:
    """Return the exercise's own checks, if it has any."""
    if not solutions.checks:
        return None
    return Checks(
        functions=solutions.checks,
        targets=exercise.targets,
        arguments=exercise.arguments,
        file=str(solutions.folder / "check.py"),
    )


def judged(
    exercise: Exercise,
    case: Case | None,
    trial: Trial,
    outcome: Outcome,
    right: Right,
    checks: Checks | None,
) -> Finding:
    """Compare one outcome with what is right, its time included."""
    own = None if case is None else case.tolerance
    finding = compare(
        trial,
        outcome,
        right.value,
        own or exercise.tolerance,
        exercise.arguments,
        others=right.others,
        comparison=exercise.comparison,
        checks=checks,
    )
    if right.allowed_s is None:
        return finding
    return in_time(finding, outcome.allowed_s or right.allowed_s)


def allowed_s(exercise: Exercise, run: Callable[[], object]) -> float | None:
    """Return how long a trial may take; `run` runs it on the reference, which is timed.

    None where the exercise does not say. The least of several times is the one that nothing else
    on the machine has lengthened.
    """
    if exercise.speed is None:
        return None
    times = [_timed(run) for _ in range(_TIMES)]
    return max(FLOOR_S, exercise.speed.ratio * min(times))


def allowed_now(speed: Speed, run: Callable[[], object]) -> float:
    """Return how long a trial may take on the machine as busy as it is.

    Not by the least time: a short run may fall between those that share the processor with it, and
    a longer one cannot. So it is the mean of as many as take a while.
    """
    times: list[float] = []
    while len(times) < _TIMES or sum(times) < _WHILE_S:
        times.append(_timed(run))
        if len(times) >= _MOST_TIMES:
            break
    return max(FLOOR_S, speed.ratio * sum(times) / len(times))


def _timed(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin
