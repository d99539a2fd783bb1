"""An exception that beginners often meet gets one more sentence."""

from typing import Any

import numpy as np
import pytest

from grader.model import Details, ExceptionDetails, Verdict
from grader.render.sentences import case_message


def raised(kind: str, message: str, **facts: object) -> Details:
    """Give the facts of an exception."""
    error = ExceptionDetails(type=kind, message=message, **facts)  # type: ignore[arg-type] # any
    return Details(exception=error)


@pytest.mark.parametrize(
    ("kind", "message", "source", "wanted"),
    [
        (
            "NameError",
            "name 'foo' is not defined",
            None,
            "There is no foo here",
        ),
        (
            "IndexError",
            "index 3 is out of bounds for axis 1 with size 3",
            None,
            "Along axis 1 (columns)",
        ),
        (
            "IndexError",
            "index 0 is out of bounds for axis 2 with size 0",
            None,
            "no places at all",
        ),
        (
            "IndexError",
            "too many indices for array: array is 2-dimensional, but 3 were indexed",
            None,
            "That array takes 2 indices at most, and here it gets 3.",
        ),
        (
            "ValueError",
            "could not broadcast input array from shape (3,2) into shape (3,3)",
            None,
            "3x2 and 3x3",
        ),
        (
            "ValueError",
            "not enough values to unpack (expected 3, got 2)",
            "h, w, c = image.shape",
            "2 numbers",
        ),
        (
            "ValueError",
            "not enough values to unpack (expected 3, got 2)",
            "a, b, c = pair",
            None,
        ),
        (
            "TypeError",
            "'float' object cannot be interpreted as an integer",
            "for i in range(h / 2):",
            "//",
        ),
        (
            "TypeError",
            "'float' object cannot be interpreted as an integer",
            "for i in range(h):",
            None,
        ),
        (
            "ValueError",
            "assignment destination is read-only",
            None,
            "may only be read",
        ),
        ("NotImplementedError", "", None, "stub"),
        (
            "RecursionError",
            "maximum recursion depth exceeded",
            None,
            "without an end",
        ),
        (
            "TypeError",
            "Cannot interpret '6' as a data type",
            "out = np.zeros(h - 2, w - 2)",
            "np.zeros((rows, columns))",
        ),
        (
            "TypeError",
            "Cannot interpret '6' as a data type",
            "np.dtype(6)",
            None,
        ),
        (
            "ValueError",
            "negative dimensions are not allowed",
            None,
            "size that was computed is negative",
        ),
        (
            "OverflowError",
            "Python integer -25 out of bounds for uint8",
            None,
            "from 0 to 255 only",
        ),
        (
            "OverflowError",
            "Python integer 3 out of bounds for mine",
            None,
            None,
        ),
        (
            "EOFError",
            "EOF when reading a line",
            None,
            "Nobody can answer input()",
        ),
        (
            "PermissionError",
            "[Errno 13] Permission denied",
            None,
            "out of reach",
        ),
        ("URLError", "<urlopen error [Errno -3]>", None, "no network"),
        ("OSError", "[Errno 101] Network is unreachable", None, "no network"),
        ("OSError", "[Errno 28] No space left on device", None, None),
        (
            "AttributeError",
            "'numpy.ndarray' object has no attribute 'shpae'",
            None,
            "An array has shape",
        ),
        (
            "AttributeError",
            "module 'numpy' has no attribute 'zeors'",
            None,
            "NumPy has zeros",
        ),
        (
            "AttributeError",
            "module 'numpy' has no attribute 'qqqqqq'",
            None,
            None,
        ),
        (
            "AttributeError",
            f"module 'numpy' has no attribute '{'z' * 4000}'",
            None,
            None,
        ),
        ("ValueError", "my own message", None, None),
        (
            "MyError",
            "index 3 is out of bounds for axis 1 with size 3",
            None,
            None,
        ),
    ],
)
def test_advice_only_where_the_exception_proves_it(
    kind: str, message: str, source: str | None, wanted: str | None
) -> None:
    """A well-known exception gets one more sentence, made of what it says; any other gets none."""
    said = case_message(Verdict.RAISED, raised(kind, message, source=source))
    plain = case_message(
        Verdict.RAISED, raised("Unknown" + kind, message, source=source)
    )
    extra = (
        said.replace(f"raised {kind}", f"raised Unknown{kind}")
        .removeprefix(plain)
        .strip()
    )
    assert (wanted in extra) if wanted else (extra == "")


@pytest.mark.parametrize(
    "name", ["uint8", "int8", "uint16", "int16", "uint32", "int32"]
)
def test_the_ends_of_a_type_are_its_own(name: str) -> None:
    """A number that a type cannot hold is answered with the smallest and largest that it can."""
    ends = np.iinfo(name)
    message = f"Python integer {int(ends.max) + 1} out of bounds for {name}"
    said = case_message(Verdict.RAISED, raised("OverflowError", message))
    assert f"from {ends.min} to {ends.max} only" in said


REAL = {
    "np.float_": "NumPy 2.0 removed float_",
    "np.int": "NumPy 1.24 removed int",
    "float(np.ones(2))": "A number is needed there, and it is an array.",
    "np.array([1, 2], copy=False)": "write np.asarray(a).",
    "np.zeros(3)[5]": "(rows) that array has the indices 0 to 2: there is no 5.",
    "np.zeros((2, 3))[0, 3]": "(columns) that array has the indices 0 to 2",
    "np.zeros(0)[0]": "Along axis 0 (rows) that array has no places at all.",
    "np.zeros(3)[1, 2]": "takes 1 index at most, and here it gets 2.",
    "np.zeros((3, 4))[0, 0, 0]": "takes 2 indices at most, and here it gets 3.",
    "np.zeros(3) + np.zeros(4)": "Two arrays of different sizes met: 3 and 4.",
    "np.zeros((3, 3))[:] = np.zeros((2, 2))": "sizes met: 2x2 and 3x3.",
    "h, w, c = np.zeros((2, 3)).shape": "2 numbers was taken apart into 3 names",
    "np.zeros(3)[0] = [1, 2]": "One place of an array holds one number only.",
    "np.broadcast_to(0, 3)[0] = 1": "The arguments may only be read.",
    "np.zeros(3 - 5)": "is a larger number taken from a smaller one?",
    "np.zeros(3, 4)": "in brackets of its own: np.zeros((rows, columns)).",
    "np.zeros(3, np.uint8)[0] = 300": "whole numbers from 0 to 255 only.",
    "range(4 / 2)": "/ always gives a decimal number, // a whole one.",
    "[1][:4 / 2]": "/ always gives a decimal number, // a whole one.",
    "nothing[0]": "a function without return gives None.",
    "np.zeros(3)(1)": "An array is indexed with [ ], not with ( ).",
    "unset += 1": "The function sets that name somewhere, but uses it before.",
    "unknown": "There is no unknown here when the function is called",
    "arange(3)": "There is no arange here when the function is called",
}
"""A line of a function, and what is added where it raises."""


@pytest.mark.parametrize("line", REAL)
def test_what_python_and_numpy_say_is_recognised(line: str) -> None:
    """The patterns are made for what the versions raise that grade here, not for old ones."""
    scope: dict[str, Any] = {"np": np, "nothing": None}
    exec(f"def function():\n    {line}", scope)  # noqa: S102 - a line of the table above
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the type is a part of what is tested
        scope["function"]()
    kind, message = type(caught.value).__name__, str(caught.value)
    said = case_message(Verdict.RAISED, raised(kind, message, source=line))
    assert REAL[line] in said.partition(line)[2]
