"""A report in each of its three ways: graded, not gradable, failed by a fault of ours."""

import re
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from grader.compare import details
from grader.model import (
    Case,
    CaseReport,
    Details,
    Exercise,
    ExerciseInfo,
    Fault,
    Finding,
    Hint,
    Isolation,
    Report,
    Status,
    Submission,
    SubmissionInfo,
    Verdict,
    Versions,
)
from grader.render import prose
from grader.render.sentences import case_message
from grader.version import __version__
from grader.vocabulary import GRADER_FAULT, VERDICTS


class Draft(NamedTuple):
    """What is known about a report before its status is."""

    exercise: Exercise
    submission: Submission
    cases: Sequence[Case]
    isolation: Isolation
    output: str = ""
    """What the submission printed, as the report keeps it."""

    def graded(
        self, reports: Sequence[CaseReport], notes: tuple[str, ...] = ()
    ) -> Report:
        """Return the report of a submission whose cases were judged."""
        message = prose.report_message(reports)
        score = float(sum(case.score or 0.0 for case in reports))
        return self._report(Status.GRADED, score, message, reports, notes)

    def not_gradable(
        self, fault: Fault, hints: tuple[Hint, ...], notes: tuple[str, ...] = ()
    ) -> Report:
        """Return the report of a submission that cannot be run; each case scores 0."""
        reports = [
            _unjudged(case, Verdict.NOT_RUN, 0.0, hints) for case in self.cases
        ]
        message = _fault_message(fault, self.exercise)
        return self._report(Status.NOT_GRADABLE, 0.0, message, reports, notes)

    def grader_error(self) -> Report:
        """Return the report of a fault of ours: no score, not even 0, and no reason."""
        reports = [
            _unjudged(case, Verdict.GRADER_ERROR, None, ())
            for case in self.cases
        ]
        return self._report(
            Status.GRADER_ERROR, None, GRADER_FAULT, reports, ()
        )

    def judged(
        self, case: Case, findings: Sequence[Finding], hints: tuple[Hint, ...]
    ) -> CaseReport:
        """Return the report of one case, from the findings of its trials."""
        failed = [one for one in findings if one.verdict is not Verdict.PASSED]
        shown = _representative(failed) if failed else findings[0]
        passed = len(findings) - len(failed)
        facts = details(
            shown,
            self.submission.units,
            passed=passed,
            of=len(findings),
            exercise=self.exercise,
        )
        seconds = sum(finding.outcome.duration_s for finding in findings)
        return CaseReport(
            name=case.name,
            title=case.title,
            shapes=case.shapes,
            verdict=shown.verdict,
            score=0.0 if failed else case.points,
            max_score=case.points,
            message=_with_missing_told(
                case_message(shown.verdict, facts), facts, self.exercise
            ),
            hints=hints if failed else (),
            details=facts,
            duration_s=round(seconds, 6),
        )

    def _report(
        self,
        status: Status,
        score: float | None,
        message: str,
        reports: Sequence[CaseReport],
        notes: tuple[str, ...],
    ) -> Report:
        exercise, submission = self.exercise, self.submission
        return Report(
            exercise=ExerciseInfo(
                exercise.name, exercise.title, exercise.digest
            ),
            submission=SubmissionInfo(
                submission.name, submission.kind, submission.digest
            ),
            status=status,
            score=score,
            max_score=float(sum(case.points for case in self.cases)),
            message=message,
            cases=tuple(reports),
            notes=notes,
            isolation=self.isolation,
            grader_version=__version__,
            graded_with=_versions(),
            output=self.output,
        )


def _with_missing_told(
    message: str,
    facts: Details,
    exercise: Exercise,
) -> str:
    """Return a message with what the exercise tells where a library of these is not there."""
    error = facts.exception
    if error is None or error.missing is None:
        return message
    told = exercise.missing.get(error.missing.module.partition(".")[0])
    return f"{message} {told}" if told else message


def _fault_message(fault: Fault, exercise: Exercise) -> str:
    """Return the message of a fault, likewise."""
    for library, told in exercise.missing.items():
        if re.search(rf"\b{re.escape(library)}\b", fault.message):
            return f"{fault.message} {told}"
    return fault.message


def _versions() -> Versions:
    """Return what runs here; a worker is the same interpreter with the same NumPy."""
    python = ".".join(map(str, sys.version_info[:3]))
    return Versions(python, np.__version__)


def _representative(failed: Sequence[Finding]) -> Finding:
    """Choose the failed trial that is shown for its case: the first that was run, if one was.

    Trials are not run because another trial ended the worker, and that other one is the news.
    """
    ran = [
        finding for finding in failed if finding.verdict is not Verdict.NOT_RUN
    ]
    return (ran or failed)[0]


def _unjudged(
    case: Case,
    verdict: Verdict,
    score: float | None,
    hints: tuple[Hint, ...],
) -> CaseReport:
    return CaseReport(
        name=case.name,
        title=case.title,
        shapes=case.shapes,
        verdict=verdict,
        score=score,
        max_score=case.points,
        message=VERDICTS[verdict].sentence,
        hints=hints,
        details=Details(),
        duration_s=0.0,
    )
