"""The arrays of a case as panels to draw: the inputs, expected, yours, difference.

Pure, and total: what is not a small rectangle of numbers is not drawn (`rows`).
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, cast

import msgspec

from grader.model import Cell, Covered, Details
from grader.render.planes import Stack, stack_of
from grader.render.rows import (
    Place,
    Places,
    Rows,
    difference_of,
    first_place,
    shape_of,
    wrong_places,
)
from grader.untrusted import one_line

Texts = tuple[tuple[str, ...], ...]
Inputs = Mapping[str, Stack]
Role = Literal["input", "expected", "actual", "difference"]

_NAME: Final = 12
"""Characters of the name of an argument in a note."""
_THERE: Final = ("these are there", "there in yours")
_LARGE: Final = 1e5
_SMALL: Final = 1e-2
_WIDTH: Final = 6
"""Numbers are exact where the largest has at most so many characters."""
_TWO_DIGITS: Final = 9.995
"""From here on a number with two decimals would be rounded to 10.00, one character more."""


class Window(msgspec.Struct, frozen=True):
    """A rectangle of an array that has a frame; it may reach over the edges of the array."""

    row: int
    column: int
    height: int
    width: int
    note: str
    """What the frame means, in two or three words."""
    said: str
    """What a screen reader says of each place inside."""


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
    flat: bool = False
    """Whether it is a row of numbers, and no matrix of one row."""

    @property
    def size(self) -> str:
        """How large it is, as people write it."""
        height, width = self.shape
        return str(width) if self.flat else f"{height}x{width}"

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return shape_of(self.rows)


def panels(details: Details) -> tuple[Panel, ...]:
    """Return what there is to draw, in reading order; empty where nothing is small enough."""
    inputs = {}
    for name, value in (details.inputs or {}).items():
        if stack := stack_of(value):
            inputs[name] = stack
    expected, actual = stack_of(details.expected), stack_of(details.actual)
    drawn = _input_panels(inputs, details.covered)
    wrong: Places = frozenset()
    first = None
    # Where several answers are right, another one than this is not wrong by its places.
    is_the_only_one = details.rung != "check"
    same_shape = expected and actual and expected.shape == actual.shape
    if expected and actual and same_shape and is_the_only_one:
        wrong = wrong_places(expected.together, actual.together, details)
        first = first_place(wrong, expected.place_of(details.first))
    if expected:
        title = "expected" if is_the_only_one else "one right answer"
        framed = _right_part(expected, actual, details, larger=False)
        drawn += _stacked(
            "expected", title, expected, first=first, window=framed
        )
    if actual:
        framed = _right_part(actual, expected, details, larger=True)
        drawn += _stacked(
            "actual", "yours", actual, wrong=wrong, first=first, window=framed
        )
    if expected and actual and wrong:
        difference = difference_of(expected.together, actual.together, wrong)
        stack = msgspec.structs.replace(
            expected, planes=expected.split(difference)
        )
        drawn += _stacked(
            "difference", "difference", stack, wrong=wrong, first=first
        )
    return tuple(drawn)


def disagree(drawn: Iterable[Panel]) -> bool:
    """Return whether what was expected and what came back are both there and look different."""
    shown: dict[Role, list[Panel]] = {}
    for panel in drawn:
        shown.setdefault(panel.role, []).append(panel)
    expected, actual = shown.get("expected"), shown.get("actual")
    if expected is None or actual is None:
        return False
    if any(panel.wrong for panel in actual):
        return True
    return len(actual) != len(expected) or actual[0].shape != expected[0].shape


# --------------------------------------------------------------------------- one panel


def _input_panels(inputs: Inputs, covered: Covered | None) -> list[Panel]:
    drawn = []
    for name, stack in inputs.items():
        title = one_line(name, 40)
        window = None
        if covered is not None and covered.over == name:
            window = _window(covered, stack)
        drawn += _stacked("input", title, stack, window=window)
    return drawn


def _stacked(
    role: Role,
    title: str,
    stack: Stack,
    *,
    wrong: Places = frozenset(),
    first: Place | None = None,
    window: Window | None = None,
) -> list[Panel]:
    """Return a panel for each plane; each is called by its index if there are several."""
    drawn = []
    marked = frozenset() if first is None else frozenset({first})
    for number, plane in enumerate(stack.planes):
        place = ", ".join(map(str, stack.places[number]))
        panel = _panel(
            role,
            f"{title} [{place}]" if place else title,
            plane,
            wrong=stack.on_plane(number, wrong),
            first=next(iter(stack.on_plane(number, marked)), None),
            window=window,
            flat=stack.flat,
        )
        drawn.append(panel)
    return drawn


def _panel(
    role: Role,
    title: str,
    rows: Rows,
    *,
    wrong: Places = frozenset(),
    first: Place | None = None,
    window: Window | None = None,
    flat: bool = False,
) -> Panel:
    cells = list(itertools.chain.from_iterable(rows))
    numbers = _numbers(cells)
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
        flat=flat,
    )


def _numbers(cells: Sequence[Cell]) -> Sequence[float]:
    """Return the cells that are no words, which are nearly always all of them."""
    if str in map(type, cells):
        return [cell for cell in cells if not isinstance(cell, str)]
    return cast("Sequence[float]", cells)


def _texts(rows: Rows, numbers: Sequence[str]) -> Texts:
    """Return a text for each cell: the next of `numbers`, or the cell itself if it is a word."""
    following = iter(numbers)
    height, width = shape_of(rows)
    if len(numbers) == height * width:
        return tuple(zip(*[following] * width, strict=True))
    return tuple(
        tuple([c if isinstance(c, str) else next(following) for c in row])
        for row in rows
    )


def _only(wrong: Places, texts: Texts) -> Texts:
    """Return the texts with a plain 0 wherever nothing is wrong."""
    lines = [["0"] * len(line) for line in texts]
    for row, column in wrong:
        lines[row][column] = texts[row][column]
    return tuple(map(tuple, lines))


def _aligned(
    numbers: Sequence[float], largest: float, *, signed: bool
) -> list[str]:
    """Format numbers with the same decimals: as many as the largest leaves room for, or none."""
    extreme = largest >= _LARGE or 0 < largest < _SMALL
    style = ".1e" if extreme else _decimals(numbers, largest)
    sign = "+" if signed else ""
    # One call for all of them, since a page has a thousand. Adding 0.0 turns -0.0 into 0.0.
    line = f"%{sign}{style} " * len(numbers)
    values = tuple([number + 0.0 for number in numbers])
    return (line % values).split()


def _window(covered: Covered, stack: Stack) -> Window | None:
    """Return the frame around what is covered; None where nothing of it is there."""
    _, rows, columns = stack.shape
    last_row = covered.row + covered.height - 1
    last_column = covered.column + covered.width - 1
    if covered.row >= rows or covered.column >= columns:
        return None
    if last_row < 0 or last_column < 0:
        return None
    what = one_line(covered.by, _NAME) or "window"
    return Window(
        covered.row,
        covered.column,
        covered.height,
        covered.width,
        f"{what} at [{covered.row}, {covered.column}]",
        "in the window",
    )


def _decimals(numbers: Sequence[float], largest: float) -> str:
    """Return as few decimals as show all numbers exactly; else as many as there is room for.

    The numbers of public examples are shown exactly: a student computes them on paper.
    """
    fractions = {number for number in numbers if not number.is_integer()}
    if not fractions:
        return ".0f"
    digits = 1
    while len(f"{largest:.{digits}f}") <= _WIDTH:
        if all(round(number, digits) == number for number in fractions):
            return f".{digits}f"
        digits += 1
    return ".2f" if largest < _TWO_DIGITS else ".1f"


def _right_part(
    this: Stack, other: Stack | None, details: Details, *, larger: bool
) -> Window | None:
    """Return where the other array stands in this one, where the sizes differ and a part is right.

    `larger` says which of the two is meant: in `yours` the frame is around the values that are
    right, in `expected` around those that are there.
    """
    if other is None or details.region is None or details.rung != "shape":
        return None
    _, rows, columns = this.shape
    _, height, width = other.shape
    if (rows, columns) == (height, width) or len(this.planes) != 1:
        return None
    if height > rows or width > columns:
        return None
    row = column = 0
    if details.region == "border":
        row, column = (rows - height) // 2, (columns - width) // 2
    note, said = ("these are right", "right") if larger else _THERE
    return Window(row, column, height, width, note, said)
