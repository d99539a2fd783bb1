"""Arrays as tables whose cells have a shade and marks, worked out before there is markup. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

import msgspec

from grader.model import Cell
from grader.render.grids import Panel, Texts, Window
from grader.render.rows import Place

LEVELS: Final = 5
"""Shades of each colour."""

# A level ends where the next begins. A rounding error must not lift a fifth of the scale to the
# second shade.
_ENDS: Final = [(level + 1e-9) / LEVELS for level in range(LEVELS)]
_EDGES: Final = sorted([-end for end in _ENDS] + _ENDS)
_NAMES: Final = (
    *(f"n{level}" for level in range(LEVELS, 0, -1)),
    "",
    *(f"p{level}" for level in range(1, LEVELS + 1)),
)


class Table(msgspec.Struct, frozen=True):
    """One array to draw."""

    title: str
    size: str
    note: str
    columns: range
    texts: Texts
    """The number of each cell."""
    looks: tuple[tuple[str, ...], ...]
    """The classes of each cell."""
    said: Mapping[Place, str]
    """What a screen reader says of a few cells besides their number."""


def tables(drawn: Sequence[Panel]) -> tuple[Table, ...]:
    """Return the panels as tables."""
    return tuple(_table(panel, scale) for panel, scale in scaled(drawn))


def scaled(drawn: Sequence[Panel]) -> Iterator[tuple[Panel, float]]:
    """Yield each panel with the magnitude that gets the strongest shade.

    Expected and yours have the same scale, so that the eye can compare them.
    """
    largest: dict[str, float] = {}
    for panel in drawn:
        name = _scale_of(panel)
        largest[name] = max(panel.largest, largest.get(name, 0.0))
    for panel in drawn:
        name = _scale_of(panel)
        scale = largest[name]
        if panel.role == "actual":
            scale = largest.get("expected", scale)
        yield panel, scale


def _scale_of(panel: Panel) -> str:
    """Return what has one scale: all planes of what was expected, say, and those of one input."""
    is_input = panel.role == "input"
    return panel.title.partition(" [")[0] if is_input else panel.role


def shade(cell: Cell, scale: float) -> str:
    """Return the shade of a number: `p1` to `p5` above 0, `n1` to `n5` below, `x` if not finite."""
    if isinstance(cell, str):
        return "x"
    return _NAMES[bisect_left(_EDGES, cell / scale)]


def _table(panel: Panel, scale: float) -> Table:
    _, width = panel.shape
    marks = _marks(panel)
    return Table(
        panel.title,
        panel.size,
        _note(panel),
        range(width),
        panel.texts,
        tuple(map(tuple, _looks(panel, scale, marks))),
        _said(panel, marks),
    )


def _looks(
    panel: Panel, scale: float, marks: Mapping[Place, str]
) -> list[list[str]]:
    """Return the classes of all cells, most of which have no mark: a page has a thousand."""
    if panel.role == "difference":
        looks = [["z"] * len(row) for row in panel.rows]
        for row, column in marks:
            looks[row][column] = shade(panel.rows[row][column], scale)
    else:
        looks = [_shades(row, scale) for row in panel.rows]
    for (row, column), mark in marks.items():
        looks[row][column] = f"{looks[row][column]} {mark}".strip()
    return looks


def _shades(row: Sequence[Cell], scale: float) -> list[str]:
    """Return the shade of each number of a row."""
    if str in map(type, row):
        return [shade(cell, scale) for cell in row]
    numbers = cast("Sequence[float]", row)
    return [_NAMES[bisect_left(_EDGES, number / scale)] for number in numbers]


def _note(panel: Panel) -> str:
    # It has to fit on one line above an array of two columns. Otherwise the rows would not stand
    # level with those of the table beside it.
    if panel.window is not None:
        return panel.window.note
    if panel.role == "actual" and panel.wrong:
        return (
            "1 differs"
            if len(panel.wrong) == 1
            else f"{len(panel.wrong)} differ"
        )
    return ""


def _marks(panel: Panel) -> dict[Place, str]:
    """Return the classes of the marked places: wrong, the first wrong, the sides of the window."""
    marks = dict.fromkeys(panel.wrong, "w")
    if panel.first is not None:
        marks[panel.first] = "w f" if panel.first in marks else "f"
    if panel.window is not None:
        marks.update(_sides(panel.window, *panel.shape))
    return marks


def _sides(
    window: Window, rows: int, columns: int
) -> Iterator[tuple[Place, str]]:
    """Yield the places inside; where the window reaches over an edge, it stays open there."""
    bottom = window.row + window.height - 1
    right = window.column + window.width - 1
    rows_inside = range(max(0, window.row), min(bottom + 1, rows))
    columns_inside = range(max(0, window.column), min(right + 1, columns))
    across = {
        column: _at_ends(column, "l", window.column, "r", right)
        for column in columns_inside
    }
    for row in rows_inside:
        down = _at_ends(row, "t", window.row, "b", bottom)
        for column in columns_inside:
            yield (row, column), f"v{down}{across[column]}"


def _at_ends(at: int, one: str, first: int, other: str, last: int) -> str:
    """Return the classes of the sides of the window that are here, each after a blank."""
    found = f" {one}" if at == first else ""
    return f"{found} {other}" if at == last else found


def _said(panel: Panel, marks: Mapping[Place, str]) -> dict[Place, str]:
    """Return what the marks mean, for those who do not see them."""
    if panel.window is not None:
        return dict.fromkeys(marks, panel.window.said)
    if panel.role != "actual":
        return {}
    said = dict.fromkeys(marks, "differs")
    if panel.first is not None:
        said[panel.first] = "differs, the first"
    return said
