"""Slots: threads that do what waits in the line.

Each grades one submission at a time. A worker that has used its share is lowered by the system and
gets what nobody else wants (`execution.interactive`); its job gives its slot to another one then
and goes on beside the slots. So endless submissions hold up nobody, as long as they are few: when
`lowered` jobs have given up their slots, the next ones keep theirs.
"""

import contextlib
import math
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any, Final, NamedTuple, TypeVar

from grader.service.graders.line import Line, Place

SLOTS: Final = min(8, 2 * len(os.sched_getaffinity(0)))
"""Two for each processor: while one waits, the other computes. More of them would push each other
out of the processors' caches, so that all of them would take longer."""
LOWERED: Final = 32
_NEWEST: Final = 0.1
"""The weight of the newest job in the mean that the wait is computed from."""
_LATELY_S: Final = 10.0
"""How fast it fades how long slots were held."""

Result = TypeVar("Result")


class SupersededError(Exception):
    """A newer job took the place of one that was waiting."""


class ClosedError(Exception):
    """The service ends, so a job was not begun."""


class _Job(NamedTuple):
    work: Callable[[], Any]
    future: "Future[Any]"


class Slots:
    """A line, and threads that do what waits in it."""

    def __init__(
        self,
        number: int = SLOTS,
        lowered: int = LOWERED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.number = number
        self._clock = clock
        self._line: Line[_Job] = Line()
        self._changed = threading.Condition()
        self._closed = False
        self._mean_s = 0.0
        self._held_s = 0.0
        self._noted_at = clock()
        self._free = number
        self._may_give_up = lowered
        self._own = threading.local()
        self._threads = [
            threading.Thread(target=self._do_jobs, name=f"slot-{each}")
            for each in range(number + lowered)
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self,
        person: str,
        what: str,
        work: Callable[[], Result],
        lets_pass: int = 0,
    ) -> "Future[Result]":
        """Let a job wait for a slot, and return what becomes of it; `lets_pass` as in `Line`.

        The future raises what `work` raises; `SupersededError` if a newer job of this person for
        the same took its place; `ClosedError` if the service ends before it is begun.
        """
        future: Future[Result] = Future()
        with self._changed:
            if self._closed:
                future.set_exception(ClosedError())
                return future
            older = self._line.arrive(
                Place(person, what), _Job(work, future), lets_pass
            )
            self._changed.notify()
        if older is not None:
            older.future.set_exception(SupersededError())
        return future

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return self._line.waiting

    @property
    def running(self) -> int:
        """How many jobs run."""
        return self._line.running

    def expected_wait_s(self) -> float:
        """Return how long a job that comes now is going to wait, by the mean of the last ones."""
        return self._line.waiting * self._mean_s / self.number

    def load(self) -> float:
        """Return which part of the slots' time was taken lately: a mean that fades, of ten seconds.

        A job counts when it leaves its slot. What it did without one does not count.
        """
        with self._changed:
            return self._held_lately() / (_LATELY_S * self.number)

    def give_up(self) -> None:
        """Let another job have the slot of the one that this thread does.

        Does nothing if the job has already given its slot up, or if this thread runs no job.
        """
        with self._changed:
            if self._may_give_up and getattr(self._own, "has_slot", False):
                self._may_give_up -= 1
                self._own.has_slot = False
                self._leave_slot()

    def close(self) -> None:
        """Begin nothing more, and wait for what runs. May be called again."""
        with self._changed:
            self._closed = True
            left = self._line.empty()
            self._changed.notify_all()
        for job in left:
            job.future.set_exception(ClosedError())
        for thread in self._threads:
            thread.join()

    def _do_jobs(self) -> None:
        while (started := self._next()) is not None:
            place, job = started
            try:
                result = job.work()
            except BaseException as error:  # noqa: BLE001 - the future passes it on
                self._end(place)
                _settle(job.future.set_exception, error)
            else:
                # First: the slot is free when the result is known.
                self._end(place)
                _settle(job.future.set_result, result)

    def _next(self) -> tuple[Place, _Job] | None:
        with self._changed:
            while not self._closed:
                started = self._line.start() if self._free else None
                if started is not None:
                    self._free -= 1
                    self._own.has_slot, self._own.since = True, self._clock()
                    return started
                self._changed.wait()
        return None

    def _end(self, place: Place) -> None:
        with self._changed:
            self._line.end(place)
            if self._own.has_slot:
                self._own.has_slot = False
                self._leave_slot()
            else:
                self._may_give_up += 1
                # Another job of the same person may be the only one that waits.
                self._changed.notify()

    def _held_lately(self) -> float:
        ago_s = self._clock() - self._noted_at
        return self._held_s * math.exp(-ago_s / _LATELY_S)

    def _leave_slot(self) -> None:
        took = self._clock() - self._own.since
        self._mean_s += _NEWEST * (took - self._mean_s)
        self._held_s = self._held_lately() + min(took, _LATELY_S)
        self._noted_at = self._clock()
        self._free += 1
        self._changed.notify()


def _settle(how: Callable[[Any], None], value: object) -> None:
    with contextlib.suppress(InvalidStateError):  # nobody waits any more
        how(value)
