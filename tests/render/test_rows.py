"""What of a report is drawn as an array, and which of its places are wrong: nobody grades here."""

import math
from typing import Any

import pytest

from grader.model import Details
from grader.render.rows import (
    MOST_COLUMNS,
    MOST_ROWS,
    Rows,
    difference_of,
    first_place,
    rows_of,
    wrong_places,
)

DRAWN: tuple[tuple[Any, Any], ...] = (
    ([1.0], ((1.0,),)),
    ([[1.0]], ((1.0,),)),
    ([1, 2], ((1.0, 2.0),)),
    ([[1.0], [2]], ((1.0,), (2.0,))),
    (([1.0], (2.0,)), ((1.0,), (2.0,))),
    ([["nan", 1], ["inf", "-inf"]], (("nan", 1.0), ("inf", "-inf"))),
)
NOT_DRAWN: tuple[Any, ...] = (
    1.0,
    "nan",
    {},
    [],
    [[]],
    [[], []],
    [[1.0], [1.0, 2.0]],
    [[1.0], 2.0],
    [1.0, [2.0]],
    [[[1.0]]],
    [True],
    ["one"],
    [None],
    [math.nan],
    [1, math.inf],
    [10**400],
)


@pytest.mark.parametrize(("value", "rows"), DRAWN)
def test_a_rectangle_of_numbers_is_drawn(value: Any, rows: Any) -> None:
    """However small it is; a vector is a row, and a whole number is drawn like any other."""
    assert rows_of(value) == rows


@pytest.mark.parametrize("value", NOT_DRAWN)
def test_nothing_else_is_drawn(value: Any) -> None:
    """Anybody may have written a report, and what stands there instead is left out."""
    assert rows_of(value) is None


def test_what_is_too_large_for_a_page_is_not_drawn() -> None:
    """The largest array has all of its rows and columns; one more, and it is left out."""
    widest, tallest = [1.0] * MOST_COLUMNS, [[1.0]] * MOST_ROWS
    assert rows_of(widest) == (tuple(widest),)
    assert rows_of(tallest) == ((1.0,),) * MOST_ROWS
    assert rows_of([*widest, 1.0]) is None
    assert rows_of([*tallest, [1.0]]) is None
    assert rows_of([[*widest, 1.0]]) is None


def test_as_many_places_are_wrong_as_were_counted() -> None:
    """The furthest off are; without a count, all that a usual tolerance does not let pass."""
    expected, actual = ((1.0, 2.0, 3.0),), ((1.0, 2.5, 9.0),)
    counted = Details(rung="values", differing=1)
    assert wrong_places(expected, actual, counted) == {(0, 2)}
    assert wrong_places(expected, actual, Details()) == {(0, 1), (0, 2)}
    negative = Details(rung="values", differing=-1)
    assert wrong_places(expected, actual, negative) == frozenset()


def test_nan_where_nan_belongs_is_right() -> None:
    """However many a report counts: another special value is wrong, the same one is not."""
    expected: Rows = (("nan", "nan", 1.0),)
    actual: Rows = (("nan", "inf", 1.0),)
    counted = Details(rung="values", differing=3)
    assert wrong_places(expected, actual, counted) == {(0, 1), (0, 2)}
    assert wrong_places(expected, actual, Details(rung="nan")) == {(0, 1)}


def test_the_first_wrong_place_is_the_one_that_is_named() -> None:
    """Where it cannot be seen, the first in reading order stands in; of none, there is none."""
    wrong = frozenset({(1, 0), (0, 2)})
    assert first_place(wrong, (1, 0)) == (1, 0)
    assert first_place(wrong, (5, 5)) == (0, 2)
    assert first_place(wrong, None) == (0, 2)
    assert first_place(frozenset(), (0, 0)) is None


def test_the_difference_is_0_where_nothing_is_wrong() -> None:
    """It is yours minus expected elsewhere, and nan where that is no number."""
    expected: Rows = ((1.0, 2.0, "nan", -1e308),)
    actual: Rows = ((1.5, 2.5, 3.0, 1e308),)
    wrong = frozenset({(0, 1), (0, 2), (0, 3)})
    assert difference_of(expected, actual, wrong) == ((0.0, 0.5, "nan", "nan"),)
