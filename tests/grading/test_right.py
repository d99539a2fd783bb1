"""How long the calls of a trial may take, by a clock that the test sets."""

from types import SimpleNamespace

import msgspec
import pytest

from grader.grading import right
from grader.grading.right import FLOOR_S, allowed_now, allowed_s
from grader.model import Exercise, Speed

TEN_TIMES = Speed("10x reference")


class Clock:
    """A clock, and a run that takes some seconds: the next of a list, its last one from then on."""

    def __init__(self, *seconds: float) -> None:
        self.now = 0.0
        self.runs = 0
        self._seconds = seconds

    def run(self) -> None:
        """Let the time of a run go by."""
        last = len(self._seconds) - 1
        self.now += self._seconds[min(self.runs, last)]
        self.runs += 1


def clock(monkeypatch: pytest.MonkeyPatch, *seconds: float) -> Clock:
    """Measure with a clock of runs that take these seconds."""
    made = Clock(*seconds)
    shown = SimpleNamespace(perf_counter=lambda: made.now)
    monkeypatch.setattr(right, "time", shown)
    return made


def test_the_least_time_of_the_reference_counts(
    monkeypatch: pytest.MonkeyPatch, exercise: Exercise
) -> None:
    """A run that something else on the machine has lengthened gives nobody more time."""
    fast = msgspec.structs.replace(exercise, speed=TEN_TIMES)
    reference = clock(monkeypatch, 3.0, 0.5, 0.25, 0.5)
    assert allowed_s(fast, reference.run) == pytest.approx(2.5)


def test_a_busy_machine_is_measured_by_the_mean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Five runs that take a while are enough: 1.0 s on average, of which ten times is allowed."""
    reference = clock(monkeypatch, 0.5, 1.5, 0.5, 1.5, 1.0)
    assert allowed_now(TEN_TIMES, reference.run) == pytest.approx(10.0)
    assert reference.runs == 5


def test_short_runs_are_measured_until_they_took_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They may all fall between those that share the processor: what is rare counts too."""
    times = (*[0.001] * 7, 0.1)
    reference = clock(monkeypatch, *times)
    mean = sum(times) / len(times)
    assert allowed_now(TEN_TIMES, reference.run) == pytest.approx(10 * mean)
    assert reference.runs == len(times)


def test_measuring_ends_where_runs_take_no_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After twenty of them; and whatever the reference takes, some time is always allowed."""
    reference = clock(monkeypatch, 0.0)
    assert allowed_now(TEN_TIMES, reference.run) == FLOOR_S
    assert reference.runs == 20


def test_some_time_is_always_allowed(
    monkeypatch: pytest.MonkeyPatch, exercise: Exercise
) -> None:
    """Ten times nothing would be nothing; starting a call takes time."""
    fast = msgspec.structs.replace(exercise, speed=TEN_TIMES)
    assert allowed_s(fast, clock(monkeypatch, 0.0).run) == FLOOR_S


def test_where_nothing_is_said_about_speed_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch, exercise: Exercise
) -> None:
    """An exercise without `speed` costs no run of the reference for it."""
    reference = clock(monkeypatch, 1.0)
    assert allowed_s(exercise, reference.run) is None
    assert reference.runs == 0
