"""The arrays of a case as panels to draw: image, kernel, expected, yours, difference.

Pure, and total: a report may come from a file that anybody wrote, so what stands where an array
should be is taken only if it is a small rectangle of numbers. Anything else is not drawn.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from grader.model import Cell, Details, Tolerance
from grader.untrusted import one_line

Rows = tuple[tuple[Cell, ...], ...]
Texts = tuple[tuple[str, ...], ...]
Inputs = Mapping[str, Rows]
Index = tuple[int, ...]
Place = tuple[int, int]
Places = frozenset[Place]
Role = Literal["input", "expected", "actual", "difference"]

MOST_ROWS: Final = 24
MOST_COLUMNS: Final = 24
_SPECIAL: Final = ("nan", "inf", "-inf")
_PLANE: Final = 2
"""Dimensions of an array that has rows and columns."""
_LARGE: Final = 1e5
_SMALL: Final = 1e-2
_TWO_DIGITS: Final = 9.995
"""From here on a number with two decimals would be rounded to 10.00, one character more."""
_ATOL, _RTOL = Tolerance().atol, Tolerance().rtol


class Window(msgspec.Struct, frozen=True):
    """A rectangle of an image: where the kernel lies."""

    row: int
    column: int
    height: int
    width: int

    def holds(self, row: int, column: int) -> bool:
        """Return whether a place lies inside."""
        in_rows = self.row <= row < self.row + self.height
        return in_rows and self.column <= column < self.column + self.width


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One array to draw."""

    role: Role
    title: str
    rows: Rows
    texts: Texts
    """The numbers of `rows` with the same number of decimals, so that they align."""
    largest: float
    """The largest magnitude in it; 1 where there is none, so that one can divide by it."""
    wrong: Places = frozenset()
    first: Place | None = None
    """The first place that is wrong."""
    window: Window | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return _shape(self.rows)


def panels(details: Details) -> tuple[Panel, ...]:
    """Return what there is to draw, in reading order; empty where nothing is small enough."""
    inputs = {}
    for name, value in (details.inputs or {}).items():
        if rows := rows_of(value):
            inputs[name] = rows
    expected, actual = rows_of(details.expected), rows_of(details.actual)
    drawn = _input_panels(inputs, _window(inputs, expected, details.first))
    wrong: Places = frozenset()
    if expected and actual and _shape(expected) == _shape(actual):
        wrong = _wrong(expected, actual, details)
    first = _first(wrong, details)
    if expected:
        drawn.append(_panel("expected", "expected", expected, first=first))
    if actual:
        yours = _panel("actual", "yours", actual, wrong=wrong, first=first)
        drawn.append(yours)
    if expected and actual and wrong:
        difference = _difference(expected, actual, wrong)
        drawn.append(
            _panel(
                "difference", "difference", difference, wrong=wrong, first=first
            )
        )
    return tuple(drawn)


def disagree(drawn: Iterable[Panel]) -> bool:
    """Return whether what was expected and what came back are both there and look different."""
    shown = {panel.role: panel for panel in drawn}
    expected, actual = shown.get("expected"), shown.get("actual")
    if expected is None or actual is None:
        return False
    return bool(actual.wrong) or actual.shape != expected.shape


# --------------------------------------------------------------------------- from JSON to rows


def rows_of(value: Any) -> Rows | None:  # noqa: ANN401 - JSON is any of its types
    """Return a small rectangle of numbers, or one row of them, as rows; None for anything else."""
    if not _is_short_list(value, MOST_ROWS):
        return None
    nested = value if isinstance(value[0], list | tuple) else [value]
    rows: list[tuple[Cell, ...]] = []
    for row in nested:
        if not _is_short_list(row, MOST_COLUMNS):
            return None
        if len(row) != len(nested[0]):
            return None
        cells = _cells(row)
        if cells is None:
            return None
        rows.append(cells)
    return tuple(rows)


def _is_short_list(value: object, most: int) -> bool:
    return isinstance(value, list | tuple) and 0 < len(value) <= most


def _cells(row: Sequence[object]) -> tuple[Cell, ...] | None:
    if set(map(type, row)) == {float}:
        floats = tuple(row)
        if all(map(math.isfinite, floats)):  # type: ignore[arg-type] # every one is a float
            return floats  # type: ignore[return-value] # as above; nearly every row is like this
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


