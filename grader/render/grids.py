"""The arrays of a case as panels to draw: image, kernel, expected, yours, difference. Pure, and total.

A report may come from a file that anybody wrote, so whatever stands where an array should be is
taken only when it is a small rectangle of numbers; anything else is simply not drawn.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

import msgspec

from grader.model import Cell, Details, Tolerance
from grader.render.plain import one_line

Rows = tuple[tuple[Cell, ...], ...]
Place = tuple[int, int]

MOST_ROWS: Final = 24
MOST_COLUMNS: Final = 24
_SPECIAL: Final = ("nan", "inf", "-inf")
_PLANE: Final = 2
_LARGE: Final = 1e5
_SMALL: Final = 1e-2
_ATOL, _RTOL = Tolerance().atol, Tolerance().rtol


class Window(msgspec.Struct, frozen=True):
    """A rectangle of an image: where the kernel lies."""

    row: int
    column: int
    height: int
    width: int

    def holds(self, row: int, column: int) -> bool:
        """Tell whether the place lies inside."""
        return (
            self.row <= row < self.row + self.height
            and self.column <= column < self.column + self.width
        )


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One array to draw."""

    role: Literal["input", "expected", "actual", "difference"]
    title: str
    rows: Rows
    texts: tuple[tuple[str, ...], ...]
    """The numbers of `rows` with common decimals, so that they align."""
    largest: float
    """The largest magnitude in it; 1 where there is none, so that one can divide by it."""
    wrong: frozenset[Place] = frozenset()
    first: Place | None = None
    """The first place that is wrong."""
    window: Window | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows[0])


def panels(details: Details) -> tuple[Panel, ...]:
    """Lay out what there is to draw, in reading order; empty where nothing is small enough."""
    inputs = {
        name: rows
        for name, value in (details.inputs or {}).items()
        if (rows := rows_of(value))
    }
    expected, actual = rows_of(details.expected), rows_of(details.actual)
    window = _window(inputs, expected, details.first)
    drawn = [
        _panel(
            "input",
            one_line(name, 40),
            rows,
            window=window if name == "image" else None,
        )
        for name, rows in inputs.items()
    ]
    comparable = (
        expected is not None
        and actual is not None
        and _shape(expected) == _shape(actual)
    )
    wrong = (
        _wrong(expected, actual, details)
        if comparable and expected and actual
        else frozenset()
    )
    first = min(wrong, default=None)
    if (
        details.first is not None
        and len(details.first) == _PLANE
        and details.first in wrong
    ):
        first = details.first[0], details.first[1]
    if expected:
        drawn.append(_panel("expected", "expected", expected, first=first))
    if actual:
        drawn.append(_panel("actual", "yours", actual, wrong=wrong, first=first))
    if wrong and expected and actual:
        drawn.append(
            _panel(
                "difference",
                "difference",
                _difference(expected, actual, wrong),
                wrong=wrong,
                first=first,
            )
        )
    return tuple(drawn)


def disagree(drawn: Iterable[Panel]) -> bool:
    """Tell whether what was expected and what came are both there, and do not look the same."""
    shown = {panel.role: panel for panel in drawn}
    expected, actual = shown.get("expected"), shown.get("actual")
    if expected is None or actual is None:
        return False
    return bool(actual.wrong) or actual.shape != expected.shape


def rows_of(value: Any) -> Rows | None:  # noqa: ANN401 - JSON is any of its types
    """Take a small rectangle of numbers (or one row of them) for what it is, and None for everything else."""
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_ROWS:
        return None
    nested = value if isinstance(value[0], list | tuple) else [value]
    if not all(
        isinstance(row, list | tuple) and 0 < len(row) <= MOST_COLUMNS for row in nested
    ):
        return None
    rows: list[tuple[Cell, ...]] = []
    for row in nested:
        plain = set(map(type, row)) == {float} and all(
            map(math.isfinite, row)
        )  # as nearly all of them are
        cells = (
            tuple(row)
            if plain
            else tuple(cell for item in row if (cell := _cell(item)) is not None)
        )
        if not len(cells) == len(row) == len(nested[0]):
            return None
        rows.append(cells)
    return tuple(rows)


