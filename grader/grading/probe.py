"""The call that is not graded: it finds functions that are right for the tested sizes alone.

A function may hold a table of the sizes that are tested, and return None for any other. That is no
reason to take points away, since every case is right, but the student should know. So a submission
whose calls have all returned is called once more, with a size that no case has (`[probe]` in
cases.toml). Where every case passed and this call is wrong, the report has a note.
"""

from typing import NamedTuple

import msgspec
import numpy as np

from grader.compare import Checks, details
from grader.grading.right import Right, judged
from grader.model import (
    Execution,
    Exercise,
    Report,
    Status,
    Submission,
    Trial,
    Value,
    Verdict,
)
from grader.render.sentences import probe_note
from grader.submission import with_loops, with_moments


class Probe(NamedTuple):
    """The inputs of the call, and what it should return."""

    trial: Trial
    expected: Value


def with_probe_note(
    report: Report,
    probe: Probe | None,
    exercise: Exercise,
    submission: Submission,
    execution: Execution,
    checks: Checks | None,
) -> Report:
    """Return the report, with a note in front if every case passed and the probe did not."""
    outcome = execution.probe
    if probe is None or outcome is None or report.status is not Status.GRADED:
        return report
    if any(case.verdict is not Verdict.PASSED for case in report.cases):
        return report
    explained = with_moments([outcome], submission)
    (outcome,) = with_loops(explained, submission)
    right = Right(probe.expected)
    finding = judged(exercise, None, probe.trial, outcome, right, checks)
    if finding.verdict in (Verdict.PASSED, Verdict.GRADER_ERROR):
        return report
    facts = details(
        finding, submission.units, passed=0, of=1, exercise=exercise
    )
    names = probe.trial.names or exercise.arguments
    sizes = {
        name: value.shape
        for name, value in zip(names, probe.trial.args, strict=True)
        if isinstance(value, np.ndarray)
    }
    note = probe_note(sizes, finding.verdict, facts)
    return msgspec.structs.replace(report, notes=(note, *report.notes))
