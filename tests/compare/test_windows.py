"""Which rectangle of an argument is framed: where the exercise declares how windows lie."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.compare.windows import covered
from grader.exercise import load_exercise
from grader.model import (
    Covered,
    Finding,
    Outcome,
    Patch,
    Raised,
    Trial,
    Verdict,
)

ROOT = Path(__file__).parents[2]
IMAGE = np.zeros((6, 8))


def finding(
    arguments: tuple[str, ...],
    args: tuple[Any, ...],
    first: tuple[int, ...] | None = None,
    patch: Patch | None = None,
) -> Finding:
    """Make a finding with a first wrong place, or an exception with what its line asked for."""
    raised = None
    if patch is not None:
        raised = Raised(type="ValueError", message="no", patch=patch)
    return Finding(
        verdict=Verdict.RAISED if raised else Verdict.WRONG_VALUES,
        trial=Trial(case="a", name="b", args=args),
        outcome=Outcome(kind="raised" if raised else "returned", raised=raised),
        expected=np.zeros((1, 1)),
        arguments=arguments,
        first=first,
    )


def rectangle(exercise: str, found: Finding) -> tuple[int, ...] | None:
    """Return row, column, height and width of what is framed."""
    loaded = load_exercise(ROOT / "exercises" / exercise)
    shown: Covered | None = covered(found, loaded)
    if shown is None:
        return None
    return shown.row, shown.column, shown.height, shown.width


KERNEL = np.zeros((3, 3))


@pytest.mark.parametrize(
    ("exercise", "arguments", "args", "first", "framed"),
    [
        (
            "convolution",
            ("image", "kernel"),
            (IMAGE, KERNEL),
            (2, 3),
            (2, 3, 3, 3),
        ),
        (
            "convolution",
            ("image", "kernel"),
            (IMAGE, KERNEL),
            (4, 0),
            None,
        ),
        (
            "convolution-1d",
            ("signal", "kernel"),
            (np.zeros(8), np.zeros(3)),
            (5,),
            (0, 5, 1, 3),
        ),
        (
            "convolution-stride-padding",
            ("image", "kernel", "stride", "padding"),
            (IMAGE, KERNEL, 2, 1),
            (0, 2),
            (-1, 3, 3, 3),
        ),
        (
            "convolution-channels",
            ("image", "kernels"),
            (np.zeros((2, 6, 8)), np.zeros((4, 2, 3, 3))),
            (3, 1, 2),
            (1, 2, 3, 3),
        ),
        (
            "max-pooling",
            ("image", "size"),
            (IMAGE, 2),
            (1, 3),
            (2, 6, 2, 2),
        ),
    ],
)
def test_the_first_wrong_place_has_its_window(
    exercise: str,
    arguments: tuple[str, ...],
    args: tuple[Any, ...],
    first: tuple[int, ...],
    framed: tuple[int, ...] | None,
) -> None:
    """Stride and padding count; a place that no window has is not framed."""
    assert rectangle(exercise, finding(arguments, args, first)) == framed


@pytest.mark.parametrize(
    ("patch", "framed"),
    [
        (Patch((6, 8), (4, 0), (7, 3)), (4, 0, 3, 3)),
        (Patch((6, 8), (4, 7), (5, 10)), (4, 7, 1, 3)),
        (Patch((8, 10), (4, 0), (7, 3)), None),
        (Patch((6, 8), (6, 0), (9, 3)), None),
        (Patch((6, 8), (-1, 0), (2, 3)), None),
        (Patch((6, 8), (2, 2), (2, 5)), None),
        (Patch((6, 8), (0, 0), (1 << 30, 3)), None),
    ],
)
def test_what_a_line_asked_for(
    patch: Patch, framed: tuple[int, ...] | None
) -> None:
    """A slice of an array of the argument's shape; what is empty or elsewhere is not drawn."""
    found = finding(("image", "kernel"), (IMAGE, KERNEL), patch=patch)
    assert rectangle("convolution", found) == framed


def test_nothing_is_framed_where_nothing_is_declared() -> None:
    """An exercise without `[picture]` has no windows."""
    found = finding(("logits",), (IMAGE,), (0, 0))
    assert rectangle("softmax", found) is None
