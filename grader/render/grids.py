"""The arrays of a case as panels to draw: the inputs, expected, yours, difference.

Pure, and total: what is not a small rectangle of numbers is not drawn (`rows`).
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from grader.model import Details
from grader.render.planes import Stack, stack_of
from grader.render.rows import (
    PLANE,
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

_LARGE: Final = 1e5
_SMALL: Final = 1e-2
_TWO_DIGITS: Final = 9.995
"""From here on a number with two decimals would be rounded to 10.00, one character more."""


class Window(msgspec.Struct, frozen=True):
    """A rectangle of one argument: what another covers of it."""

    row: int
    column: int
    height: int
    width: int
    over: str
    by: str

    def holds(
        self,
        row: int,
        column: int,
    ) -> bool:
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
    drawn = _input_panels(inputs, _window(inputs, expected, details))
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
        drawn += _stacked("expected", title, expected, first=first)
    if actual:
        drawn += _stacked("actual", "yours", actual, wrong=wrong, first=first)
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


def _input_panels(inputs: Inputs, window: Window | None) -> list[Panel]:
    drawn = []
    for name, stack in inputs.items():
        title = one_line(name, 40)
        over = window if window is not None and window.over == name else None
        drawn += _stacked("input", title, stack, window=over)
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
            first=min(stack.on_plane(number, marked), default=None),
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
        flat=flat,
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
    expected: Stack | None,
    details: Details,
) -> Window | None:
    """Return what one argument covers of another at the first wrong place, where the exercise says.

    At each place of the result the second is laid over the first, which it never leaves.
    """
    if len(details.window) != PLANE or not details.first or expected is None:
        return None
    over, by = details.window
    if over not in inputs or by not in inputs:
        return None
    _, all_rows, all_columns = inputs[over].shape
    _, height, width = inputs[by].shape
    last_row, last_column = all_rows - height, all_columns - width
    if expected.shape[1:] != (last_row + 1, last_column + 1):
        return None
    row, column = (0, *details.first)[-PLANE:]
    if row not in range(last_row + 1) or column not in range(last_column + 1):
        return None
    return Window(row, column, height, width, over, by)
