"""The arrays of a case as panels to draw: image, kernel, expected, yours, difference.

Pure, and total: a report may come from a file that anybody wrote, so what stands where an array
should be is taken only if it is a small rectangle of numbers. Anything else is not drawn.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from grader.model import Cell, Details, Tolerance
from grader.untrusted import one_line

Rows = tuple[tuple[Cell, ...], ...]
Place = tuple[int, int]
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
    texts: tuple[tuple[str, ...], ...]
    """The numbers of `rows` with the same number of decimals, so that they align."""
    largest: float
    """The largest magnitude in it; 1 where there is none, so that one can divide by it."""
    wrong: frozenset[Place] = frozenset()
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
    wrong: frozenset[Place] = frozenset()
    if expected and actual and _shape(expected) == _shape(actual):
        wrong = _wrong(expected, actual, details)
    first = _first(wrong, details)
    if expected:
        drawn.append(_panel("expected", "expected", expected, first=first))
    if actual:
        drawn.append(_panel("actual", "yours", actual, wrong=wrong, first=first))
    if expected and actual and wrong:
        difference = _difference(expected, actual, wrong)
        drawn.append(
            _panel("difference", "difference", difference, wrong=wrong, first=first)
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
        if not _is_short_list(row, MOST_COLUMNS) or len(row) != len(nested[0]):
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


def _input_panels(inputs: Mapping[str, Rows], window: Window | None) -> list[Panel]:
    drawn = []
    for name, rows in inputs.items():
        over = window if name == "image" else None
        drawn.append(_panel("input", one_line(name, 40), rows, window=over))
    return drawn


def _panel(
    role: Role,
    title: str,
    rows: Rows,
    *,
    wrong: frozenset[Place] = frozenset(),
    first: Place | None = None,
    window: Window | None = None,
) -> Panel:
    numbers = [cell for row in rows for cell in row if not isinstance(cell, str)]
    largest = max(map(abs, numbers), default=0.0)
    texts = _texts(rows, _aligned(numbers, largest, signed=role == "difference"))
    if role == "difference":
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


def _texts(rows: Rows, numbers: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return a text for each cell: the next of `numbers`, or the cell itself where it is a word."""
    width = len(rows[0])
    if len(numbers) == len(rows) * width:
        return tuple(
            tuple(numbers[at : at + width]) for at in range(0, len(numbers), width)
        )
    following = iter(numbers)
    return tuple(
        tuple(cell if isinstance(cell, str) else next(following) for cell in row)
        for row in rows
    )


def _only(
    wrong: frozenset[Place], texts: tuple[tuple[str, ...], ...]
) -> tuple[tuple[str, ...], ...]:
    """Return the texts with a plain 0 wherever nothing is wrong."""
    return tuple(
        tuple(
            text if (row, column) in wrong else "0" for column, text in enumerate(line)
        )
        for row, line in enumerate(texts)
    )


def _aligned(numbers: Sequence[float], largest: float, *, signed: bool) -> list[str]:
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
    return (line % tuple([number + 0.0 for number in numbers])).split()


def _window(
    inputs: Mapping[str, Rows], expected: Rows | None, first: tuple[int, ...] | None
) -> Window | None:
    """Return what the kernel covers at the first wrong place, if a kernel slides over an image."""
    image, kernel = inputs.get("image"), inputs.get("kernel")
    if image is None or kernel is None or expected is None:
        return None
    if first is None or len(first) != _PLANE:
        return None
    (height, width), (rows, columns) = _shape(image), _shape(kernel)
    last = height - rows, width - columns
    if _shape(expected) != (last[0] + 1, last[1] + 1):
        return None
    if not (0 <= first[0] <= last[0] and 0 <= first[1] <= last[1]):
        return None
    return Window(first[0], first[1], rows, columns)


def _shape(rows: Rows) -> tuple[int, int]:
    return len(rows), len(rows[0])


# --------------------------------------------------------------------------- what is wrong


def _wrong(expected: Rows, actual: Rows, details: Details) -> frozenset[Place]:
    """Return the places that differ: as many as comparing counted, the furthest off first.

    The report does not hold the exercise's tolerance, but it holds how many places are beyond it.
    (Where there is NaN or infinity, comparing counts only those.)
    """
    excess = {}
    for row, pair in enumerate(zip(expected, actual, strict=True)):
        for column, (wanted, given) in enumerate(zip(*pair, strict=True)):
            excess[row, column] = _excess(wanted, given)
    if details.differing is None or details.rung != "values":
        return frozenset(place for place, beyond in excess.items() if beyond > _ATOL)
    # Sorting is stable: places that are equally far off keep their reading order.
    ranked = sorted(excess, key=excess.__getitem__, reverse=True)
    furthest = ranked[: max(details.differing, 0)]
    return frozenset(place for place in furthest if excess[place] > -math.inf)


def _first(wrong: frozenset[Place], details: Details) -> Place | None:
    told = details.first
    if told is not None and len(told) == _PLANE and (told[0], told[1]) in wrong:
        return told[0], told[1]
    return min(wrong, default=None)


def _excess(expected: Cell, actual: Cell) -> float:
    if isinstance(expected, str) or isinstance(actual, str):
        return -math.inf if expected == actual else math.inf
    return abs(actual - expected) - _RTOL * abs(expected)


def _difference(expected: Rows, actual: Rows, wrong: frozenset[Place]) -> Rows:
    """Return yours minus expected, and 0 wherever nothing is wrong."""
    rows = []
    for row, pair in enumerate(zip(expected, actual, strict=True)):
        cells: list[Cell] = []
        for column, (wanted, given) in enumerate(zip(*pair, strict=True)):
            cells.append(_minus(given, wanted) if (row, column) in wrong else 0.0)
        rows.append(tuple(cells))
    return tuple(rows)


def _minus(given: Cell, wanted: Cell) -> Cell:
    if isinstance(wanted, str) or isinstance(given, str):
        return "nan"
    difference = given - wanted
    return difference if math.isfinite(difference) else "nan"
