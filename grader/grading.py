"""Grading: an exercise and a submission in, a report out. The one room that knows the order of the others."""

import functools
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from grader.cases import Secret, draw_cases, example_cases
from grader.compare import compare, details
from grader.diagnose import Catalogue, diagnose, load_catalogue, load_public_catalogue
from grader.errors import GraderError
from grader.model import (
    Array,
    Case,
    CaseReport,
    Details,
    Execution,
    Exercise,
    ExerciseInfo,
    Fault,
    Finding,
    Hint,
    Isolation,
    Report,
    Solutions,
    Status,
    Submission,
    SubmissionInfo,
    Trial,
    Verdict,
)
from grader.render import loading as loading_prose
from grader.render import prose
from grader.submission import loading_fault
from grader.version import __version__

log = logging.getLogger("grader")


class Runner(Protocol):
    """Whatever can run student code: `grader.execution.open_runner` gives one."""

    @property
    def isolation(self) -> Isolation:
        """What is really enforced."""

    def run(
        self, submission: Submission, cases: Callable[[], Sequence[Case]]
    ) -> Execution:
        """Call the student's function once per trial; `cases` may be called while the submission is loaded."""


class ReferenceFailedError(GraderError):
    """The reference solution raised: no submission can be judged."""


class Grader:
    """Grades submissions of one exercise against its hidden cases; safe to share between threads.

    `secret` decides the hidden inputs (`grader.cases`), `runner` runs the student's code. Nothing
    here is global: two graders of two exercises, or with two secrets, live side by side.
    """

    def __init__(
        self, exercise: Exercise, solutions: Solutions, secret: Secret, runner: Runner
    ) -> None:
        self.exercise = exercise
        self.solutions = solutions
        self.secret = secret
        self.runner = runner
        self._catalogue = functools.cache(lambda: load_catalogue(exercise, solutions))

    def grade(self, submission: Submission) -> Report:
        """Grade one submission; a failure of ours becomes a report without a score.

        Raises only ExerciseError, where `cases.toml` has no inputs to give: then there is nothing
        to report on.
        """
        cases = functools.cache(
            lambda: draw_cases(
                self.exercise, self.solutions, submission.digest, self.secret.value
            )
        )
        try:
            report = self._graded(submission, cases)
        except ReferenceFailedError as error:
            report = _grader_error(
                self.exercise, submission, cases(), self.runner.isolation, str(error)
            )
        except Exception as error:
            # Everything: one bad submission must never stop a class. The traceback goes to standard
            # error.
            drawn = cases()  # raises again if it is this that failed
            log.warning("%s: the grader itself failed", submission.name, exc_info=error)
            reason = (
                f"{type(error).__name__}: {error}"
                if not isinstance(error, GraderError)
                else str(error)
            )
            report = _grader_error(
                self.exercise, submission, drawn, self.runner.isolation, reason
            )
        return report

    def _graded(
        self, submission: Submission, cases: Callable[[], Sequence[Case]]
    ) -> Report:
        notes = (prose.secret_note(self.secret.source),)
        if submission.fault is not None:
            hints = _hints(submission.fault, self._catalogue)
            return _not_gradable(
                self.exercise,
                submission,
                cases(),
                submission.fault,
                hints,
                self.runner.isolation,
                notes,
            )
        expected: list[list[Array]] = []

        def prepare() -> Sequence[Case]:
            expected[:] = [
                [self._reference(trial) for trial in case.trials] for case in cases()
            ]
            return cases()

        execution = self.runner.run(submission, prepare)
        return assemble(
            self.exercise,
            submission,
            cases(),
            expected,
            execution,
            self._catalogue,
            notes,
        )

    def _reference(self, trial: Trial) -> Array:
        # Copies: a reference that writes into its arguments must not change what the student gets.
        arguments = [array.copy() for array in trial.args]
        try:
            return self.solutions.reference(*arguments)
        except Exception as error:
            where = self.solutions.folder / "reference.py"
            text = f"{where}: the reference solution raised {type(error).__name__}: {error} (case {trial.case}); mend it"
            raise ReferenceFailedError(text) from error


def check(exercise: Exercise, submission: Submission, runner: Runner) -> Report:
    """Run the public examples of an exercise: what a student may see, and nothing from `solutions/`."""
    cases = example_cases(exercise)
    if submission.fault is not None:
        hints = _hints(
            submission.fault, functools.partial(load_public_catalogue, exercise)
        )
        return _not_gradable(
            exercise, submission, cases, submission.fault, hints, runner.isolation, ()
        )
    execution = runner.run(submission, lambda: cases)
    return assemble_check(exercise, submission, execution)


def assemble_check(
    exercise: Exercise, submission: Submission, execution: Execution
) -> Report:
    """Judge what came back for the public examples, wherever the code ran (a worker, or the student's own kernel)."""
    expected = [[example.expected] for example in exercise.examples]
    catalogue = functools.partial(load_public_catalogue, exercise)
    return assemble(
        exercise,
        submission,
        example_cases(exercise),
        expected,
        execution,
        catalogue,
        (),
    )


