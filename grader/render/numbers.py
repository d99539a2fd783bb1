"""Numbers as people read them: values, durations, sizes of arrays."""

import math
from typing import Final

from grader.model import Leaf
from grader.untrusted import one_line

_DIGITS: Final = (5, 7, 9, 12, 17)
_TEXT: Final = 60
_SHORTEST_S: Final = 0.1
"""Below so many seconds a duration is given in milliseconds."""


def number(value: Leaf, digits: int = 5) -> str:
    """Format a number with about `digits` significant digits; a whole one keeps its `.0`."""
    if value is None:
        return "?"
    if isinstance(value, str):
        return one_line(value, _TEXT)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return f"{value:g}"
    # Adding 0.0 turns -0.0 into 0.0.
    short = f"{value + 0.0:.{digits}g}"
    if "." in short or "e" in short:
        return short
    # 1664.2 in four digits is 1664, and 1664.0 would be untrue.
    return f"{value + 0.0:.1f}"


def two_numbers(first: Leaf, second: Leaf) -> tuple[str, str]:
    """Format two numbers with as many digits as it takes for different ones to look different."""
    shown = ("", "")
    for digits in _DIGITS:
        shown = number(first, digits), number(second, digits)
        if shown[0] != shown[1]:
            break
    return shown


def seconds(value: float) -> str:
    """Format a duration: `2 s`, `0.25 s`, `1.4 ms`."""
    if value >= _SHORTEST_S or value <= 0:
        return f"{value:.3g} s"
    return f"{1000 * value:.2g} ms"


def size(shape: tuple[int, ...]) -> str:
    """Format a shape as people write it: `8x6`."""
    return "x".join(map(str, shape))
