"""What is drawn of arrays: planes, panels, shades, frames and their numbers, without any markup."""

from typing import Any

import pytest

from grader.model import Covered, Details
from grader.render.blocks import side_by_side
from grader.render.grids import Panel, disagree, panels
from grader.render.planes import MOST_PLANES, stack_of
from grader.render.tables import scaled, shade, tables
from grader.render.terminal import Terminal

ONES = [[1.0, 1.0], [1.0, 1.0]]


# ------------------------------------------------------------------------------------- planes


@pytest.mark.parametrize(
    ("value", "shape", "places"),
    [
        ([1.0, 2.0, 3.0], (1, 1, 3), [()]),
        ([[1.0, 2.0, 3.0]], (1, 1, 3), [()]),
        ([ONES, ONES, ONES], (3, 2, 2), [(0,), (1,), (2,)]),
        ([[ONES], [ONES]], (2, 2, 2), [(0, 0), (1, 0)]),
        ([ONES] * MOST_PLANES, (8, 2, 2), [(n,) for n in range(8)]),
        ([[[[[[[1.0]]]]]]], (1, 1, 1), [(0, 0, 0, 0, 0)]),
        ([[[[[[[[1.0]]]]]]]], (1, 1, 1), [(0, 0, 0, 0, 0, 0)]),
    ],
)
def test_an_array_is_a_stack_of_planes(
    value: Any, shape: tuple[int, ...], places: list[tuple[int, ...]]
) -> None:
    """A row is one plane, a matrix is one, and each plane of a cube has its index."""
    stack = stack_of(value)
    assert stack is not None
    assert (stack.shape, list(stack.places)) == (shape, places)
    assert stack.flat is isinstance(value[0], float)
    assert stack.split(stack.together) == stack.planes


@pytest.mark.parametrize(
    "value",
    [
        *(1.0, "a", None, [], [[]], {}, [{}], [[1.0], [1.0, 2.0]]),
        [ONES] * (MOST_PLANES + 1),
        [ONES, [[1.0]]],
        [ONES, [ONES]],
        [ONES, 1.0],
        [1.0, ONES],
        [ONES, []],
        [ONES, "a"],
        [[[[[[[[[1.0]]]]]]]]],
        [[ONES] * 5, [ONES] * 5],
    ],
)
def test_what_is_no_small_regular_array_is_no_stack(value: Any) -> None:
    """Planes of several sizes, too many of them, too many axes, and what is not a number."""
    assert stack_of(value) is None


def test_a_place_is_found_by_its_index() -> None:
    """In the rows of all planes together; what is not in the array is nowhere."""
    cube, row = stack_of([ONES, ONES]), stack_of([1.0, 2.0])
    assert cube is not None
    assert row is not None
    assert cube.place_of((1, 0, 1)) == (2, 1)
    assert cube.place_of((0, 1, 0)) == (1, 0)
    assert row.place_of((1,)) == (0, 1)
    for index in (None, (), (2, 0, 0), (0, 0)):
        assert cube.place_of(index) is None
    wrong = frozenset({(1, 0), (2, 1), (3, 0)})
    assert cube.on_plane(0, wrong) == {(1, 0)}
    assert cube.on_plane(1, wrong) == {(0, 1), (1, 0)}
    assert row.on_plane(0, wrong) == wrong


# ------------------------------------------------------------------------------------- panels


def drawn(
    expected: Any = None, actual: Any = None, **more: Any
) -> tuple[Panel, ...]:
    """Return the panels of two arrays."""
    usual: dict[str, Any] = {"rung": "values", "differing": 1}
    return panels(
        Details(expected=expected, actual=actual, **{**usual, **more})
    )


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ([1.0, 2.0], "1 2"),
        ([0.0, -0.0], "0 0"),
        ([0.5, 2.0], "0.5 2.0"),
        ([0.25, 2.0], "0.25 2.00"),
        ([0.0625, 2.0], "0.0625 2.0000"),
        ([0.015625, 2.0], "0.02 2.00"),
        ([0.1 + 0.2, 2.0], "0.30 2.00"),
        ([1 / 3, 9.994], "0.33 9.99"),
        ([1 / 3, 9.995], "0.3 10.0"),
        ([1 / 3, 12.0], "0.3 12.0"),
        ([1 / 3, 100.0], "0.3 100.0"),
        ([99999.0], "99999"),
        ([99999.5], "99999.5"),
        ([1e5], "1.0e+05"),
        ([1e5, "nan"], "1.0e+05 nan"),
        ([0.01], "0.01"),
        ([0.0099], "9.9e-03"),
        ([-0.0099, 0.0], "-9.9e-03 0.0e+00"),
        (["nan", "-inf", 2.5], "nan -inf 2.5"),
        (["nan"], "nan"),
        ([1234.5, 1 / 3], "1234.5 0.3"),
        ([1.5, -0.0], "1.5 0.0"),
    ],
)
def test_numbers_have_the_same_decimals(numbers: list[Any], texts: str) -> None:
    """As many as show all of them exactly, or as there is room for; extremes have an exponent."""
    (panel,) = drawn(numbers)
    assert " ".join(panel.texts[0]) == texts


