"""Which rectangle of an argument a picture frames: where the exercise declares windows.

At each place of the result the second argument of `picture.window` is laid over the first. That is
framed at the first wrong place, or where a line of the student's asked for a slice when it raised.
"""

from typing import Final

import numpy as np

from grader.compare.script import input_names
from grader.model import Covered, Exercise, Finding, Patch, Picture, Value

_PLANE: Final = 2
_LARGEST: Final = 1 << 16


def covered(finding: Finding, exercise: Exercise | None) -> Covered | None:
    """Return the rectangle to frame; None where nothing is declared, or nothing follows from it."""
    if exercise is None or len(exercise.picture.window) != len(("over", "by")):
        return None
    if finding.part:
        return None
    names = input_names(finding.trial, finding.arguments)
    inputs = dict(zip(names, finding.trial.args, strict=True))
    raised = finding.outcome.raised
    if raised is not None and raised.patch is not None:
        return _asked_for(raised.patch, exercise.picture.window[0], inputs)
    if finding.first:
        return _laid_over(finding.first, exercise.picture, inputs)
    return None


def _laid_over(
    place: tuple[int, ...], picture: Picture, inputs: dict[str, Value]
) -> Covered | None:
    over, by = picture.window
    size = _size(inputs.get(by))
    whole = _plane(inputs.get(over))
    stride = _whole(inputs.get(picture.stride), 1)
    padding = _whole(inputs.get(picture.padding), 0)
    if size is None or whole is None or stride is None or padding is None:
        return None
    row, column = (0, *place)[-_PLANE:]
    pads = (padding if len(place) > 1 else 0, padding)
    begins = (row * stride - pads[0], column * stride - pads[1])
    for begin, extent, length, pad in zip(
        begins, size, whole, pads, strict=True
    ):
        if not -pad <= begin <= length + pad - extent:
            return None  # the result is not what the declaration says
    return _rectangle(over, by, begins, size)


def _asked_for(
    patch: Patch, over: str, inputs: dict[str, Value]
) -> Covered | None:
    """Return what a slice asked for, if what it is taken from has the shape of the argument."""
    argument = inputs.get(over)
    if not isinstance(argument, np.ndarray) or argument.shape != patch.shape:
        return None
    whole = _plane(argument)
    if whole is None:
        return None
    first = (0, *patch.first)[-_PLANE:]
    end = (1, *patch.end)[-_PLANE:]
    row, column = first
    size = (end[0] - row, end[1] - column)
    if min(*first, *size) < 0 or 0 in size:
        return None
    if first[0] >= whole[0] or first[1] >= whole[1]:
        return None  # nothing of it is there
    return _rectangle(over, "", (row, column), size)


def _rectangle(
    over: str, by: str, begins: tuple[int, int], size: tuple[int, int]
) -> Covered | None:
    if max(*size, *map(abs, begins)) > _LARGEST:
        return None
    return Covered(
        over=over,
        by=by,
        row=begins[0],
        column=begins[1],
        height=size[0],
        width=size[1],
    )


def _plane(value: Value) -> tuple[int, int] | None:
    """Return the rows and columns of an array's planes; a row of numbers is one row."""
    if not isinstance(value, np.ndarray) or not value.ndim:
        return None
    rows, columns = (1, *value.shape)[-_PLANE:]
    return rows, columns


def _size(value: Value) -> tuple[int, int] | None:
    number = _whole(value, None)
    return (number, number) if number else _plane(value)


def _whole(value: Value, otherwise: int | None) -> int | None:
    """Return a whole number that is not negative; `otherwise` where there is no argument."""
    if value is None:
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        return None
    return int(value) if 0 <= value <= _LARGEST else None
