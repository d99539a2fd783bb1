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


class Line(Generic[Job]):
    """Jobs that wait, in the order in which their places were taken.

    A person has one job running. A newer job takes the place of one that waits for the same, and
    with it its turn: pressing again does not send anybody to the end of the line.
    """

    def __init__(self) -> None:
        self._waiting: dict[Place, Job] = {}
        self._running: Counter[str] = Counter()

    def arrive(self, place: Place, job: Job) -> Job | None:
        """Let a job wait; return the older one whose place it takes, if there is one."""
        superseded = self._waiting.get(place)
        self._waiting[place] = job
        return superseded

    def start(self) -> tuple[Place, Job] | None:
        """Start the first job of those whose person has none running; None if there is none."""
        for place, job in self._waiting.items():
            if self._running[place.person] < ONE:
                del self._waiting[place]
                self._running[place.person] += 1
                return place, job
        return None

    def end(self, place: Place) -> None:
        """Note that a job has ended, which `start` has returned."""
        self._running[place.person] -= 1
        if not self._running[place.person]:
            del self._running[place.person]

    def empty(self) -> list[Job]:
        """Take everything out that waits, and return it."""
        jobs = list(self._waiting.values())
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
