"""Exchanged arguments are read from names that the student gave, or not at all."""

import pytest

from grader.diagnose import exchanged
from grader.diagnose.exchanged import shows_exchanged_arguments
from grader.exercise import load_exercise
from grader.model import Exercise
from grader.submission import parse_submission


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    """Return the exercise of this repository."""
    return load_exercise("convolution")


HELPER = (
    "def conv(image, kernel):\n    return image\n\n\n"
    "def convolve(a, b):\n    return conv({})\n"
)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("def convolve(kernel, image):\n    return image\n", True),
        ("def convolve(image, kernel):\n    return image\n", False),
        ("def other(kernel, image):\n    return image\n", False),
        (HELPER.format("a, b"), False),
        (HELPER.format("b, a"), True),
        (HELPER.format("b, a").replace("return conv", "return sorted"), False),
        (HELPER.format("*a"), False),
    ],
)
def test_only_names_in_the_other_order_show_it(
    exercise: Exercise, source: str, shown: bool
) -> None:
    """The definition counts, and a call of a function of one's own; other calls say nothing."""
    submission = parse_submission("a.py", source.encode(), exercise)
    assert shows_exchanged_arguments(submission, exercise) is shown


def test_a_source_that_is_too_much_work_shows_nothing(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the calls cannot be looked at within the budget, no cause is claimed."""
    source = HELPER.format("b, a")
    submission = parse_submission("a.py", source.encode(), exercise)
    assert shows_exchanged_arguments(submission, exercise)
    monkeypatch.setattr(exchanged, "FACTS_STEPS", 3)
    assert not shows_exchanged_arguments(submission, exercise)
