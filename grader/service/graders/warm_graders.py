"""Warm graders: they grade bytes, within a budget where somebody waits."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from grader.api import open_grader
from grader.errors import GraderError
from grader.execution import Interactive
from grader.grading import Grader, check
from grader.log import log_fault, reason_of
from grader.model import Exercise, Report, Status
from grader.service import words
from grader.service.graders.messages import Graded, Work
from grader.service.graders.warm import Warm
from grader.service.problems import RefusedError
from grader.submission import HandedIn

LOG = logging.getLogger("grader")


class _Which(NamedTuple):
    exercise: str
    patient: bool
    """Whether nobody waits: then the exercise's own limits hold, and no budget."""


class WarmGraders:
    """Grades for any number of threads; `secret` is what hidden inputs are drawn from.

    `find` returns an exercise by its name, and `solutions` is the folder of hidden halves.
    """

    def __init__(
        self,
        find: Callable[[str], Exercise],
        solutions: Path,
        secret: bytes,
        require_isolation: str,
        interactive: Interactive,
    ) -> None:
        self._find = find
        self._solutions = solutions
        self._secret = secret
        self._require_isolation = require_isolation
        self._interactive = interactive
        self._warm: Warm[_Which, Grader] = Warm(self._open)

    def grade(
        self, exercise: str, work: Work, *, patient: bool = False
    ) -> Graded:
        """Grade against the hidden cases.

        A fault of ours is tried once more with a new grader; then it is logged, and the report has
        no score. Refuses an exercise that cannot be used at all.
        """
        which = _Which(exercise, patient)
        graded, fault = self._judge(which, work)
        if fault is not None:
            LOG.warning("%s; it is tried again", reason_of(fault))
            graded, fault = self._judge(which, work)
        if fault is not None:
            log_fault(work.name, fault)
        return graded

    def check(self, exercise: str, work: Work) -> Report:
        """Run the public examples; nothing of the hidden half is asked for."""
        which = _Which(exercise, patient=False)
        for last in (False, True):
            with self._use(which) as grader:
                submission = HandedIn(*work).submission(grader.exercise)
                report = check(grader.exercise, submission, grader.runner)
                if report.status is not Status.GRADER_ERROR or last:
                    break
                self._warm.lose(which, grader)
        return report

    def isolation(self, exercise: str) -> str:
        """Return the level of isolation that a worker was found to have; opens a grader.

        Refuses where that is less than what is required.
        """
        with self._use(_Which(exercise, patient=False)) as grader:
            return grader.runner.isolation.level

    @property
    def open_now(self) -> int:
        """How many graders are open."""
        return len(self._warm.open_now)

    def close_idle(self) -> None:
        """Close what nobody has used for long."""
        self._warm.close_idle()

    def close(self) -> None:
        """End all templates and workers."""
        self._warm.close()

    def _judge(
        self, which: _Which, work: Work
    ) -> tuple[Graded, Exception | None]:
        with self._use(which) as grader:
            submission = HandedIn(*work).submission(grader.exercise)
            judged = grader.judge(submission)
            if judged.fault is not None:
                self._warm.lose(which, grader)
            return Graded(judged.report, judged.cut_short), judged.fault

    @contextlib.contextmanager
    def _use(self, which: _Which) -> Iterator[Grader]:
        """Use a grader; what keeps it from being opened is logged, and refused in a sentence."""
        try:
            with self._warm.use(which) as grader:
                yield grader
        except GraderError as error:
            LOG.error(  # noqa: TRY400 - the reason is enough
                "%s: cannot be used: %s", which.exercise, reason_of(error)
            )
            raise RefusedError("unavailable", words.NOT_GRADABLE_NOW) from error

    def _open(self, which: _Which) -> contextlib.AbstractContextManager[Grader]:
        return open_grader(
            self._find(which.exercise),
            solutions=self._solutions,
            secret=self._secret,
            require_isolation=self._require_isolation,
            interactive=None if which.patient else self._interactive,
        )
