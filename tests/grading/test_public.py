"""Checking against the public examples: the same judgement, and nothing of the hidden half."""

import msgspec
import pytest

from grader.grading import Runner, check
from grader.model import Exercise, Status, Verdict
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
