"""Run: the public examples, in a confined worker, as `grader check` does it. Nothing is kept."""

import functools
import itertools
import math
import time
from typing import TYPE_CHECKING, Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from grader.service import words
from grader.service.graders.grading import Graders
from grader.service.graders.messages import Graded, Work
from grader.service.graders.slots import Slots
from grader.service.problems import RefusedError
from grader.service.work.in_vain import InVain
from grader.submission.reading import digest_of

if TYPE_CHECKING:
    from concurrent.futures import Future

    from grader.model import Report

PER_MINUTE: Final = 30
DRAFTS_PER_MINUTE: Final = 120
LINKS_PER_MINUTE: Final = 10
JOINS_PER_MINUTE: Final = 300
"""From one address, which all of a lecture hall may share."""
API_PER_MINUTE: Final = 600
API_AT_ONCE: Final = 4


class Rates:
    """How often somebody may do something, counted in this process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def require(
        self,
        what: str,
        whose: str,
        per_minute: int,
        sentence: str = words.TOO_MANY,
    ) -> None:
        """Count once; refuse, in a sentence, what is more than so many in a minute."""
        limit = RateLimitItemPerMinute(per_minute)
        if not self._limiter.hit(limit, what, whose):
            again = self._limiter.get_window_stats(limit, what, whose)[0]
            wait_s = max(1, math.ceil(again - time.time()))
            raise RefusedError("too-many", sentence, wait_s=wait_s)


class Bench:
    """Runs work that is not handed in."""

    def __init__(self, graders: Graders, slots: Slots, rates: Rates) -> None:
        self._graders = graders
        self._slots = slots
        self._rates = rates
        self._numbers = itertools.count()
        self._in_vain = InVain()

    def run(
        self, person_id: int, exercise: str, work: Work
    ) -> "Future[Report]":
        """Run the public examples; thirty times a minute, and only the newest that waits."""
        self._graders.exercises.get(exercise)
        self._rates.require("run", str(person_id), PER_MINUTE)
        ticket = self._in_vain.arrived(person_id, digest_of(work.data))
        running = self._slots.submit(
            f"person {person_id}",
            f"run {exercise}",
            lambda: self._graders.check(
                exercise,
                work,
                functools.partial(self._in_vain.lowered, ticket),
            ),
        )
        running.add_done_callback(lambda _: self._in_vain.settled(ticket))
        return running

    def grade(self, key: str, exercise: str, work: Work) -> "Future[Graded]":
        """Grade for a program that has a key, with the exercise's own limits."""
        self._graders.exercises.get(exercise)
        self._rates.require("api", key, API_PER_MINUTE)
        number = next(self._numbers)
        # As if so many people shared the key: a program cannot take all slots.
        return self._slots.submit(
            f"api {number % API_AT_ONCE} {key}",
            f"api {number}",
            lambda: self._graders.grade(exercise, work, patient=True),
        )
