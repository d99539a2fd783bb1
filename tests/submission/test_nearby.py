"""A name that is not defined is told beside the student's own name that it may have been."""

import pytest

from grader.model import Raised, Unit
from grader.submission.budget import Budget
from grader.submission.nearby import nearby_name
from grader.submission.program import read_program

SOURCE = """\
import numpy as np

SIZE = 3


def convolve(Image, Kernel):
    output = np.zeros(3)
    for row in range(3):
        def inner(value):
            return value
        output[row] = {used}
    return output


def another(weights, Weights):
    return 0
"""


@pytest.mark.parametrize(
    ("used", "meant"),
    [
        ("kernel", "Kernel"),
        ("KERNEL", "Kernel"),
        ("kernal", "Kernel"),
        ("outptu", "output"),
        ("size", "SIZE"),
        ("vlaue", "value"),
        ("weihgts", None),
        ("xyz", None),
        ("SIZE", None),
        ("q", None),
        ("k" * 4000, None),
    ],
)
def test_only_a_name_in_reach_is_meant(used: str, meant: str | None) -> None:
    """It differs in capital letters or in a letter or two, and the function can see it."""
    program = read_program((Unit(SOURCE.format(used=used)),))
    raised = Raised(
        type="NameError", message=f"name '{used}' is not defined", line=10
    )
    assert nearby_name(raised, program, Budget(1000)) == meant


def test_two_names_that_differ_in_capitals_are_no_answer() -> None:
    """Where it could be either, none is told."""
    source = "def f(Image, IMAGE):\n    return image\n"
    raised = Raised(
        type="NameError", message="name 'image' is not defined", line=2
    )
    assert (
        nearby_name(raised, read_program((Unit(source),)), Budget(1000)) is None
    )


def test_another_exception_means_no_name() -> None:
    """A student's own message of another type is not looked at."""
    raised = Raised(
        type="ValueError", message="name 'kernel' is not defined", line=10
    )
    program = read_program((Unit(SOURCE.format(used="kernel")),))
    assert nearby_name(raised, program, Budget(1000)) is None