@pytest.mark.parametrize(
    ("numbers", "largest"),
    [([1.0, -3.0], 3.0), ([0.0], 1.0), (["nan"], 1.0), ([0.5], 0.5)],
)
def test_the_largest_magnitude_can_be_divided_by(
    numbers: list[Any], largest: float
) -> None:
    """Where nothing has a magnitude it is 1."""
    (panel,) = drawn(numbers)
    assert panel.largest == largest


def test_a_difference_has_signs_where_something_is_wrong() -> None:
    """It is yours minus expected, and a plain 0 everywhere else."""
    expected, actual, difference = drawn([1.0, 2.0, 3.0], [1.0, 2.5, 3.0])
    assert [panel.role for panel in (expected, actual, difference)] == [
        *("expected", "actual", "difference"),
    ]
    assert difference.texts == (("0", "+0.5", "0"),)
    assert actual.wrong == difference.wrong == {(0, 1)}
    assert expected.wrong == frozenset()
    assert expected.first == actual.first == difference.first == (0, 1)
    assert [panel.size for panel in (expected, actual)] == ["3", "3"]
    assert drawn([[1.0, 2.0]], [[1.0, 3.0]])[0].size == "1x2"


def test_another_right_answer_is_not_wrong_by_its_places() -> None:
    """Where the exercise checks an answer itself, nothing is marked, and the title says why."""
    shown, yours = drawn([1.0, 2.0], [1.0, 3.0], rung="check")
    assert (shown.title, yours.title) == ("one right answer", "yours")
    assert yours.wrong == frozenset()
    assert yours.first is None


def test_planes_are_called_by_their_index() -> None:
    """What is wrong is marked on its own plane, and the first of it there alone."""
    cube, wrong = [ONES, ONES], [ONES, [[1.0, 1.0], [9.0, 9.0]]]
    found = drawn(cube, wrong, differing=2, first=(1, 1, 1), inputs={"x": cube})
    assert [panel.title for panel in found] == [
        f"{title} [{number}]"
        for title in ("x", "expected", "yours", "difference")
        for number in (0, 1)
    ]
    assert [sorted(panel.wrong) for panel in found[4:6]] == [
        [],
        [(1, 0), (1, 1)],
    ]
    assert [panel.first for panel in found[4:6]] == [None, (1, 1)]


@pytest.mark.parametrize(
    ("covered", "note"),
    [
        ((0, 0, 2, 2), "kernel at [0, 0]"),
        ((-1, -1, 2, 2), "kernel at [-1, -1]"),
        ((2, 3, 2, 2), "kernel at [2, 3]"),
        ((3, 0, 2, 2), None),
        ((0, 4, 2, 2), None),
        ((-2, 0, 2, 2), None),
        ((0, -2, 2, 2), None),
    ],
)
def test_a_window_is_framed_where_something_of_it_is_there(
    covered: tuple[int, int, int, int], note: str | None
) -> None:
    """It may reach over an edge; beyond it there is nothing to frame."""
    row, column, height, width = covered
    window = Covered(
        over="image",
        by="kernel",
        row=row,
        column=column,
        height=height,
        width=width,
    )
    inputs = {"image": [[1.0] * 4] * 3, "kernel": ONES}
    image, kernel = drawn(inputs=inputs, covered=window)
    assert (image.window and image.window.note) == note
    assert kernel.window is None
    if image.window is not None:
        assert image.window.said == "in the window"


