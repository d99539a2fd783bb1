"""Grade against the hidden cases."""

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from grader.cases import (
    Secret,
    draw_cases,
    draw_probe,
    replay,
    replay_silenced,
)
from grader.errors import GraderError
from grader.grading.assembly import Runner, assemble, fault_hints
from grader.grading.drafts import Draft
from grader.grading.probe import Probe, with_probe_note
from grader.grading.right import Right, allowed_now, allowed_s, checks_of
from grader.log import log_fault
from grader.model import (
    Case,
    Exercise,
    Report,
    Solutions,
    Submission,
    Trial,
    Value,
)
from grader.render import prose

if TYPE_CHECKING:
    from grader.diagnose import Catalogue


class ReferenceFailedError(GraderError):
    """The reference solution raised an exception, so no submission can be judged."""


class Judged(NamedTuple):
    """A report, and for its operator the fault of ours that it has no score for.

    `cut_short` says that the submission could have come to more with the exercise's own limits:
    only where the grader was opened as interactive. Then the report is provisional.
    """

    report: Report
    fault: Exception | None = None
    cut_short: bool = False


class Grader:
    """Grades submissions of one exercise against its hidden cases; safe to share between threads.

    `secret` decides the hidden inputs (`grader.cases`), and `runner` runs the student's code.
    Nothing here is global: two graders, of two exercises or with two secrets, can live side by
    side.
    """

    def __init__(
        self,
        exercise: Exercise,
        solutions: Solutions,
        secret: Secret,
        runner: Runner,
    ) -> None:
        self.exercise = exercise
        self.solutions = solutions
        self.secret = secret
        self.runner = runner
        self._catalogue = functools.cache(self._load_catalogue)
        self._checks = checks_of(exercise, solutions)

    def grade(self, submission: Submission) -> Report:
        """Grade one submission; a fault of ours becomes a report without a score, and is logged.

        The report does not have the reason, because students read it: see `grader.log`. Raises only
        `ExerciseError`, where no inputs can be drawn from the author's cases: without cases there
        is nothing to report on.
        """
        report, fault, _ = self.judge(submission)
        if fault is not None:
            log_fault(submission.name, fault)
        return report

    def judge(
        self, submission: Submission, notes: tuple[str, ...] = ()
    ) -> Judged:
        """Grade one submission like `grade`, but return a fault of ours instead of logging it.

        `notes` are about how it was handed in. Before them comes only what less than full isolation
        means for the grade.
        """
        judged = self._judge(submission)
        report = judged.report
        isolation = prose.isolation_note(report.isolation.level)
        first = () if isolation is None else (isolation,)
        notes = (*first, *notes, *report.notes)
        return judged._replace(
            report=msgspec.structs.replace(report, notes=notes)
        )

    def _judge(self, submission: Submission) -> Judged:
        cases = functools.cache(functools.partial(self._cases, submission))
        try:
            return self._grade(submission, cases)
        except Exception as error:  # noqa: BLE001 - one bad submission must never stop a class
            drawn = cases()  # which raises again, if this is what failed
            return Judged(self._draft(submission, drawn).grader_error(), error)

    def _grade(
        self, submission: Submission, cases: Callable[[], Sequence[Case]]
    ) -> Judged:
        notes = (prose.secret_note(self.secret.source),)
        fault = submission.fault
        if fault is not None:
            hints = fault_hints(fault, self._catalogue)
            draft = self._draft(submission, cases())
            return Judged(draft.not_gradable(fault, hints, notes))
        probe = functools.cache(functools.partial(self._probe, submission))
        right: list[list[Right]] = []
        timed: list[Case] = []

        def prepare() -> Sequence[Case]:
            drawn = cases()
            with np.errstate(all="ignore"):
                right[:] = [
                    list(map(self._right, case.trials)) for case in drawn
                ]
            probe()
            timed[:] = drawn
            if self.exercise.speed is not None:
                timed[:] = map(_timed, drawn, right)
            return timed

        def probe_trial() -> Trial | None:
            found = probe()
            return None if found is None else found.trial

        execution = self.runner.run(submission, prepare, probe_trial)
        report = assemble(
            self.exercise,
            submission,
            timed,
            right,
            execution,
            self._catalogue,
            notes,
            self._checks,
        )
        report = with_probe_note(
            report,
            probe(),
            self.exercise,
            submission,
            execution,
            self._checks,
        )
        return Judged(report, cut_short=execution.cut_short)

    def _cases(self, submission: Submission) -> Sequence[Case]:
        digest, secret = submission.digest, self.secret.value
        return draw_cases(self.exercise, self.solutions, digest, secret)

    def _probe(self, submission: Submission) -> Probe | None:
        """Return the call that is not graded; None where the reference has no answer to it."""
        digest, secret = submission.digest, self.secret.value
        trial = draw_probe(self.exercise, self.solutions, digest, secret)
        if trial is None:
            return None
        try:
            return Probe(trial, self._reference(trial))
        except ReferenceFailedError:
            return None  # `grader validate` would have said so; nobody's grade depends on it

    def load_catalogue(self) -> None:
        """Load what diagnosis needs before it is needed, such as before processes are forked."""
        self._catalogue()

    def _load_catalogue(self) -> "Catalogue":
        from grader.diagnose import load_catalogue  # not for what is right

        return load_catalogue(self.exercise, self.solutions)

    def _draft(self, submission: Submission, cases: Sequence[Case]) -> Draft:
        return Draft(self.exercise, submission, cases, self.runner.isolation)

    def _right(self, trial: Trial) -> Right:
        """Return the right answer to a trial, and how long it may take; NumPy is silenced."""
        speed = self.exercise.speed
        if speed is None:
            return Right(self._reference(trial, replay_silenced))
        run = functools.partial(self._reference, trial)
        return Right(
            run(),
            allowed_s=allowed_s(self.exercise, run),
            allowed_now=functools.partial(allowed_now, speed, run),
        )

    def _reference(
        self, trial: Trial, run: Callable[..., Value] = replay
    ) -> Value:
        solutions = self.solutions
        try:
            return run(trial, self.exercise.function, solutions.names)
        except Exception as error:
            where = self.solutions.folder / "reference.py"
            what = (
                f"the reference solution raised {type(error).__name__}: {error}"
            )
            raise ReferenceFailedError(
                f"{where}: {what} (case {trial.case}); fix it"
            ) from error


def _timed(case: Case, right: Sequence[Right]) -> Case:
    """Return a case whose trials say how long they may take."""
    trials = tuple(
        msgspec.structs.replace(
            trial,
            allowed_s=answer.allowed_s,
            allowed_now=answer.allowed_now,
        )
        for trial, answer in zip(case.trials, right, strict=True)
    )
    return msgspec.structs.replace(case, trials=trials)
