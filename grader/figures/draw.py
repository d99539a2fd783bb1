"""The parts of figures: small arrays as HTML tables and as text, pictures as PNG."""

import base64
import html
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from grader.model import Array

WINDOW: Final = "rgba(255,140,0,.32)"
IMAGE: Final = "rgba(66,133,244,.14)"
RESULT: Final = "rgba(46,160,67,.34)"
DONE: Final = "rgba(46,160,67,.14)"
PLAIN: Final = "transparent"

MINUS: Final = "\N{MINUS SIGN}"
TIMES: Final = "\N{MULTIPLICATION SIGN}"

_LINE: Final = "1px solid rgba(128,128,128,.6)"
_ORANGE: Final = np.array([214, 96, 16])
_BLUE: Final = np.array([24, 92, 178])
_SIDE: Final = 168
"""Pixels along the longer side of a picture."""


@dataclass(frozen=True)
class Figure:
    """A drawing that notebooks show as HTML and everything else shows as text."""

    html: str
    text: str

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002 - IPython passes it
        exclude: object = None,  # noqa: ARG002 - as above
    ) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def __str__(self) -> str:
        """Return the plain text."""
        return self.text


class Cell(NamedTuple):
    """One square of a table; `below` is small print under its text."""

    text: str
    background: str = PLAIN
    below: str = ""
    strong: bool = False


# --------------------------------------------------------------------------------------------- HTML


def figure(body: str, caption: str, text: str) -> Figure:
    """Return a drawing and its plain text, each with a caption under it."""
    drawn = (
        f'<figure style="margin:.5em 0;overflow-x:auto">{body}'
        '<figcaption style="margin-top:.4em;max-width:60em;opacity:.85">'
        f"{html.escape(caption)}</figcaption></figure>"
    )
    return Figure(drawn, ascii_only(f"{text}\n\n{caption}"))


def side_by_side(*parts: str) -> str:
    """Set parts in a row that wraps if the page is narrow."""
    inside = "".join(f"<div>{part}</div>" for part in parts)
    row = "display:flex;flex-wrap:wrap;align-items:center;gap:.4em 1em"
    return f'<div style="{row}">{inside}</div>'


def sign(text: str) -> str:
    """Set a sign between two tables."""
    return f'<div style="font-size:1.3em;white-space:nowrap">{html.escape(text)}</div>'


def cells(array: Array, background: str) -> list[list[Cell]]:
    """Return the squares of a 2-D array, all on one background."""
    return [[Cell(number(value), background) for value in row] for row in array]


def table(
    caption: str, rows: Sequence[Sequence[Cell]], *, size: float = 2.3
) -> str:
    """Draw squares of `size` em, with a caption above."""
    # Each front end has its own ideas about tables (stripes, padding, alignment), so every property
    # is set again here, inline. GitHub takes all styles away: there `border` and `<b>` are left.
    body = "".join(_row(row, size) for row in rows)
    whole = (
        "border-collapse:collapse;margin:.2em 0;width:auto;table-layout:auto;border:none;"
        "font-size:.95em"
    )
    above = (
        "caption-side:top;text-align:left;padding:0 0 .2em;opacity:.85;"
        "white-space:nowrap"
    )
    return (
        f'<table border="1" style="{whole}">'
        f'<caption style="{above}">{html.escape(caption)}</caption>'
        f"<tbody>{body}</tbody></table>"
    )


def _row(row: Sequence[Cell], size: float) -> str:
    squares = "".join(_square(cell, size) for cell in row)
    return f'<tr style="background:transparent">{squares}</tr>'


def _square(cell: Cell, size: float) -> str:
    below = ""
    if cell.below:
        small = "font-size:.68em;line-height:1;opacity:.85"
        below = f'<div style="{small}">{html.escape(cell.below)}</div>'
    weight = "bold" if cell.strong else "normal"
    style = (
        f"min-width:{size}em;height:{size}em;padding:0 .15em;"
        "text-align:center;vertical-align:middle;line-height:1.15;"
        f"border:{_LINE};background:{cell.background};font-weight:{weight}"
    )
    text = html.escape(cell.text)
    if cell.strong:
        text = f"<b>{text}</b>"
    return f'<td align="center" style="{style}">{text}{below}</td>'


# ------------------------------------------------------------------------------------------- pixels


def picture(name: str, pixels: Array, alt: str, beside: str = "") -> str:
    """Draw (H, W, 3) bytes as an image with its name above and, if given, something beside it."""
    factor = max(1, _SIDE // max(pixels.shape[:2]))
    enlarged = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    source = base64.b64encode(png(enlarged)).decode()
    image = (
        f'<img src="data:image/png;base64,{source}" alt="{html.escape(alt)}" '
        f'width="{enlarged.shape[1]}" style="border:{_LINE};max-width:none;margin:0">'
    )
    row = "display:flex;align-items:center;gap:.6em"
    return (
        f'<div style="margin-right:.6em">{html.escape(name)}'
        f'<div style="{row}">{image}{beside}</div></div>'
    )


def grey(array: Array) -> Array:
    """Return the pixels of values from 0 (black) to 1 (white), as (H, W, 3) bytes."""
    level = np.clip(array * 255, 0, 255).astype(np.uint8)
    return np.stack([level] * 3, axis=-1)


def signed(array: Array) -> Array:
    """Return the pixels of values around 0: white is 0, orange is positive, blue is negative.

    Colour-blind readers can tell these colours apart.
    """
    # Rounded, because the order in which a function adds must not change the picture.
    array = np.round(array, 6)
    strength = (array / (np.abs(array).max() or 1.0))[..., None]
    end = np.where(strength > 0, _ORANGE, _BLUE)
    level: Array = np.rint(255 + (end - 255) * np.abs(strength)).astype(
        np.uint8
    )
    return level


def png(pixels: Array) -> bytes:
    """Return (H, W, 3) bytes as a PNG file, of the three chunks that ISO 15948 requires."""
    height, width = pixels.shape[:2]
    unfiltered = np.zeros((height, 1), np.uint8)
    lines = np.concatenate(
        [unfiltered, pixels.reshape(height, width * 3)], axis=1
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    length = struct.pack(">I", len(data))
    return length + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# --------------------------------------------------------------------------------- numbers and text


def number(value: float) -> str:
    """Format a number with at most 4 digits and a real minus sign."""
    # Adding 0.0 turns -0.0 into a plain 0.
    return f"{float(value) + 0.0:.4g}".replace("-", MINUS)


def bracket(value: float) -> str:
    """Format a number as a term of a sum: negative ones in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


def count(how_many: int, noun: str) -> str:
    """Return the number with its noun in the right form: `1 value`, `2 values`."""
    return f"{how_many} {noun}{'' if how_many == 1 else 's'}"


def size(array: Array) -> str:
    """Format the shape of an array, as in `4x5`."""
    return "x".join(map(str, array.shape))


def plain(array: Array) -> str:
    """Format a 2-D array as text in columns, one line per row."""
    rows = [[number(value) for value in row] for row in array]
    width = max(len(text) for row in rows for text in row)
    return "\n".join(
        " ".join(text.rjust(width) for text in row) for row in rows
    )


def ascii_only(text: str) -> str:
    """Replace the signs that figures use by what every terminal can show."""
    for special, key in _KEYS.items():
        text = text.replace(special, key)
    return text


_KEYS: Final = {
    MINUS: "-",
    TIMES: "*",
    "·": ".",
    "→": "->",
    "°": " degrees",
    "▶ ": "",
}