def assemble(
    exercise: Exercise,
    submission: Submission,
    cases: Sequence[Case],
    expected: Sequence[Sequence[Array]],
    execution: Execution,
    catalogue: Callable[[], Catalogue],
    notes: tuple[str, ...],
) -> Report:
    """Compare, diagnose and put into words what one execution gave.

    `expected` has one list per case, one array per trial. `catalogue` is called only when something
    failed.
    """
    loading = execution.loading
    notes = (
        *submission.notes,
        *loading_prose.loading_notes(loading, exercise, submission.units),
        *notes,
    )
    fault = loading_fault(loading, exercise, submission)
    if fault is not None:
        hints = _hints(fault, catalogue)
        return _not_gradable(
            exercise, submission, cases, fault, hints, execution.isolation, notes
        )
    outcomes = iter(execution.outcomes)
    findings = [
        [
            compare(
                trial, next(outcomes), wanted, exercise.tolerance, exercise.arguments
            )
            for trial, wanted in zip(case.trials, wants, strict=True)
        ]
        for case, wants in zip(cases, expected, strict=True)
    ]
    everything = [finding for per_case in findings for finding in per_case]
    diagnosis: dict[str, tuple[Hint, ...]] = {}
    if any(finding.verdict is not Verdict.PASSED for finding in everything):
        diagnosis = diagnose(everything, loading, submission, exercise, catalogue())
    reports = tuple(
        _case_report(exercise, submission, case, per_case, diagnosis.get(case.name, ()))
        for case, per_case in zip(cases, findings, strict=True)
    )
    if any(report.verdict is Verdict.GRADER_ERROR for report in reports):
        reason = next(
            finding.outcome.reason
            for finding in everything
            if finding.verdict is Verdict.GRADER_ERROR
        )
        return _grader_error(
            exercise,
            submission,
            cases,
            execution.isolation,
            reason or "no reason was given",
        )
    return _report(
        exercise,
        submission,
        Status.GRADED,
        prose.report_message(reports),
        reports,
        notes,
        execution.isolation,
    )


def _case_report(
    exercise: Exercise,
    submission: Submission,
    case: Case,
    findings: Sequence[Finding],
    hints: tuple[Hint, ...],
) -> CaseReport:
    failed = [finding for finding in findings if finding.verdict is not Verdict.PASSED]
    # A trial that was not run follows one that ended its worker: the one that ended it is the news.
    shown = next(
        (finding for finding in failed if finding.verdict is not Verdict.NOT_RUN), None
    )
    shown = shown or (failed[0] if failed else findings[0])
    facts = details(
        shown, submission.units, passed=len(findings) - len(failed), of=len(findings)
    )
    return CaseReport(
        name=case.name,
        title=case.title,
        image_shape=case.shapes.get("image"),
        kernel_shape=case.shapes.get("kernel"),
        verdict=shown.verdict,
        score=0.0 if failed else case.points,
        max_score=case.points,
        message=prose.case_message(shown.verdict, facts, exercise),
        hints=hints if failed else (),
        details=facts,
        duration_s=round(sum(finding.outcome.duration_s for finding in findings), 6),
    )


def _not_run(
    case: Case, verdict: Verdict, message: str, hints: tuple[Hint, ...]
) -> CaseReport:
    return CaseReport(
        name=case.name,
        title=case.title,
        image_shape=case.shapes.get("image"),
        kernel_shape=case.shapes.get("kernel"),
        verdict=verdict,
        score=None if verdict is Verdict.GRADER_ERROR else 0.0,
        max_score=case.points,
        message=message,
        hints=hints,
        details=Details(),
        duration_s=0.0,
    )


def _hints(fault: Fault, catalogue: Callable[[], Catalogue]) -> tuple[Hint, ...]:
    """Give the hint of the misconception that a fault is, where it is one."""
    return (
        catalogue().hints([fault.misconception])
        if fault.misconception is not None
        else ()
    )


def _not_gradable(
    exercise: Exercise,
    submission: Submission,
    cases: Sequence[Case],
    fault: Fault,
    hints: tuple[Hint, ...],
    isolation: Isolation,
    notes: tuple[str, ...],
) -> Report:
    reports = tuple(
        _not_run(case, Verdict.NOT_RUN, prose.NOT_RUN, hints) for case in cases
    )
    return _report(
        exercise,
        submission,
        Status.NOT_GRADABLE,
        fault.message,
        reports,
        notes,
        isolation,
    )


def _grader_error(
    exercise: Exercise,
    submission: Submission,
    cases: Sequence[Case],
    isolation: Isolation,
    reason: str,
) -> Report:
    message = prose.grader_error_message(reason)
    reports = tuple(
        _not_run(case, Verdict.GRADER_ERROR, prose.GRADER_ERROR, ()) for case in cases
    )
    return _report(
        exercise, submission, Status.GRADER_ERROR, message, reports, (), isolation
    )


def _report(
    exercise: Exercise,
    submission: Submission,
    status: Status,
    message: str,
    cases: tuple[CaseReport, ...],
    notes: tuple[str, ...],
    isolation: Isolation,
) -> Report:
    score = (
        None
        if status is Status.GRADER_ERROR
        else float(sum(case.score or 0.0 for case in cases))
    )
    return Report(
        exercise=ExerciseInfo(exercise.name, exercise.title, exercise.digest),
        submission=SubmissionInfo(submission.name, submission.kind, submission.digest),
        status=status,
        score=score,
        max_score=float(sum(case.max_score for case in cases)),
        message=message,
        cases=cases,
        notes=notes,
        isolation=isolation,
        grader_version=__version__,
    )
