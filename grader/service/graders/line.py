"""Who is next: fair by person, and without clocks or threads, so that it can be proved."""

from collections import Counter
from typing import Final, Generic, NamedTuple, TypeVar

Job = TypeVar("Job")

ONE: Final = 1
"""How many jobs of one person run at a time."""


class Place(NamedTuple):
    """What waits for a slot: at most one job for each place."""

    person: str
    what: str


class _Turn(NamedTuple, Generic[Job]):
    number: tuple[int, int]
    """Of equal first ones, the job that lets fewer pass is first."""
    job: Job


class Line(Generic[Job]):
    """Jobs that wait, in the order in which their places were taken.

    A person has one job running. A newer job takes the place of one that waits for the same, and
    with it its turn: pressing again does not send anybody to the end of the line. A job that takes
    long may let a limited number of later, shorter jobs go first.
    """

    def __init__(self) -> None:
        self._waiting: dict[Place, _Turn[Job]] = {}
        self._running: Counter[str] = Counter()
        self._arrived = 0

    def arrive(self, place: Place, job: Job, lets_pass: int = 0) -> Job | None:
        """Let a job wait; return the older one whose place it takes, if there is one.

        At most `lets_pass` jobs that come later and let nobody pass are started before it.
        """
        older = self._waiting.get(place)
        if older is None:
            self._arrived += 1
            number = (self._arrived + lets_pass, lets_pass)
            self._waiting[place] = _Turn(number, job)
            return None
        self._waiting[place] = _Turn(older.number, job)
        return older.job

    def start(self) -> tuple[Place, Job] | None:
        """Start the first job of those whose person has none running; None if there is none."""
        may_start = [
            place
            for place in self._waiting
            if self._running[place.person] < ONE
        ]
        if not may_start:
            return None
        place = min(may_start, key=lambda each: self._waiting[each].number)
        self._running[place.person] += 1
        return place, self._waiting.pop(place).job

    def end(self, place: Place) -> None:
        """Note that a job has ended, which `start` has returned."""
        self._running[place.person] -= 1
        if not self._running[place.person]:
            del self._running[place.person]

    def empty(self) -> list[Job]:
        """Take everything out that waits, and return it."""
        jobs = [turn.job for turn in self._waiting.values()]
        self._waiting.clear()
        return jobs

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many jobs run."""
        return self._running.total()