def _aligned(numbers: Sequence[float], largest: float, *, signed: bool) -> list[str]:
    """Show numbers with as many decimals as the largest of them can bear, all with the same; whole ones with none."""
    if largest >= _LARGE or 0 < largest < _SMALL:
        style = ".1e"
    elif all(number.is_integer() for number in numbers):
        style = ".0f"
    else:
        style = ".2f" if largest < 9.995 else ".1f"  # noqa: PLR2004 - rounds to 10.0, one place more
    sign = "+" if signed else ""
    # One call for all of them: a page has a thousand. Adding 0 makes one zero of the two.
    return (
        f"%{sign}{style} " * len(numbers) % tuple([number + 0.0 for number in numbers])
    ).split()


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


def _panel(
    role: Literal["input", "expected", "actual", "difference"],
    title: str,
    rows: Rows,
    *,
    wrong: frozenset[Place] = frozenset(),
    first: Place | None = None,
    window: Window | None = None,
) -> Panel:
    flat: list[Cell] = [cell for row in rows for cell in row]
    numbers = [cell for cell in flat if not isinstance(cell, str)]
    largest = max(map(abs, numbers), default=0.0)
    shown = iter(_aligned(numbers, largest, signed=role == "difference"))
    words = (
        list(shown)
        if len(numbers) == len(flat)
        else [c if isinstance(c, str) else next(shown) for c in flat]
    )
    width = len(rows[0])
    texts = tuple(tuple(words[at : at + width]) for at in range(0, len(words), width))
    if role == "difference":
        texts = tuple(
            tuple(
                text if (row, column) in wrong else "0"
                for column, text in enumerate(line)
            )
            for row, line in enumerate(texts)
        )
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


def _window(
    inputs: dict[str, Rows], expected: Rows | None, first: tuple[int, ...] | None
) -> Window | None:
    """Find what the kernel covers at the first wrong place, where the exercise slides a kernel over an image."""
    image, kernel = inputs.get("image"), inputs.get("kernel")
    if (
        image is None
        or kernel is None
        or expected is None
        or first is None
        or len(first) != _PLANE
    ):
        return None
    (height, width), (rows, columns) = _shape(image), _shape(kernel)
    if _shape(expected) != (height - rows + 1, width - columns + 1):
        return None
    window = Window(first[0], first[1], rows, columns)
    return (
        window
        if 0 <= first[0] <= height - rows and 0 <= first[1] <= width - columns
        else None
    )


def _shape(rows: Rows) -> Place:
    return len(rows), len(rows[0])


def _wrong(expected: Rows, actual: Rows, details: Details) -> frozenset[Place]:
    """Find the places that differ: as many as the comparison counted, those furthest off first.

    The report does not say which tolerance the exercise has, but how many places it found beyond
    it. (Where there is NaN or infinity it counts only those.)
    """
    excess = {
        (row, column): _excess(wanted, given)
        for row, (wants, gives) in enumerate(zip(expected, actual, strict=True))
        for column, (wanted, given) in enumerate(zip(wants, gives, strict=True))
    }
    if details.differing is None or details.rung != "values":
        return frozenset(place for place, beyond in excess.items() if beyond > _ATOL)
    ranked = sorted(
        excess, key=excess.__getitem__, reverse=True
    )  # those that are equal keep their reading order
    return frozenset(
        place
        for place in ranked[: max(details.differing, 0)]
        if excess[place] > -math.inf
    )


def _excess(expected: Cell, actual: Cell) -> float:
    if isinstance(expected, str) or isinstance(actual, str):
        return -math.inf if expected == actual else math.inf
    return abs(actual - expected) - _RTOL * abs(expected)


def _difference(expected: Rows, actual: Rows, wrong: frozenset[Place]) -> Rows:
    def cell(place: Place, wanted: Cell, given: Cell) -> Cell:
        if place not in wrong:
            return 0.0
        if isinstance(wanted, str) or isinstance(given, str):
            return "nan"
        difference = given - wanted
        return difference if math.isfinite(difference) else "nan"

    return tuple(
        tuple(
            cell((row, column), wanted, given)
            for column, (wanted, given) in enumerate(zip(wants, gives, strict=True))
        )
        for row, (wants, gives) in enumerate(zip(expected, actual, strict=True))
    )
