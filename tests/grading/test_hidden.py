"""Grading against the hidden cases: whatever happens, there is one report."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from grader.cases import Secret
from grader.errors import ExerciseError, GraderError
from grader.grading import Grader, Runner
from grader.model import (
    Array,
    Case,
    Execution,
    Exercise,
    Isolation,
    Report,
    Solutions,
    Status,
    Submission,
    Value,
    Verdict,
)
from grader.submission import parse_submission
from grader.version import __version__

SECRET = Secret(b"secret", "file")
RIGHT = """
import numpy as np

def convolve(image, kernel):
    rows, columns = kernel.shape
    out = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = np.sum(image[i : i + rows, j : j + columns] * kernel)
    return out
"""


class Broken:
    """A runner that cannot run anything."""

    isolation = Isolation("none", ())

    def __init__(self, error: Exception) -> None:
        self.error = error

    def run(
        self,
        submission: Submission,  # noqa: ARG002 - as a runner takes it
        cases: Callable[[], Sequence[Case]],  # noqa: ARG002 - as above
        probe: object = None,  # noqa: ARG002 - as above
    ) -> Execution:
        """Raise the error."""
        raise self.error


Grade = Callable[..., Report]


@pytest.fixture
def grade(exercise: Exercise, solutions: Solutions, runner: Runner) -> Grade:
    """Return a function that grades a source, with changes to the solutions or the runner."""

    def grade(source: str, using: Runner = runner, **changes: Any) -> Report:
        changed = msgspec.structs.replace(solutions, **changes)
        submission = parse_submission("a.py", source.encode(), exercise)
        return Grader(exercise, changed, SECRET, using).grade(submission)

    return grade


def test_a_right_submission_gets_full_marks(
    grade: Grade, exercise: Exercise
) -> None:
    """The report names the exercise, the submission, the isolation, the secret and the version."""
    report = grade(RIGHT)
    assert (report.status, report.score, report.max_score) == (
        Status.GRADED,
        4.0,
        4.0,
    )
    assert [case.name for case in report.cases] == [
        "8x8",
        "12x10",
        "10x10",
        "12x8",
    ]
    for case in report.cases:
        assert (case.verdict, case.score, case.hints) == (
            Verdict.PASSED,
            1.0,
            (),
        )
        assert case.max_score == 1.0
        assert case.details.passed_trials == case.details.trials == 3
        assert 0 < case.duration_s < 60
        assert case.duration_s == round(case.duration_s, 6)
        rows, columns = map(int, case.name.split("x"))
        assert case.shapes == {"image": (rows, columns), "kernel": (3, 3)}
    assert (
        report.exercise.name,
        report.exercise.title,
        report.exercise.digest,
    ) == (
        exercise.name,
        exercise.title,
        exercise.digest,
    )
    assert (report.submission.name, report.submission.kind) == (
        "a.py",
        "python",
    )
    assert report.submission.digest.startswith("sha256:")
    assert report.message == "All 4 cases passed."
    assert report.grader_version == __version__
    assert any("secret" in note for note in report.notes)


def test_failed_cases_say_what_is_wrong_and_why(grade: Grade) -> None:
    """A case that failed scores 0 and has a hint; one that passed scores 1 and has none."""
    report = grade(
        RIGHT.replace(
            "return out", "return out if len(image) == 8 else out[::-1, ::-1]"
        )
    )
    first, *others = report.cases
    assert (report.score, first.verdict, first.hints) == (
        1.0,
        Verdict.PASSED,
        (),
    )
    for case in others:
        assert (case.verdict, case.score) == (Verdict.WRONG_VALUES, 0.0)
        assert case.message
    flipped = grade(RIGHT.replace("* kernel)", "* kernel[::-1, ::-1])"))
    for case in flipped.cases:
        assert [hint.misconception for hint in case.hints] == ["kernel-flipped"]


@pytest.mark.parametrize(
    ("source", "message", "hints"),
    [
        ("def convolve(image, kernel:\n", "Line 1", []),
        (
            "def convolv(image, kernel):\n    return image\n",
            "convolve",
            ["wrong-name"],
        ),
        ("from scipy.signal import convolve\n", "scipy", []),
        ("convolve = 3\n", "convolve", []),
    ],
)
def test_what_cannot_be_run_is_not_gradable(
    grade: Grade, source: str, message: str, hints: list[str]
) -> None:
    """Such a report has a message in one line, no points, and the hint of the misconception."""
    report = grade(source)
    assert (report.status, report.score) == (Status.NOT_GRADABLE, 0.0)
    assert message in report.message
    assert "\n" not in report.message
    images = [(8, 8), (12, 10), (10, 10), (12, 8)]
    assert [case.shapes for case in report.cases] == [
        {"image": image, "kernel": (3, 3)} for image in images
    ]
    for case in report.cases:
        assert (case.verdict, case.score, case.max_score) == (
            Verdict.NOT_RUN,
            0.0,
            1.0,
        )
        assert (case.details.trials, case.duration_s) == (None, 0.0)
        assert [hint.misconception for hint in case.hints] == hints
    assert any("secret" in note for note in report.notes)


def test_the_case_is_told_by_the_call_that_ended_the_worker(
    grade: Grade,
) -> None:
    """Where a call ended its worker, its case has that verdict and not `not_run`."""
    dying = RIGHT.replace(
        "    rows, columns", "    import os\n    os.abort()\n    rows, columns"
    )
    report = grade(dying)
    assert (report.status, report.score) == (Status.GRADED, 0.0)
    assert {case.verdict for case in report.cases} == {Verdict.CRASHED}
    assert all(case.details.passed_trials == 0 for case in report.cases)


# ---- Faults of ours


def no_points(report: Report, reason: str, log: str) -> bool:
    """Tell whether this is the report of a fault of ours: no score at all, for any case."""
    assert report.status is Status.GRADER_ERROR
    assert (report.score, report.max_score) == (None, 4.0)
    assert len(report.cases) == 4
    for case in report.cases:
        assert (case.verdict, case.score) == (Verdict.GRADER_ERROR, None)
        assert case.hints == ()
    assert reason not in report.message, "students read it"
    return reason in log


def test_a_reference_that_raises_costs_no_points(
    grade: Grade, caplog: pytest.LogCaptureFixture
) -> None:
    """The report has no score, and the log names the file to mend."""

    def reference(_image: Array, _kernel: Array) -> Array:
        raise ZeroDivisionError("by zero")

    report = grade(RIGHT, names={"convolve": reference})
    assert no_points(
        report, "/reference.py: the reference solution raised", caplog.text
    )
    assert "ZeroDivisionError: by zero (case 8x8)" in caplog.text


def test_a_reference_that_changes_its_arguments_changes_nothing_else(
    grade: Grade, solutions: Solutions
) -> None:
    """The reference solution works on copies: the student's function gets what was drawn."""

    def reference(image: Array, kernel: Array) -> Value:
        result = solutions.reference(image, kernel)
        image[:] = 0
        return result

    assert grade(RIGHT, names={"convolve": reference}).score == 4.0


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (GraderError("no process left"), "no process left"),
        (RuntimeError("surprise"), "RuntimeError: surprise"),
    ],
)
def test_a_failure_of_the_grader_costs_no_points(
    grade: Grade,
    error: Exception,
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Any failure becomes a report without a score, and its reason goes to the log."""
    with caplog.at_level(logging.WARNING, logger="grader"):
        report = grade(RIGHT, using=Broken(error))
    assert no_points(report, reason, caplog.text)
    (record,) = caplog.records
    assert (
        f"grader: a.py: not graded: {reason}"
        in record.getMessage().splitlines()
    )


def test_without_cases_there_is_no_report(
    grade: Grade, solutions: Solutions
) -> None:
    """If no inputs can be drawn, the exercise is invalid, and that is raised."""
    trial = solutions.trials[0]
    impossible = msgspec.structs.replace(
        trial.inputs["kernel"], sum_between=(1e9, 1e9)
    )
    inputs = {**trial.inputs, "kernel": impossible}
    trials = (msgspec.structs.replace(trial, inputs=inputs),)
    with pytest.raises(ExerciseError, match="sum_between"):
        grade(RIGHT, trials=trials)


def test_two_graders_do_not_share_a_secret(
    exercise: Exercise, solutions: Solutions, runner: Runner
) -> None:
    """Each grader draws from its own secret; the student's function sees other inputs."""
    kernels = []
    for secret in (b"one", b"two", b"one"):
        source = "def convolve(image, kernel):\n    return kernel\n"
        submission = parse_submission("a.py", source.encode(), exercise)
        grader = Grader(exercise, solutions, Secret(secret, "file"), runner)
        kernels.append(grader.grade(submission).cases[0].details.actual)
    assert kernels[0] == kernels[2] != kernels[1]
