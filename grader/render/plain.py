r"""Text of strangers, made harmless and short; numbers, made readable.

Whatever a student's program or file says may hold terminal escapes, bidirectional overrides that
turn a line around, or halves of surrogate pairs that no encoder takes. `visible` shows such a
character as its escape (`\x1b`), so that nothing is lost and nothing acts. Markup is not its
business: HTML is escaped where HTML is written.
"""

import math
import re
from typing import Final

from grader.model import Cell

UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and newline
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # direction and zero width
    "\u2028\u2029"  # line ends that only some programs know
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e0fff]"  # halves of pairs, what XML forbids, tags
)
_ELLIPSIS: Final = "..."
_DIGITS: Final = (5, 7, 9, 12, 17)


def visible(text: str) -> str:
    r"""Turn every character that acts instead of showing into its escape, such as `\x1b`; tab and newline stay."""
    if text.isascii() and text.isprintable():
        return text  # as nearly always, and far cheaper than below
    return UNSAFE.sub(
        lambda found: found[0].encode("unicode_escape").decode("ascii"), text
    )


def one_line(text: str, limit: int = 300) -> str:
    """Put the text on one harmless line of at most `limit` characters; three dots mark what is cut off."""
    # Cut first: megabytes of blanks need not be joined to show 300 characters.
    flat = " ".join(visible(text[: 8 * limit]).split())
    if len(flat) <= limit and len(text) <= 8 * limit:
        return flat
    return flat[: limit - len(_ELLIPSIS)].rstrip() + _ELLIPSIS


def number(value: Cell | None, digits: int = 5) -> str:
    """Show the number with about `digits` significant digits; a whole one keeps `.0`, as Python shows a float."""
    if value is None:
        return "?"
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else f"{value:g}"
    short = f"{value + 0.0:.{digits}g}"
    # 1664.2 in four digits is 1664, and 1664.0 would be untrue.
    return short if any(mark in short for mark in ".e") else f"{value + 0.0:.1f}"


def two_numbers(first: Cell | None, second: Cell | None) -> tuple[str, str]:
    """Show both numbers with as many digits as they need to look different, where they are."""
    shown = ("", "")
    for digits in _DIGITS:
        shown = number(first, digits), number(second, digits)
        if shown[0] != shown[1]:
            break
    return shown


def seconds(value: float) -> str:
    """Say the duration as shortly as it goes: `2 s`, `0.25 s`, `1.4 ms`."""
    return f"{value:.3g} s" if value >= 0.1 or value <= 0 else f"{1000 * value:.2g} ms"  # noqa: PLR2004 - 100 ms


def size(shape: tuple[int, ...]) -> str:
    """Say the shape as people do: `8x6`."""
    return "x".join(map(str, shape))


def count(how_many: int, noun: str, plural: str | None = None) -> str:
    """Say the count with its noun in the right form: `1 case`, `2 cases`."""
    return f"{how_many} {noun if how_many == 1 else plural or noun + 's'}"


def place(line: int | None, cell: int | None) -> str:
    """Say where in the submission: `cell 3, line 2`, `line 12`, or nothing."""
    parts = ([f"cell {cell}"] if cell is not None else []) + (
        [f"line {line}"] if line is not None else []
    )
    return ", ".join(parts)


def exception(kind: str, message: str) -> str:
    """Say the exception as the last line of a traceback does."""
    kind, message = one_line(kind, 80), one_line(message, 240)
    return f"{kind}: {message}" if message else kind
