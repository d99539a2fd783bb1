"""Where the wrong values of an array are, as a region that has a name."""

from typing import Final

import numpy as np

from grader.compare.agreement import agree
from grader.model import Array, Region, Tolerance

_MATRIX: Final = 2


def region_of(wrong: Array) -> Region | None:
    """Return the smallest region that holds every true cell of `wrong`; None if no cell is true.

    `border` and the rows and columns claim that all else is right; `everywhere` claims that nothing
    is.
    """
    count = int(np.count_nonzero(wrong))
    if count == 0:
        return None
    if count == 1:
        return "one_value"
    if count == wrong.size:
        return "everywhere"
    if wrong.ndim != _MATRIX:
        return "scattered"
    return _line_region(wrong) or _edge_region(wrong)


def _line_region(wrong: Array) -> Region | None:
    """Name the one row or the one column that holds every true cell."""
    rows = np.flatnonzero(wrong.any(axis=1))
    columns = np.flatnonzero(wrong.any(axis=0))
    if len(rows) == 1:
        ends: dict[int, Region] = {0: "first_row", len(wrong) - 1: "last_row"}
        return ends.get(int(rows[0]), "one_row")
    if len(columns) == 1:
        ends = {0: "first_column", wrong.shape[1] - 1: "last_column"}
        return ends.get(int(columns[0]), "one_column")
    return None


def _edge_region(wrong: Array) -> Region:
    """Name the region of true cells that span several rows and columns."""
    if not wrong[:-1, :-1].any():
        return "last_row_and_column"
    if not wrong[:-2, :-2].any():
        return "last_rows_and_columns"
    inside = wrong[1:-1, 1:-1]
    if not inside.any():
        return "border"
    if np.count_nonzero(inside) == np.count_nonzero(wrong):
        return "inside"
    return "scattered"


def shape_region(
    actual: Array, expected: Array, tolerance: Tolerance
) -> Region | None:
    """Return where a matrix of the wrong size has too much or too little, if the rest is right.

    `border`: the smaller matrix is in the middle of the larger one. `last_row`, `last_column`,
    `last_row_and_column`, `last_rows_and_columns`: it is at the top left. None where the rest is
    wrong too, or where `actual` is larger one way and smaller the other. Both arrays hold real
    numbers.
    """
    if actual.ndim != _MATRIX or expected.ndim != _MATRIX:
        return None
    if not actual.size or not expected.size:
        return None
    more_rows = actual.shape[0] - expected.shape[0]
    more_columns = actual.shape[1] - expected.shape[1]
    if more_rows * more_columns < 0:
        return None
    extra_rows, extra_columns = abs(more_rows), abs(more_columns)
    rows = min(actual.shape[0], expected.shape[0])
    columns = min(actual.shape[1], expected.shape[1])
    grown = more_rows + more_columns > 0

    def holds(top: int, left: int) -> bool:
        """Tell whether the smaller matrix is in the larger one at this place."""
        window = slice(top, top + rows), slice(left, left + columns)
        if grown:
            return bool(agree(actual[window], expected, tolerance).all())
        return bool(agree(actual, expected[window], tolerance).all())

    if holds(0, 0):
        return _last_region(extra_rows, extra_columns)
    same_all_round = extra_rows == extra_columns and extra_rows % 2 == 0
    if same_all_round and holds(extra_rows // 2, extra_columns // 2):
        return "border"
    return None


def _last_region(rows: int, columns: int) -> Region:
    named: dict[tuple[int, int], Region] = {
        (1, 1): "last_row_and_column",
        (1, 0): "last_row",
        (0, 1): "last_column",
    }
    return named.get((rows, columns), "last_rows_and_columns")
