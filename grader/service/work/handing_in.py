"""Hand in: the bytes are stored, then graded, then the result and what is owed are stored.

Two transactions and nothing else decide what is kept, so the process may be killed at any instant:

1. The bytes are stored under the click that sent them, leased to this process. From then on they
   are safe, and the same click finds them again.
2. The report, the state, the score that counts and that it is owed are stored together, unless
   somebody else was first.

What is killed in between is taken up by the process that finds its lease expired (`caretaker`).
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, NamedTuple, Protocol

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from grader.model import Report, Status
from grader.render.json import encode_report
from grader.service import words
from grader.service.data import Database, leases, people, scores, submissions
from grader.service.data.engine import reason
from grader.service.data.scores import Standing
from grader.service.data.submissions import New, Result, State, Submission
from grader.service.data.tokens import Who
from grader.service.graders.grading import CallOff, Graders
from grader.service.graders.messages import Graded, Work
from grader.service.graders.slots import Slots, SupersededError
from grader.service.problems import RefusedError
from grader.service.work.files import work_of_text
from grader.service.work.in_vain import InVain, Ticket
from grader.submission.parsing import kind_of
from grader.submission.reading import digest_of

LOG = logging.getLogger("grader")

LEASE_S: Final = 30.0
PER_MINUTE: Final = 10
CLICK_LENGTH: Final = 100
LETS_PASS: Final = {"notebook": 50}
"""How many later submissions go before one of this kind, if there is a line.

