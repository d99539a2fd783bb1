"""Rows of cells: how the arrays of a report are read, and where two of them differ.

Pure, and total: a report may come from a file that anybody wrote, so what stands where an array
should be is taken only if it is a small rectangle of numbers.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from grader.model import Cell, Details, Tolerance

Rows = tuple[tuple[Cell, ...], ...]
Place = tuple[int, int]
Places = frozenset[Place]

MOST_ROWS: Final = 24
MOST_COLUMNS: Final = 24
PLANE: Final = 2
"""Dimensions of an array that has rows and columns."""
_LISTS: Final = (list, tuple)
_SPECIAL: Final = ("nan", "inf", "-inf")
_ATOL, _RTOL = Tolerance().atol, Tolerance().rtol


def rows_of(value: Any) -> Rows | None:  # noqa: ANN401 - JSON is any of its types
    """Return a small rectangle of numbers, or one row of them, as rows; None for anything else."""
    if not _is_short_list(value, MOST_ROWS):
        return None
    nested = value if isinstance(value[0], _LISTS) else [value]
    if not _is_short_list(nested[0], MOST_COLUMNS):
        return None
    width = len(nested[0])
    if not all(isinstance(row, _LISTS) and len(row) == width for row in nested):
        return None
    flat = list(itertools.chain.from_iterable(nested))
    if set(map(type, flat)) == {float} and all(map(math.isfinite, flat)):
        return tuple(map(tuple, nested))  # nearly every array is like this
    rows = tuple(map(_cells, nested))
    return None if None in rows else rows  # type: ignore[return-value] # none of them is None


def _is_short_list(value: object, most: int) -> bool:
    return isinstance(value, _LISTS) and 0 < len(value) <= most


def _cells(row: Sequence[object]) -> tuple[Cell, ...] | None:
    cells = []
    for item in row:
        cell = _cell(item)
        if cell is None:
            return None
        cells.append(cell)
    return tuple(cells)


def _cell(value: object) -> Cell | None:
    if isinstance(value, str):
        return next((special for special in _SPECIAL if special == value), None)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def shape_of(rows: Rows) -> tuple[int, int]:
    """Return how many rows and columns there are."""
    return len(rows), len(rows[0])


# ---- What is wrong


def wrong_places(
    expected: Rows,
    actual: Rows,
    details: Details,
) -> Places:
    """Return the places that differ: as many as comparing counted, the furthest off first.

    The report does not hold the exercise's tolerance, but it holds how many places are beyond it.
    (Where there is NaN or infinity, comparing counts only those.)
    """
    excess = {}
    for place, wanted, given in _side_by_side(expected, actual):
        excess[place] = _excess(wanted, given)
    if details.differing is None or details.rung != "values":
        return frozenset(
            place for place, beyond in excess.items() if beyond > _ATOL
        )
    # Sorting is stable: places that are equally far off keep their reading order.
    ranked = sorted(excess, key=excess.__getitem__, reverse=True)
    furthest = ranked[: max(details.differing, 0)]
    return frozenset(place for place in furthest if excess[place] > -math.inf)


def _side_by_side(
    expected: Rows, actual: Rows
) -> Iterator[tuple[Place, Cell, Cell]]:
    """Yield each place of two arrays of the same shape, with what both have there."""
    for row, wanted in enumerate(expected):
        given = actual[row]
        for column, cell in enumerate(wanted):
            yield (row, column), cell, given[column]


def first_place(wrong: Places, named: Place | None) -> Place | None:
    """Return the first wrong place: the one that the report names, if it can be seen."""
    return named if named in wrong else min(wrong, default=None)


def _excess(expected: Cell, actual: Cell) -> float:
    if isinstance(expected, str) or isinstance(actual, str):
        return -math.inf if expected == actual else math.inf
    return abs(actual - expected) - _RTOL * abs(expected)


def difference_of(
    expected: Rows,
    actual: Rows,
    wrong: Places,
) -> Rows:
    """Return yours minus expected, and 0 wherever nothing is wrong."""
    rows: list[list[Cell]] = [[0.0] * len(row) for row in expected]
    for place, wanted, given in _side_by_side(expected, actual):
        if place in wrong:
            row, column = place
            rows[row][column] = _minus(given, wanted)
    return tuple(map(tuple, rows))


def _minus(given: Cell, wanted: Cell) -> Cell:
    if isinstance(wanted, str) or isinstance(given, str):
        return "nan"
    difference = given - wanted
    return difference if math.isfinite(difference) else "nan"
