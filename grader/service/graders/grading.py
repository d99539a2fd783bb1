"""Grades bytes, in a process beside this one that is started again where it ends."""

import contextlib
import functools
import itertools
import logging
import threading
from collections.abc import Callable

import msgspec

from grader.execution import Interactive
from grader.model import Report
from grader.service import words
from grader.service.graders.exercises import Exercises
from grader.service.graders.messages import (
    Answer,
    Graded,
    Refusal,
    Setup,
    Task,
    Work,
)
from grader.service.graders.owned_process import OwnedProcess
from grader.service.logs import Format
from grader.service.problems import RefusedError

LOG = logging.getLogger("grader")


CallOff = Callable[[], None]
"""Lets the budget of a task be over."""


def _nobody() -> None:
    """Take no note."""


def _never(call_off: CallOff) -> None:
    """Take no note."""


class Graders:
    """Grades for any number of threads; `secret` is what hidden inputs are drawn from.

    Whatever cannot be done now is refused with a sentence for the person, and the log has the
    reason.
    """

    def __init__(
        self,
        exercises: Exercises,
        secret: bytes,
        require_isolation: str,
        when_lowered: Callable[[], object] = _nobody,
        log_format: Format = "text",
    ) -> None:
        """Take what the thread that waits for a grade calls once the workers are lowered."""
        self.exercises = exercises
        self.open_now = 0
        """How many graders were open, with their templates, when something was graded last."""
        self._when_lowered = when_lowered
        usual = Interactive()
        self._setup = Setup(
            solutions=str(exercises.trusted.folder),
            secret=secret,
            require_isolation=require_isolation,
            log_format=log_format,
            budget_s=usual.budget_s,
            demote_after_s=usual.demote_after_s,
        )
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._is_closed = False
        self._process: OwnedProcess | None = OwnedProcess(self._setup)

    def grade(
        self,
        exercise: str,
        work: Work,
        *,
        patient: bool = False,
        lowered: Callable[[CallOff], object] = _never,
    ) -> Graded:
        """Grade against the hidden cases: with a budget, unless nobody waits (`patient`).

        `lowered` is called in this thread as soon as the workers are lowered, with what lets the
        budget be over. A fault of ours is tried once more; then it is logged, and the report has no
        score.
        """
        task = Task(
            what="grade",
            number=next(self._numbers),
            exercise=exercise,
            work=work,
            patient=patient,
        )
        answer = self._ask(task, lowered)
        return Graded(_report(answer), answer.provisional)

    def check(
        self,
        exercise: str,
        work: Work,
        lowered: Callable[[CallOff], object] = _never,
    ) -> Report:
        """Run the public examples; nothing of the hidden half is asked for. `lowered` as above."""
        number = next(self._numbers)
        task = Task(what="check", number=number, exercise=exercise, work=work)
        return _report(self._ask(task, lowered))

    def isolation(self) -> str:
        """Return the level of isolation that a worker was found to have; opens a grader.

        Refuses where that is less than what is required.
        """
        first = next(iter(self.exercises)).name
        return self._ask(Task(what="isolation", exercise=first)).level

    def close_idle(self) -> None:
        """Close graders that nobody has used for long."""
        self._ask(Task(what="tidy"))

    def close(self) -> None:
        """End the process with all templates and workers; threads that wait for it are refused.

        May be called again.
        """
        with self._lock:
            self._is_closed = True
            process, self._process = self._process, None
        if process is not None:
            process.end()

    def _call_off(self, number: int) -> None:
        """Let the budget of a task be over; nothing happens if it has been done."""
        with contextlib.suppress(RefusedError):  # the service ends
            self._ask(Task(what="call-off", number=number))

    def _ask(
        self, task: Task, lowered: Callable[[CallOff], object] = _never
    ) -> Answer:
        """Have something done; where the process ends meanwhile, once more by a new one."""

        def when_lowered() -> None:
            self._when_lowered()
            lowered(functools.partial(self._call_off, task.number))

        for _ in range(2):
            process = self._running()
            try:
                answer = process.ask(task, when_lowered)
            except (EOFError, OSError):
                self._lose(process)
                continue
            if isinstance(answer, Refusal):
                raise RefusedError(answer.code, answer.sentence)
            self.open_now = answer.open_now
            return answer
        raise RefusedError("unavailable", words.NOT_GRADABLE_NOW)

    def _running(self) -> OwnedProcess:
        with self._lock:
            if self._is_closed:
                raise RefusedError("unavailable", words.NOT_GRADABLE_NOW)
            if self._process is None:
                self._process = OwnedProcess(self._setup)
            return self._process

    def _lose(self, process: OwnedProcess) -> None:
        """Take leave of a process that has ended; of several who notice, only the first does."""
        with self._lock:
            if self._process is not process:
                return
            self._process = None
            self.open_now = 0
        LOG.warning("the grading process ended; another one is started")
        process.end()


def _report(answer: Answer) -> Report:
    return msgspec.json.decode(answer.report, type=Report)