# --------------------------------------------------------------------------- one panel


def _input_panels(inputs: Inputs, window: Window | None) -> list[Panel]:
    drawn = []
    for name, rows in inputs.items():
        title = one_line(name, 40)
        over = window if name == "image" else None
        drawn.append(_panel("input", title, rows, window=over))
    return drawn


def _panel(
    role: Role,
    title: str,
    rows: Rows,
    *,
    wrong: Places = frozenset(),
    first: Place | None = None,
    window: Window | None = None,
) -> Panel:
    numbers = []
    for row in rows:
        numbers += [cell for cell in row if not isinstance(cell, str)]
    largest = max(map(abs, numbers), default=0.0)
    is_difference = role == "difference"
    shown = _aligned(numbers, largest, signed=is_difference)
    texts = _texts(rows, shown)
    if is_difference:
        texts = _only(wrong, texts)
    return Panel(
        role=role,
        title=title,
        rows=rows,
        texts=texts,
        largest=largest or 1.0,
        wrong=wrong,
        first=first,
        window=window,
    )


def _texts(rows: Rows, numbers: Sequence[str]) -> Texts:
    """Return a text for each cell: the next of `numbers`, or the cell itself if it is a word."""
    following = iter(numbers)
    texts = []
    for row in rows:
        if str in map(type, row):
            line = [c if isinstance(c, str) else next(following) for c in row]
        else:
            line = list(itertools.islice(following, len(row)))
        texts.append(tuple(line))
    return tuple(texts)


def _only(wrong: Places, texts: Texts) -> Texts:
    """Return the texts with a plain 0 wherever nothing is wrong."""
    lines = []
    for row, line in enumerate(texts):
        shown = ["0"] * len(line)
        for column, text in enumerate(line):
            if (row, column) in wrong:
                shown[column] = text
        lines.append(tuple(shown))
    return tuple(lines)


def _aligned(
    numbers: Sequence[float], largest: float, *, signed: bool
) -> list[str]:
    """Format numbers with the same decimals: as many as the largest leaves room for, or none."""
    if largest >= _LARGE or 0 < largest < _SMALL:
        style = ".1e"
    elif all(number.is_integer() for number in numbers):
        style = ".0f"
    else:
        style = ".2f" if largest < _TWO_DIGITS else ".1f"
    sign = "+" if signed else ""
    # One call for all of them, since a page has a thousand. Adding 0.0 turns -0.0 into 0.0.
    line = f"%{sign}{style} " * len(numbers)
    values = tuple([number + 0.0 for number in numbers])
    return (line % values).split()


def _window(
    inputs: Inputs,
    expected: Rows | None,
    first: Index | None,
) -> Window | None:
    """Return what the kernel covers at the first wrong place, if a kernel slides over an image."""
    image, kernel = inputs.get("image"), inputs.get("kernel")
    if image is None or kernel is None or expected is None:
        return None
    if first is None or len(first) != _PLANE:
        return None
    height, width = _shape(kernel)
    last_row = len(image) - height
    last_column = len(image[0]) - width
    if _shape(expected) != (last_row + 1, last_column + 1):
        return None
    row, column = first
    if row not in range(last_row + 1) or column not in range(last_column + 1):
        return None
    return Window(row, column, height, width)


def _shape(rows: Rows) -> tuple[int, int]:
    return len(rows), len(rows[0])


# --------------------------------------------------------------------------- what is wrong


def _wrong(expected: Rows, actual: Rows, details: Details) -> Places:
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


def _first(wrong: Places, details: Details) -> Place | None:
    """Return the first wrong place: the one that the report names, if it can be seen."""
    if details.first is not None and len(details.first) == _PLANE:
        row, column = details.first
        if (row, column) in wrong:
            return row, column
    return min(wrong, default=None)


def _excess(expected: Cell, actual: Cell) -> float:
    if isinstance(expected, str) or isinstance(actual, str):
        return -math.inf if expected == actual else math.inf
    return abs(actual - expected) - _RTOL * abs(expected)


def _difference(expected: Rows, actual: Rows, wrong: Places) -> Rows:
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
