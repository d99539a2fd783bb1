"""Compare, diagnose, and make the report of one execution."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from grader.compare.checks import Checks
from grader.errors import GraderError
from grader.grading.drafts import Draft
from grader.grading.right import Right, judged
from grader.model import (
    Case,
    Execution,
    Exercise,
    Fault,
    Finding,
    Hint,
    Isolation,
    Outcome,
    Report,
    Submission,
    Trial,
    Verdict,
)
from grader.render.loading import loading_notes
from grader.render.printed import kept
from grader.submission import (
    running_fault,
    running_notes,
    with_loops,
    with_missing,
    with_moments,
)

if TYPE_CHECKING:
    from grader.diagnose import Catalogue


class RunnerFailedError(GraderError):
    """The student's code was not run, or not to its end, because of a fault of ours."""


class Runner(Protocol):
    """Whatever can run student code; `grader.execution.open_runner` returns one."""

    @property
    def isolation(self) -> Isolation:
        """What is really enforced."""

    def run(
        self,
        submission: Submission,
        cases: Callable[[], Sequence[Case]],
        probe: Callable[[], Trial | None] = ...,
    ) -> Execution:
        """Call the student's function once per trial.

        `cases` may be called while the submission is loaded. If all calls have returned, `probe`
        gives one more, which is not graded.
        """


def assemble(
    exercise: Exercise,
    submission: Submission,
    cases: Sequence[Case],
    right: Sequence[Sequence[Right]],
    execution: Execution,
    catalogue: Callable[[], "Catalogue"],
    notes: tuple[str, ...] = (),
    checks: Checks | None = None,
) -> Report:
    """Compare and diagnose what one execution gave, and put it into words.

    `right` has one list per case, with what is right for each trial. `catalogue` is called only if
    something failed. Raises `RunnerFailedError` if an outcome is a fault of ours.
    """
    printed = kept(execution.output)
    draft = Draft(exercise, submission, cases, execution.isolation, printed)
    loading = execution.loading
    skipped = loading_notes(loading, submission.units)
    notes = (*submission.notes, *skipped, *notes)
    fault = running_fault(loading, execution.outcomes, exercise, submission)
    if fault is not None:
        return draft.not_gradable(fault, fault_hints(fault, catalogue), notes)
    explained = with_missing(execution.outcomes, loading, submission)
    explained = with_moments(explained, submission)
    outcomes = iter(with_loops(explained, submission))
    by_case = [
        (case, _case_findings(exercise, case, answers, outcomes, checks))
        for case, answers in zip(cases, right, strict=True)
    ]
    findings = [finding for _, of_case in by_case for finding in of_case]
    for finding in findings:
        if finding.verdict is Verdict.GRADER_ERROR:
            raise RunnerFailedError(
                finding.sentence
                or finding.outcome.reason
                or "no reason was given"
            )
    hints: dict[str, tuple[Hint, ...]] = {}
    passed = all(finding.verdict is Verdict.PASSED for finding in findings)
    more = running_notes(loading, exercise, submission, passed=passed)
    if not passed:
        from grader.diagnose import diagnose  # not for what is right

        hints = diagnose(findings, loading, submission, exercise, catalogue())
    reports = [
        draft.judged(case, of_case, hints.get(case.name, ()))
        for case, of_case in by_case
    ]
    return draft.graded(reports, (*more, *notes))


def _case_findings(
    exercise: Exercise,
    case: Case,
    right: Sequence[Right],
    outcomes: Iterator[Outcome],
    checks: Checks | None,
) -> list[Finding]:
    """Compare the trials of one case with their outcomes, the next of `outcomes`."""
    return [
        judged(exercise, case, trial, next(outcomes), answer, checks)
        for trial, answer in zip(case.trials, right, strict=True)
    ]


def fault_hints(
    fault: Fault, catalogue: Callable[[], "Catalogue"]
) -> tuple[Hint, ...]:
    """Return the hint of the misconception that a fault shows, if it shows one."""
    if fault.misconception is None:
        return ()
    return catalogue().hints([fault.misconception])
