"""What a report tells besides verdicts: what graded, and what to do where a library is missing."""

import platform

import msgspec
import numpy as np
import pytest

from grader.cases import example_cases
from grader.diagnose import Catalogue
from grader.grading.assembly import assemble
from grader.model import Execution, Exercise, Isolation, Loading, Report
from grader.submission import parse_submission

TOLD = "Ask for it in the course forum."


def report_of(exercise: Exercise, source: bytes) -> Report:
    """Return the report of a file that could not be loaded."""
    submission = parse_submission("a.py", source, exercise)
    execution = Execution(
        loading=Loading(state="no_function"),
        outcomes=(),
        isolation=Isolation("full", ("mechanism",)),
    )
    return assemble(
        exercise,
        submission,
        example_cases(exercise),
        [],
        execution,
        lambda: Catalogue({}, {}),
    )


def test_a_report_says_what_graded(exercise: Exercise) -> None:
    """The Python and the NumPy that a student can install to get the same."""
    versions = report_of(exercise, b"x = 1\n").graded_with
    assert versions is not None
    assert versions.python == platform.python_version()
    assert versions.numpy == np.__version__


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"from scipy.signal import convolve\n", True),
        (b"x = 1\n", False),
    ],
)
def test_what_the_exercise_tells_of_a_library_is_told(
    exercise: Exercise, source: bytes, told: bool
) -> None:
    """After the fault that names the library, and after no other."""
    changed = msgspec.structs.replace(exercise, missing={"scipy": TOLD})
    message = report_of(changed, source).message
    assert message.endswith(TOLD) is told
    assert len(message) > len(TOLD)
