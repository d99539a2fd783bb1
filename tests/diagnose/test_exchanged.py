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


NAMES = {
    "k, i": True,
    "ker, img": True,
    "K, IMG": True,
    "ker2, img1": True,
    "my_ker, x": True,
    "x, in_img": True,
    "x, i": True,
    "k, x": True,
    "kernel, kernel_of_image": True,
    "i, k": False,
    "img, ker": False,
    "image, image2": False,
    "k2, i1": False,  # a letter with a number is one of several
    "x, mg": False,  # the first letter is another one
    "x, igm": False,  # another order
    "x, in_im": False,  # too short to say anything inside a longer name
    "x, image_kernel": False,  # either
    "x, _": False,
    "x, y": False,
}


@pytest.mark.parametrize("names", NAMES)
def test_a_short_name_stands_for_an_argument_that_begins_alike(
    exercise: Exercise, names: str
) -> None:
    """Its letters come in the same order; what may be either argument, or none, shows nothing."""
    source = f"def convolve({names}):\n    return 0\n"
    submission = parse_submission("a.py", source.encode(), exercise)
    assert shows_exchanged_arguments(submission, exercise) is NAMES[names]


INNER = "def inner(k, i):\n    return k\n\n\n"
LAST = "def convolve(image, kernel):\n    return middle(image, kernel)\n"
CALLS = {
    INNER + "def middle(i, k):\n    return inner(i, k)\n" + LAST: True,
    INNER + "def middle(i, k):\n    return inner(k, i)\n" + LAST: False,
    INNER
    + "def middle(a, b):\n    for i in a:\n        for k in b: inner(i, k)\n"
    + LAST: False,
    "def middle(k, x):\n    return k\n" + LAST: False,
    "def middle(x, i):\n    return x\n" + LAST: False,
    "def middle(k, i):\n    return k\n" + LAST: True,
}


@pytest.mark.parametrize("source", CALLS, ids=range(len(CALLS)))
def test_a_call_shows_it_where_each_is_taken_for_the_other(
    exercise: Exercise, source: str
) -> None:
    """What is passed on are parameters: an `i` that counts rows is no image."""
    submission = parse_submission("a.py", source.encode(), exercise)
    assert shows_exchanged_arguments(submission, exercise) is CALLS[source]


def test_a_source_that_is_too_much_work_shows_nothing(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the calls cannot be looked at within the budget, no cause is claimed."""
    source = HELPER.format("b, a")
    submission = parse_submission("a.py", source.encode(), exercise)
    assert shows_exchanged_arguments(submission, exercise)
    monkeypatch.setattr(exchanged, "FACTS_STEPS", 3)
    assert not shows_exchanged_arguments(submission, exercise)
