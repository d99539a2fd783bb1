"""Arrays as tables whose cells have a shade and marks: what colours stand for, worked out before any markup. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from grader.model import Cell
from grader.render.grids import Panel, Place

LEVELS: Final = 5
"""Shades of each colour."""

# A level ends where the next begins, but for a rounding error: a fifth of the scale has the first
# shade only.
_ENDS: Final = tuple((level + 1e-9) / LEVELS for level in range(LEVELS))
_EDGES: Final = (*(-end for end in reversed(_ENDS)), *_ENDS)
_NAMES: Final = (
    *(f"n{level}" for level in range(LEVELS, 0, -1)),
    "",
    *(f"p{level}" for level in range(1, LEVELS + 1)),
)


class TableCell(msgspec.Struct, frozen=True):
    """One cell: its number, its classes, and what a screen reader says besides."""

    text: str
    look: str
    said: str = ""


class Table(msgspec.Struct, frozen=True):
    """One array to draw."""

    title: str
    size: str
    note: str
    columns: range
    rows: tuple[tuple[TableCell, ...], ...]


def tables(drawn: Sequence[Panel]) -> tuple[Table, ...]:
    """Lay out panels as tables."""
    return tuple(_table(panel, scale) for panel, scale in scaled(drawn))


def scaled(drawn: Sequence[Panel]) -> Iterator[tuple[Panel, float]]:
    """Give each panel with the magnitude that has its strongest shade.

    Expected and yours are shaded alike, so that the eye may compare them.
    """
    shared = next((panel.largest for panel in drawn if panel.role == "expected"), None)
    for panel in drawn:
        yield (
            panel,
            shared if shared is not None and panel.role == "actual" else panel.largest,
        )


def shade(cell: Cell, scale: float) -> str:
    """Name the shade of a number: `p1` to `p5` above zero, `n1` to `n5` below, `x` for NaN and infinity."""
    return "x" if isinstance(cell, str) else _NAMES[bisect_left(_EDGES, cell / scale)]


def _table(panel: Panel, scale: float) -> Table:
    height, width = panel.shape
    agrees = panel.role == "difference"
    # All cells first, as most are, then the few that are marked: a page has a thousand cells.
    rows = [
        [
            TableCell(text, "z" if agrees else shade(cell, scale))
            for text, cell in zip(texts, cells, strict=True)
        ]
        for texts, cells in zip(panel.texts, panel.rows, strict=True)
    ]
    for (row, column), mark in _marks(panel).items():
        ground = shade(panel.rows[row][column], scale)
        look = f"{ground} {mark}" if ground else mark
        rows[row][column] = TableCell(
            rows[row][column].text, look, _said(panel, (row, column))
        )
    return Table(
        panel.title,
        f"{height}x{width}",
        _note(panel),
        range(width),
        tuple(map(tuple, rows)),
    )


def _note(panel: Panel) -> str:
    # Short enough for one line above an array of two columns: else its rows do not stand level with
    # its neighbours'.
    if panel.window is not None:
        return f"kernel at [{panel.window.row}, {panel.window.column}]"
    if panel.role == "actual" and panel.wrong:
        return "1 differs" if len(panel.wrong) == 1 else f"{len(panel.wrong)} differ"
    return ""


def _marks(panel: Panel) -> dict[Place, str]:
    """Give the classes of the few places that are marked: wrong, the first wrong, the sides of the window."""
    marks = dict.fromkeys(panel.wrong, "w")
    if panel.first is not None:
        marks[panel.first] = "w f" if panel.first in marks else "f"
    if window := panel.window:
        bottom, right = window.row + window.height - 1, window.column + window.width - 1
        for row in range(window.row, bottom + 1):
            for column in range(window.column, right + 1):
                sides = (
                    ("t", row == window.row),
                    ("b", row == bottom),
                    ("l", column == window.column),
                    ("r", column == right),
                )
                marks[row, column] = " ".join(
                    ["v", *(side for side, here in sides if here)]
                )
    return marks


def _said(panel: Panel, at: Place) -> str:
    """Say what the mark of a place means, to those who do not see it."""
    if panel.window is not None:
        return "in the window"
    if panel.role != "actual":
        return ""
    return "differs, the first" if at == panel.first else "differs"