A notebook takes three times as long as a file. So at a deadline a tenth of all submissions, each of
which waits a second longer, saves the others a quarter of their wait.
"""


class Noting(Protocol):
    """Whoever wants to know how long grades take."""

    def __call__(self, kind: str, seconds: float, *, provisional: bool) -> None:
        """Take note of one."""


def _nobody(kind: str, seconds: float, *, provisional: bool) -> None:
    """Take no note."""


class Click(NamedTuple):
    """One press of the button."""

    link: str
    """The key of the exercise."""
    click: str
    """What the press is known by: sent again, it is the same."""
    for_person: str | None = None
    """The key of the student for whom a teacher hands in."""


class Settled(NamedTuple):
    """What has become of a submission."""

    state: State
    result: Result | None = None
    """What was stored; None where somebody else was first, or there is nothing to store."""
    report: Report | None = None
    """The report of `result`, decoded."""
    standing: Standing | None = None
    """The score that counts from then on."""


class Kept(NamedTuple):
    """A submission that is stored, and what is going to come of it, if it is graded here."""

    submission: Submission
    grading: "Future[Settled] | None"


class Desk:
    """Takes what is handed in, and has it graded."""

    def __init__(
        self,
        database: Database,
        graders: Graders,
        slots: Slots,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._graders = graders
        self._slots = slots
        self._clock = clock
        self._lock = threading.Lock()
        self._grading: dict[int, Future[Settled]] = {}
        self._in_vain = InVain()
        self.graded: Noting = _nobody
        """Told of each grade: of which kind of file, after how many seconds, provisional or not."""

    def hand_in(self, who: Who, click: Click, given: Work | str) -> Kept:
        """Store a file or a text, and let it be graded; the same click again finds the same.

        Refuses, in a sentence for the person: an exercise that is not theirs or closed, a student
        who is not in the course, more than ten in a minute.
        """
        now = self._clock()

        def keep(db: Connection) -> tuple[Submission, bool, Work, str]:
            link, person_id = self._whose(db, who, click)
            work = self._as_file(link, given)
            own = person_id == who.person_id
            new = New(
                person_id=person_id,
                link_id=link.id,
                click=click.click,
                name=work.name,
                kind=kind_of(work.name),
                digest=digest_of(work.data),
                data=work.data,
                by_person_id=None if own else who.person_id,
            )
            stored, is_new = submissions.add_submission(db, new, now, LEASE_S)
            if is_new:  # what is refused now is not stored: nothing of this is
                self._refuse_too_many(db, person_id, now)
                if link.closes_at is not None and now > link.closes_at:
                    raise RefusedError("gone", words.CLOSED)
            return stored, is_new, work, link.exercise

        stored, is_new, work, exercise = self._database.write(keep)
        if not is_new:
            return Kept(stored, self.grading_of(stored))
        # A newer attempt at the same exercise takes the place of one that waits, and ends one that
        # does not end.
        what = f"link {stored.link_id}"
        place = (stored.person_id, stored.link_id)
        ticket = self._in_vain.arrived(place, stored.digest)
        grading = self.let_grade(stored, exercise, work, what, ticket)
        return Kept(stored, grading)

    def let_grade(
        self,
        stored: Submission,
        exercise: str,
        work: Work,
        what: str,
        ticket: Ticket | None = None,
    ) -> "Future[Settled]":
        """Let a submission wait for a slot; of one person and `what`, only the newest waits."""

        def grade() -> Settled:
            return self._grade(stored, exercise, work, ticket)

        future: Future[Settled] = Future()
        with self._lock:
            self._grading[stored.id] = future

        def settled(done: "Future[Settled]") -> None:
            error = done.exception()
            if ticket is not None:
                self._in_vain.settled(ticket)
            if isinstance(error, SupersededError):
                error = self._superseded(stored)
            with self._lock:
                self._grading.pop(stored.id, None)
            if error is not None:
                future.set_exception(error)
            elif isinstance(done.exception(), SupersededError):
                future.set_result(Settled("superseded"))
            else:
                future.set_result(done.result())

        lets_pass = LETS_PASS.get(stored.kind, 0)
        job = self._slots.submit(
            f"person {stored.person_id}", what, grade, lets_pass
        )
        job.add_done_callback(settled)
        return future

    def grading_of(self, stored: Submission) -> "Future[Settled] | None":
        """Return what is going to come of a submission, if it waits or runs here."""
        with self._lock:
            return self._grading.get(stored.id)

    def is_grading(self) -> list[int]:
        """Return the ids of what waits or runs here: their leases are renewed."""
        with self._lock:
            return list(self._grading)

    def store(self, stored: Submission, graded: Graded) -> Settled:
        """Store a result and the score that counts; a fault of ours is tried again later."""
        now = self._clock()
        report = graded.report
        if report.status is Status.GRADER_ERROR:
            self._database.write(lambda db: leases.fail(db, stored.id, now))
            return Settled("failed")
        new = Result(
            status=str(report.status),
            score=report.score,
            max_score=report.max_score,
            report=encode_report(report),
            provisional=graded.provisional,
            graded_at=now,
        )

        def keep(db: Connection) -> tuple[bool, Standing | None]:
            kept = submissions.keep_result(db, stored.id, new)
            if not kept and not graded.provisional:
                kept = submissions.replace_provisional(db, stored.id, new)
            if not kept:
                return False, None
            # The score that is shown is what is read and written anyway: nothing is asked again.
            return True, scores.settle(
                db, stored.person_id, stored.link_id, now
            )

        kept, standing = self._database.write(keep)
        if not kept:
            return Settled("graded")
        seconds = now - stored.received_at
        self.graded(stored.kind, seconds, provisional=graded.provisional)
        return Settled("graded", new, report, standing)

    def _grade(
        self,
        stored: Submission,
        exercise: str,
        work: Work,
        ticket: Ticket | None,
    ) -> Settled:
        def lowered(call_off: CallOff) -> None:
            if ticket is not None:
                self._in_vain.lowered(ticket, call_off)

        try:
            graded = self._graders.grade(exercise, work, lowered=lowered)
        except RefusedError:
            # The log has the reason. The bytes are safe: they are graded when it is fixed.
            now = self._clock()
            self._database.write(lambda db: leases.fail(db, stored.id, now))
            return Settled("failed")
        # The next one need not wait for the disk.
        self._slots.give_up()
        return self.store(stored, graded)

    def _superseded(self, stored: Submission) -> Exception | None:
        try:
            self._database.write(
                lambda db: submissions.supersede(db, stored.id)
            )
        except SQLAlchemyError as error:
            # Its lease runs out, and it is graded after all.
            LOG.warning("%s: the database: %s", stored.key, reason(error))
            return error
        return None

    def _whose(
        self, db: Connection, who: Who, click: Click
    ) -> tuple[people.Link, int]:
        """Return the exercise, and the person whose submission it is."""
        link = None
        if who.context_id is not None:
            link = people.find_link(db, who.context_id, click.link)
        if link is None or who.person_id is None:
            raise RefusedError("not-found", words.NOT_FOUND)
        if click.for_person is None:
            return link, who.person_id
        if not who.teaches:
            raise RefusedError("forbidden", words.NOT_ALLOWED)
        person_id = people.find_member(db, link.context_id, click.for_person)
        if person_id is None:
            raise RefusedError("not-found", words.NO_SUCH_PERSON)
        return link, person_id

    def _as_file(self, link: people.Link, given: Work | str) -> Work:
        exercise = self._graders.exercises.get(link.exercise)
        return (
            work_of_text(given, exercise) if isinstance(given, str) else given
        )

    def _refuse_too_many(
        self, db: Connection, person_id: int, now: float
    ) -> None:
        if submissions.arrived_since(db, person_id, now - 60) > PER_MINUTE:
            raise RefusedError("too-many", words.TOO_MANY)