def test_a_window_without_a_name_is_a_window() -> None:
    """What a line asked for has no name; a long one is cut."""
    for by, note in (
        ("", "window"),
        ("a" * 12, "a" * 12),
        ("a" * 13, "a" * 9 + "..."),
    ):
        window = Covered(over="x", by=by, row=0, column=0, height=1, width=1)
        (panel,) = drawn(inputs={"x": ONES}, covered=window)
        assert panel.window is not None
        assert panel.window.note == f"{note} at [0, 0]"


SQUARE = [[float(3 * row + column) for column in range(3)] for row in range(3)]
PADDED = [[0.0] * 5, *([0.0, *row, 0.0] for row in SQUARE), [0.0] * 5]


def _frames(
    expected: Any, actual: Any, **more: Any
) -> list[tuple[Any, ...] | None]:
    found = []
    for panel in drawn(
        expected, actual, **{"rung": "shape", "differing": None, **more}
    ):
        window = panel.window
        found.append(
            None
            if window is None
            else (
                window.row,
                window.column,
                window.height,
                window.width,
                window.note,
                window.said,
            )
        )
    return found


def test_the_part_that_is_right_is_framed() -> None:
    """In the larger of two arrays: the middle of it, or its top left."""
    right, there = (
        ("these are right", "right"),
        ("these are there", "there in yours"),
    )
    assert _frames(SQUARE, PADDED, region="border") == [
        None,
        (1, 1, 3, 3, *right),
    ]
    assert _frames(SQUARE, PADDED, region="last_row") == [
        None,
        (0, 0, 3, 3, *right),
    ]
    assert _frames(PADDED, SQUARE, region="border") == [
        (1, 1, 3, 3, *there),
        None,
    ]
    assert _frames(PADDED, SQUARE, region="last_row") == [
        (0, 0, 3, 3, *there),
        None,
    ]
    wide = [row[:2] for row in PADDED]
    for pair in ((SQUARE, SQUARE), (SQUARE, wide), ([PADDED] * 2, SQUARE)):
        assert set(_frames(*pair, region="border")) == {None}
    tall = [[*row, 0.0] for row in SQUARE]
    assert _frames(SQUARE, tall, region="last_column") == [
        None,
        (0, 0, 3, 3, *right),
    ]
    assert set(_frames(SQUARE, PADDED, region=None)) == {None}
    assert set(_frames(SQUARE, PADDED, region="border", rung="values")) == {
        None
    }
    assert _frames(SQUARE, None, region="border") == [None]


def test_two_arrays_disagree_where_a_place_or_the_size_differs() -> None:
    """Where one of them is missing, there is nothing that could."""
    assert disagree(drawn([1.0, 2.0], [1.0, 3.0]))
    assert not disagree(drawn([1.0, 2.0], [1.0, 2.0], differing=0))
    assert disagree(drawn([1.0, 2.0], [1.0]))
    assert disagree(drawn([1.0, 2.0], [[1.0], [2.0]]))
    assert disagree(drawn([ONES, ONES], ONES))
    assert not disagree(drawn([1.0]))
    assert not disagree(drawn(None, [1.0]))
    assert not disagree(())


# ------------------------------------------------------------------------------------- shades


@pytest.mark.parametrize(
    ("cell", "look"),
    [
        (0.0, ""),
        (1e-12, ""),
        (0.1, "p1"),
        (2.0, "p1"),
        (2.1, "p2"),
        (4.0, "p2"),
        (4.1, "p3"),
        (6.1, "p4"),
        (8.0, "p4"),
        (8.1, "p5"),
        (10.0, "p5"),
        (99.0, "p5"),
        (-0.1, "n1"),
        (-2.0, "n1"),
        (-2.1, "n2"),
        (-10.0, "n5"),
        (-99.0, "n5"),
        ("nan", "x"),
        ("-inf", "x"),
    ],
)
def test_a_shade_is_a_fifth_of_the_scale(cell: Any, look: str) -> None:
    """The end of one is no beginning of the next, and what is not finite has a shade of its own."""
    assert shade(cell, 10.0) == look


def test_arrays_that_are_compared_have_one_scale() -> None:
    """Yours has that of what was expected; the planes of an input have one, other inputs theirs."""
    cube = [ONES, [[4.0, 1.0], [1.0, 1.0]]]
    inputs = {"a": cube, "b": [2.0]}
    found = [scale for _, scale in scaled(drawn([3.0], [9.0], inputs=inputs))]
    assert found == [4.0, 4.0, 2.0, 3.0, 3.0, 6.0]
    assert [scale for _, scale in scaled(drawn(None, [9.0]))] == [9.0]


