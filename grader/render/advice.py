"""One more sentence for an exception that beginners meet often: only what the exception itself proves."""

import re
from collections.abc import Callable
from typing import Final

from grader.model import ExceptionDetails
from grader.render.plain import one_line

Found = re.Match[str]


def advice(error: ExceptionDetails) -> str | None:
    """Say what the exception means in plain words; None where that would be a guess."""
    message = one_line(error.message)
    for kind, pattern, sentence in _KNOWN:
        if kind == error.type and (found := re.search(pattern, message)):
            return sentence(found, error.source or "")
    return None


def _undefined(found: Found, _source: str) -> str | None:
    name = found[1]
    if name == "np":
        return "np is NumPy's usual short name: the file needs import numpy as np."
    return f"There is no {one_line(name, 40)} here when the function is called: is it spelled right, and is it set?"


def _bounds(found: Found, _source: str) -> str:
    index, axis, length = int(found[1]), found[2], int(found[3])
    meaning = {"0": " (rows)", "1": " (columns)"}.get(axis, "")
    if length == 0:
        return f"Along axis {axis}{meaning} that array has no places at all."
    # A fact about the array: whether the index is wrong or the array too small, the exception does
    # not tell.
    return f"Along axis {axis}{meaning} that array has the indices 0 to {length - 1}: there is no {index}."


def _indices(found: Found, _source: str) -> str:
    takes, gets = found[1], found[2]
    return f"That array takes {takes} {'index' if takes == '1' else 'indices'} at most, and here it gets {gets}."


def _broadcast(found: Found, _source: str) -> str | None:
    shapes = re.findall(r"\(([\d,]*)\)", found[0])
    if len(shapes) != 2:  # noqa: PLR2004 - the two operands
        return None
    first, second = (
        "x".join(part for part in shape.split(",") if part) or "1" for shape in shapes
    )
    return f"Two arrays of different sizes met: {first} and {second}."


def _unpack(found: Found, source: str) -> str | None:
    if ".shape" not in source:
        return None
    return f"A shape of {found[2]} numbers was taken apart into {found[1]} names."


def _whole(_found: Found, source: str) -> str | None:
    return (
        "In Python / always gives a decimal number, // a whole one."
        if re.search(r"[^/]/[^/]", source)
        else None
    )


def _fixed(sentence: str) -> Callable[[Found, str], str]:
    return lambda _found, _source: sentence


_KNOWN: Final[tuple[tuple[str, str, Callable[[Found, str], str | None]], ...]] = (
    ("NameError", r"name '([^']+)' is not defined", _undefined),
    (
        "IndexError",
        r"index (-?\d{1,9}) is out of bounds for axis (\d{1,2}) with size (\d{1,9})",
        _bounds,
    ),
    (
        "IndexError",
        r"too many indices for array: array is (\d{1,2})-dimensional, but (\d{1,3}) were indexed",
        _indices,
    ),
    ("ValueError", r"could not be broadcast.*", _broadcast),
    ("ValueError", r"could not broadcast.*", _broadcast),
    (
        "ValueError",
        r"not enough values to unpack \(expected (\d+), got (\d+)\)",
        _unpack,
    ),
    (
        "ValueError",
        r"setting an array element with a sequence",
        _fixed("One place of an array holds one number only."),
    ),
    (
        "ValueError",
        r"(assignment|output array|destination).* read-only",
        _fixed("The arguments may be read only."),
    ),
    ("TypeError", r"'float' object cannot be interpreted as an integer", _whole),
    ("TypeError", r"slice indices must be integers", _whole),
    (
        "TypeError",
        r"'NoneType' object",
        _fixed("Something is None there: a function without return gives None."),
    ),
    (
        "TypeError",
        r"'numpy.ndarray' object is not callable",
        _fixed("An array is indexed with [ ], not with ( )."),
    ),
    (
        "UnboundLocalError",
        r".",
        _fixed("The function sets that name somewhere, but uses it before."),
    ),
    (
        "RecursionError",
        r"",
        _fixed("A function called itself again and again without an end."),
    ),
    (
        "NotImplementedError",
        r"",
        _fixed("That line of the stub is still to be replaced by your own code."),
    ),
)
