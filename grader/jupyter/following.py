"""What a notebook says beside a report: what has become of it since, and what comes next."""

import contextlib
import io
import os
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, Final

import numpy as np

from grader import figures
from grader.attempts import Attempt, since_last
from grader.jupyter.limit import Limit, TimeIsUp
from grader.model import Array, Exercise, Report
from grader.render.beside import Beside, hand_in, right_of

_SIDE: Final = 40
_PLANE: Final = 2
_SECONDS: Final = 2.0
_KERNELS: Final = {
    "upright edges": np.array([[-1.0, 0.0, 1.0]] * 3),
    "level edges": np.array([[-1.0, 0.0, 1.0]] * 3).T,
}


def beside_of(report: Report, exercise: Exercise) -> Beside:
    """Return how this compares with the last attempt, and what to hand in when all is right."""
    found = right_of(report)
    if found is None:
        return Beside()
    right, of = found
    progress = since_last(exercise.name, Attempt(exercise.digest, right, of))
    what = _notebook() or "this notebook"
    return Beside(
        progress=progress, next=hand_in(report, what, exercise.hand_in)
    )


def _notebook() -> str:
    """Return the name of the notebook, where Jupyter has told it; empty elsewhere."""
    name = PurePath(os.environ.get("JPY_SESSION_NAME", "")).name
    return name if name.endswith(".ipynb") else ""


def own_picture(
    report: Report,
    exercise: Exercise,
    function: object,
    cells: Mapping[str, int | None],
) -> str:
    """Return what the student's own function sees in a picture, as HTML; empty where it sees none.

    It is called once more for each kernel, and ended where that takes too long. Nothing is judged.
    """
    found = right_of(report)
    if found is None or found[0] != found[1] or not callable(function):
        return ""
    if not _takes_an_image_and_a_kernel(exercise):
        return ""
    shown = ""
    printed = io.StringIO()
    limit = Limit(cells)
    with (
        contextlib.suppress(TimeIsUp),
        limit.of(_SECONDS),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        shown = _seen(function)
    return "" if limit.passed else shown


def _seen(function: Callable[..., Any]) -> str:
    figure = figures.sees(_picture(), _KERNELS, function)
    return (
        "<p><b>What your own function sees</b> in a picture of a disc and a frame:</p>"
        f"{figure.html}"
    )


def _takes_an_image_and_a_kernel(exercise: Exercise) -> bool:
    """Return whether one function takes two matrices, of which one is laid over the other."""
    if len(exercise.targets) != 1:
        return False
    window = exercise.picture.window
    if not window or exercise.arguments != window:
        return False
    first = exercise.examples[0].args if exercise.examples else ()
    return len(first) >= _PLANE and all(
        isinstance(each, np.ndarray) and each.ndim == _PLANE
        for each in first[:_PLANE]
    )


def _picture() -> Array:
    """Draw a bright disc in a frame on a dark ground."""
    rows, columns = np.mgrid[:_SIDE, :_SIDE]
    middle = (_SIDE - 1) / 2
    image = np.full((_SIDE, _SIDE), 0.15)
    image[4:-4, 4:-4] = 0.4
    far = np.hypot(rows - middle, columns - middle)
    image[far < _SIDE / 4] = 0.95
    return image
