"""Small arrays as HTML tables and as text, pictures as PNG: what the figures are put together from. Pure."""

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
_SIDE: Final = 168
"""Pixels along the longer side of a picture."""


@dataclass(frozen=True)
class Figure:
    """A drawing that a notebook shows as HTML, and everything else as text."""

    html: str
    text: str

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:  # noqa: ARG002 - IPython's
        return {"text/html": self.html, "text/plain": self.text}

    def __str__(self) -> str:
        """Give the plain text."""
        return self.text


class Cell(NamedTuple):
    """One square of a table; `below` is set smaller, under the text."""

    text: str
    background: str = PLAIN
    below: str = ""
    strong: bool = False


# --------------------------------------------------------------------------------------------------------------- HTML


def figure(body: str, caption: str, text: str) -> Figure:
    """Put a caption under a drawing, and under its plain text."""
    drawn = (
        f'<figure style="margin:.5em 0;overflow-x:auto">{body}'
        f'<figcaption style="margin-top:.4em;max-width:60em;opacity:.85">{html.escape(caption)}</figcaption></figure>'
    )
    return Figure(drawn, ascii_only(f"{text}\n\n{caption}"))


def side_by_side(*parts: str) -> str:
    """Set the parts in a row, which breaks where the page is narrow."""
    inside = "".join(f"<div>{part}</div>" for part in parts)
    return f'<div style="display:flex;flex-wrap:wrap;align-items:center;gap:.4em 1em">{inside}</div>'


def sign(text: str) -> str:
    """Set a sign between two tables."""
    return f'<div style="font-size:1.3em;white-space:nowrap">{html.escape(text)}</div>'


def cells(array: Array, background: str) -> list[list[Cell]]:
    """Give the cells of a 2-D array, all on one background."""
    return [[Cell(number(value), background) for value in row] for row in array]


def table(caption: str, rows: Sequence[Sequence[Cell]], *, size: float = 2.3) -> str:
    """Draw squares of `size` em, with a caption above."""
    # Each front end has its own ideas about tables (stripes, padding, alignment): all is said again
    # here, inline.
    body = "".join(
        f'<tr style="background:transparent">{"".join(_square(cell, size) for cell in row)}</tr>'
        for row in rows
    )
    return (
        '<table style="border-collapse:collapse;margin:.2em 0;width:auto;table-layout:auto;border:none;'
        'font-size:.95em"><caption style="caption-side:top;text-align:left;padding:0 0 .2em;opacity:.85'
        f'">{html.escape(caption)}</caption><tbody>{body}</tbody></table>'
    )


def _square(cell: Cell, size: float) -> str:
    below = ""
    if cell.below:
        below = f'<div style="font-size:.68em;line-height:1;opacity:.85">{html.escape(cell.below)}</div>'
    weight = "bold" if cell.strong else "normal"
    return (
        f'<td style="min-width:{size}em;height:{size}em;padding:0 .15em;text-align:center;vertical-align:middle;'
        f'line-height:1.15;border:{_LINE};background:{cell.background};font-weight:{weight}">'
        f"{html.escape(cell.text)}{below}</td>"
    )


# ------------------------------------------------------------------------------------------------------------- pixels


def picture(name: str, pixels: Array, alt: str, beside: str = "") -> str:
    """Draw (H, W, 3) bytes as an image with its name above and, where given, something beside it."""
    factor = max(1, _SIDE // max(pixels.shape[:2]))
    source = base64.b64encode(
        png(pixels.repeat(factor, axis=0).repeat(factor, axis=1))
    ).decode()
    shown = (
        f'<img src="data:image/png;base64,{source}" alt="{html.escape(alt)}" width="{pixels.shape[1] * factor}" '
        f'style="border:{_LINE};max-width:none;margin:0">'
    )
    return (
        f'<div style="margin-right:.6em">{html.escape(name)}'
        f'<div style="display:flex;align-items:center;gap:.6em">{shown}{beside}</div></div>'
    )


def grey(array: Array) -> Array:
    """Give the pixels of values from 0 (black) to 1 (white)."""
    level = np.clip(array * 255, 0, 255).astype(np.uint8)
    return np.stack([level] * 3, axis=-1)


def signed(array: Array) -> Array:
    """Give the pixels of values around 0: white is 0, orange positive, blue negative."""
    # Rounded: the order in which a function adds up must not change the picture. The colours are
    # told apart by colour-blind readers too.
    array = np.round(array, 6)
    strength = (array / (np.abs(array).max() or 1.0))[..., None]
    end = np.where(strength > 0, np.array([214, 96, 16]), np.array([24, 92, 178]))
    level: Array = np.rint(255 + (end - 255) * np.abs(strength)).astype(np.uint8)
    return level


def png(pixels: Array) -> bytes:
    """Write (H, W, 3) of uint8 as a PNG file: the three chunks that the specification (ISO 15948) asks of every one."""
    height, width = pixels.shape[:2]
    lines = np.concatenate(
        [np.zeros((height, 1), np.uint8), pixels.reshape(height, width * 3)], axis=1
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    written = (
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


# --------------------------------------------------------------------------------------------------- numbers and text


def number(value: float) -> str:
    """Write a number with at most 4 digits, and with a real minus sign."""
    # Adding 0.0 makes -0.0 a plain 0.
    return f"{float(value) + 0.0:.4g}".replace("-", MINUS)


def bracket(value: float) -> str:
    """Write a number as it stands in a sum: negative ones in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


def size(array: Array) -> str:
    """Write a shape, as in `4x5`."""
    return "x".join(map(str, array.shape))


def plain(array: Array) -> str:
    """Write a 2-D array as text, one line per row, in columns."""
    rows = [[number(value) for value in row] for row in array]
    width = max(len(text) for row in rows for text in row)
    return "\n".join(" ".join(text.rjust(width) for text in row) for row in rows)


def ascii_only(text: str) -> str:
    """Write the signs that a figure uses with the keys that every terminal has."""
    for sign_, key in (
        (MINUS, "-"),
        (TIMES, "*"),
        ("·", "."),
        ("→", "->"),
        ("°", " degrees"),
        ("▶ ", ""),
    ):
        text = text.replace(sign_, key)
    return text
