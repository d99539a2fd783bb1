"""Takes up what was left: by a process that was killed, by the budget, by a fault of ours.

Two threads of each process. One renews the leases of what is graded here, and takes what others
have left when theirs have run out. Where little is to do, the other one grades again, with the
exercise's own limits, what the budget has cut short or what a newer attempt has superseded, once
its deadline is over.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from grader.service.data import (
    Database,
    forgetting,
    leases,
    people,
    submissions,
    tokens,
)
from grader.service.data.engine import reason
from grader.service.data.submissions import Submission
from grader.service.graders.grading import Graders
from grader.service.graders.messages import Work
from grader.service.graders.slots import Slots
from grader.service.problems import RefusedError
from grader.service.work.handing_in import LEASE_S, Desk

LOG = logging.getLogger("grader")

PERIOD_S: Final = 2.0
_AT_ONCE: Final = 50
_TIDY_S: Final = 3600.0
_DAY_S: Final = 86400.0
_PATIENCE_S: Final = 10.0
_CALM: Final = 0.1
"""The part of the slots' time that others may take where something is graded with full limits."""
_LONGEST_S: Final = 900.0
"""After so long without such a time, one is graded with full limits all the same."""
_LATER_LEASE_S: Final = 600.0
"""What cannot be graded with full limits now is tried again after that."""


class Caretaker:
    """Threads that look every two seconds; `look` and `grade_patiently` do what one look does."""

    def __init__(
        self,
        database: Database,
        graders: Graders,
        slots: Slots,
        desk: Desk,
        keep_days: float | None = None,
    ) -> None:
        self._keep_days = keep_days
        self._database = database
        self._graders = graders
        self._slots = slots
        self._desk = desk
        self._ending = threading.Event()
        self._in_trouble = False
        self._tidied_at = 0.0
        self._calm_at = time.time()
        self._threads = [
            threading.Thread(target=self._run, args=[what], name=what.__name__)
            for what in (self.look, self.grade_patiently)
        ]

    def start(self) -> None:
        """Begin; what another process left behind is taken up at once."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End; what is graded patiently may be cut off, and is graded later."""
        self._ending.set()
        begun = [one for one in self._threads if one.ident is not None]
        for thread in begun:
            thread.join(_PATIENCE_S)
        if any(thread.is_alive() for thread in begun):
            self._graders.close()
        for thread in begun:
            thread.join()

    def look(self, now: float | None = None) -> None:
        """Renew leases, and take up what was left."""
        now = time.time() if now is None else now
        here = self._desk.is_grading()
        with self._database.begin() as db:
            leases.renew(db, here, now, LEASE_S)
            for key in leases.give_up(db, now):
                LOG.error(
                    "submission %s: the service ended each time it was graded; it is left",
                    key,
                )
            free = max(0, _AT_ONCE - len(here))
            taken = leases.claim(db, now, LEASE_S, free)
        for stored in taken:
            self._take_up(stored)
        self._tidy(now)

    def grade_patiently(self, now: float | None = None) -> bool:
        """Grade one again, in this thread, where little is to do; return whether there was one."""
        now = time.time() if now is None else now
        if not self._is_calm() and now < self._calm_at + _LONGEST_S:
            return False
        self._calm_at = now
        with self._database.begin() as db:
            stored = leases.claim_later(db, now, _LATER_LEASE_S)
            if stored is None:
                return False
            data = submissions.read_data(db, stored.id)
            exercise = people.exercise_of(db, stored.link_id)
        work = Work(stored.name, data or b"")
        try:
            graded = self._graders.grade(exercise, work, patient=True)
        except RefusedError:
            return (
                False  # the log has the reason; it is tried again, after others
            )
        if self._ending.is_set() and graded.report.score is None:
            return False  # it was cut off
        self._desk.store(stored, graded)
        return True

    def _is_calm(self) -> bool:
        """Return whether one may be graded with full limits, which disturbs others.

        An endless file takes a processor for seconds, with no budget and the usual priority. At a
        deadline there are moments in which nothing runs; what is begun then holds up the next
        hundred.
        """
        slots = self._slots
        return not (slots.waiting or slots.running) and slots.load() <= _CALM

    def _run(self, what: Callable[[], object]) -> None:
        while not self._ending.is_set():
            try:
                what()
            except SQLAlchemyError as error:
                # Once for each time that it goes away, or the log would be full of it.
                if not self._in_trouble:
                    LOG.error(  # noqa: TRY400 - the reason is enough
                        "the database does not answer: %s", reason(error)
                    )
                self._in_trouble = True
            else:
                if self._in_trouble:
                    LOG.warning("the database answers again")
                self._in_trouble = False
            self._ending.wait(PERIOD_S)

    def _take_up(self, stored: Submission) -> None:
        with self._database.read() as db:
            data = submissions.read_data(db, stored.id)
            exercise = people.exercise_of(db, stored.link_id)
        work = Work(stored.name, data or b"")
        # A place of its own: it must not supersede what came after it.
        self._desk.let_grade(stored, exercise, work, f"submission {stored.id}")

    def _tidy(self, now: float) -> None:
        with contextlib.suppress(RefusedError):  # the log has the reason
            self._graders.close_idle()
        if now < self._tidied_at + _TIDY_S:
            return
        self._tidied_at = now
        with self._database.begin() as db:
            tokens.drop_expired(db, now)
        if self._keep_days is not None:
            before = now - self._keep_days * _DAY_S
            with self._database.begin() as db:
                dropped = forgetting.drop_old(db, before)
            if dropped:
                LOG.info("deleted code and reports of %d attempts", dropped)