def test_the_cells_of_a_table_have_their_marks() -> None:
    """Wrong, the first wrong, and the sides of a window, which is open beyond an edge."""
    expected, actual, difference = tables(
        drawn(
            [[0.0, 5.0], [2.0, "nan"]],
            [[0.0, -5.0], [1.0, "nan"]],
            differing=2,
            first=(1, 0),
        )
    )
    assert expected.looks == (("", "p5"), ("p2 f", "x"))
    assert actual.looks == (("", "n5 w"), ("p1 w f", "x"))
    assert difference.looks == (("z", "n5 w"), ("n1 w f", "z"))
    assert (expected.note, actual.note, difference.note) == ("", "2 differ", "")
    assert actual.said == {(0, 1): "differs", (1, 0): "differs, the first"}
    assert expected.said == difference.said == {}
    assert tables(drawn([1.0], [2.0]))[1].note == "1 differs"
    assert (actual.columns, actual.size) == (range(2), "2x2")


def _marks(
    row: int, column: int, height: int, width: int
) -> tuple[tuple[str, ...], ...]:
    window = Covered(
        over="x", by="k", row=row, column=column, height=height, width=width
    )
    (table,) = tables(drawn(inputs={"x": [[0.0] * 3] * 3}, covered=window))
    assert set(table.said.values()) == {"in the window"}
    assert len(table.said) == sum(map(bool, sum(table.looks, ())))
    assert table.note.startswith("k at")
    return table.looks


def test_a_window_has_sides() -> None:
    """On each side where it ends inside the array; in one cell there may be all four."""
    assert _marks(1, 1, 1, 1) == (
        ("", "", ""),
        ("", "v t b l r", ""),
        ("", "", ""),
    )
    assert _marks(0, 0, 2, 3) == (
        ("v t l", "v t", "v t r"),
        ("v b l", "v b", "v b r"),
        ("", "", ""),
    )
    assert _marks(-1, -1, 2, 2) == (
        ("v b r", "", ""),
        ("", "", ""),
        ("", "", ""),
    )
    assert _marks(2, 2, 2, 2) == (("", "", ""), ("", "", ""), ("", "", "v t l"))
    assert _marks(-1, -1, 5, 5) == (("v", "v", "v"),) * 3


# --------------------------------------------------------------------------------------- text


def _text(*found: Panel, width: int = 80) -> str:
    return "\n".join(side_by_side(found, Terminal(width)))


def test_a_window_stands_between_brackets_in_text() -> None:
    """Open where it is cut off; a wrong value has a star."""
    window = Covered(over="x", by="k", row=0, column=1, height=2, width=2)
    over = Covered(over="x", by="k", row=2, column=-1, height=2, width=2)
    inputs = {"x": [[1.0, 2.0, 3.0]] * 3}
    assert _text(*drawn(inputs=inputs, covered=window)) == (
        "  x (3x3)   \n    0  1  2 \n  0 1 [2  3]\n  1 1 [2  3]\n  2 1  2  3 "
    )
    last = _text(*drawn(inputs=inputs, covered=over)).split("\n")[-2:]
    assert last == ["  1 1  2  3 ", "  2 1] 2  3 "]
    assert _text(drawn([1.0, 2.0], [1.0, 3.0])[1]) == (
        "  yours (2)\n    0  1   \n  0 1  3*  "
    )


def test_arrays_stand_below_each_other_where_there_is_no_room() -> None:
    """Exactly as wide as the terminal still fits, and a shorter one is filled with blanks."""
    both = drawn([[1.0], [2.0]], [3.0], rung="shape")
    wide = "  expected (2x1)   yours (1)"
    assert _text(*both).split("\n")[0] == wide
    assert _text(*both, width=len(wide)).split("\n")[0] == wide
    below = _text(*both, width=len(wide) - 1).split("\n")
    assert below[0] == "  expected (2x1)"
    assert below[3:6] == ["  1 2            "[:16], "", "  yours (1)"]
    assert _text(*both).split("\n")[3] == "  1 2                       "


def test_many_rows_are_numbered_in_one_width() -> None:
    """With eleven rows the numbers take two places, with ten one."""
    for height, gutter in ((10, 1), (11, 2)):
        lines = _text(*drawn([[1.0]] * height)).split("\n")
        assert lines[2].startswith(f"  {0:>{gutter}} 1 ")
