"""Checking against the public examples: the same judgement, and nothing of the hidden half."""

from collections.abc import Callable, Sequence

import msgspec
import pytest

from grader.grading import Runner, check
from grader.model import (
    Case,
    Execution,
    Exercise,
    Isolation,
    Loading,
    Outcome,
    Status,
    Submission,
    Verdict,
)
from grader.submission import parse_submission

FLIPPED = """
import numpy as np

def convolve(image, kernel):
    rows, columns = kernel.shape
    out = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i, j in np.ndindex(*out.shape):
        patch = image[i : i + rows, j : j + columns]
        out[i, j] = np.sum(patch * kernel[::-1, ::-1])
    return out
"""


@pytest.mark.parametrize("kernel", ["kernel", "kernel[::-1, ::-1]"])
def test_each_example_is_a_case(
    exercise: Exercise, runner: Runner, kernel: str
) -> None:
    """The report has one case for each example, with its inputs, verdict and hints."""
    source = FLIPPED.replace("kernel[::-1, ::-1]", kernel)
    report = check(
        exercise, parse_submission("a.py", source.encode(), exercise), runner
    )
    assert report.status is Status.GRADED
    assert [case.name for case in report.cases] == [
        one.name for one in exercise.examples
    ]
    if kernel == "kernel":
        assert {case.verdict for case in report.cases} == {Verdict.PASSED}
        assert report.score == report.max_score
    failed = [
        case for case in report.cases if case.verdict is not Verdict.PASSED
    ]
    for case in failed:
        assert [hint.misconception for hint in case.hints] == ["kernel-flipped"]
        example = next(
            one for one in exercise.examples if one.name == case.name
        )
        assert case.details.inputs is not None
        assert case.details.inputs["image"] == example.args[0].tolist()
    assert bool(failed) == (kernel != "kernel")
    assert report.notes == ()


def test_a_fault_is_the_same_as_in_grading(
    exercise: Exercise, runner: Runner
) -> None:
    """A syntax error is not gradable here either, and each example scores 0."""
    report = check(
        exercise, parse_submission("a.py", b"def convolve(", exercise), runner
    )
    assert (report.status, report.score) == (Status.NOT_GRADABLE, 0.0)
    assert "Line 1" in report.message
    assert [case.name for case in report.cases] == [
        one.name for one in exercise.examples
    ]


def test_a_fault_that_is_a_misconception_has_its_hint(
    exercise: Exercise, runner: Runner
) -> None:
    """The hint comes from the public table, without the hidden half."""
    submission = parse_submission("a.py", b"def convolve(", exercise)
    assert submission.fault is not None
    fault = msgspec.structs.replace(
        submission.fault, misconception="wrong-name"
    )
    submission = msgspec.structs.replace(submission, fault=fault)
    for case in check(exercise, submission, runner).cases:
        assert [hint.misconception for hint in case.hints] == ["wrong-name"]


class Dead:
    """A runner whose worker died by a fault of ours, whatever it is asked."""

    isolation = Isolation("none", ())

    def run(
        self,
        submission: Submission,  # noqa: ARG002 - as a runner takes it
        cases: Callable[[], Sequence[Case]],
        probe: object = None,  # noqa: ARG002 - as above
    ) -> Execution:
        """Answer for each case that the grader failed."""
        lost = Outcome(kind="grader_error", reason="the disk is full")
        return Execution(
            loading=Loading(state="ready"),
            outcomes=(lost,) * len(cases()),
            isolation=self.isolation,
        )


def test_a_failure_of_the_grader_is_never_a_verdict(
    exercise: Exercise, caplog: pytest.LogCaptureFixture
) -> None:
    """Where our side failed, nothing is said about the code, and the log has the reason."""
    submission = parse_submission("a.py", FLIPPED.encode(), exercise)
    report = check(exercise, submission, Dead())
    assert (report.status, report.score) == (Status.GRADER_ERROR, None)
    for case in report.cases:
        assert (case.verdict, case.score) == (Verdict.GRADER_ERROR, None)
    assert "disk" not in report.message, "students read it"
    assert "grader: a.py: not graded: the disk is full" in caplog.text
