"""Code that was still running when its time was up is told with the loop that it was in."""

from collections.abc import Callable

import pytest

from grader.model import Outcome, Still, Submission
from grader.submission import with_loops

HandIn = Callable[..., Submission]
SOURCE = """\
async def convolve(image, kernel):
    while image:
        for row in image:
            row += 1
            row += 2
        image = 3
    else:
        image = 4
    async for row in image:
        row += 1
    for row in image:
        def inner(a):
            a += 1
            return a
        helper = lambda a: (
            a + 1
        )
        inner(row)
    class Work:
        pass
        pass
    for a in image: a += 1
    for b in image: f = lambda: b
x = 1
"""


def loop_of(
    submission: Submission, *lines: int, cell: int | None = None
) -> Still:
    """Return where code was that came to these lines while it was watched."""
    still = Still(lines=lines, cell=cell)
    (found,) = with_loops((Outcome(kind="timed_out", still=still),), submission)
    assert found.still is not None
    return found.still


@pytest.mark.parametrize(
    ("lines", "loop"),
    [
        ((4,), 3),
        ((4, 5), 3),
        ((3, 5), 3),
        ((2, 4), 2),
        ((4, 6), 2),
        ((6,), 2),
        ((2,), 2),
        ((10,), 9),
        ((11, 18), 11),
        ((18,), 11),
        ((22,), 22),
        ((23,), 23),
    ],
)
def test_the_innermost_loop_with_all_lines_is_told(
    hand_in: HandIn, lines: tuple[int, ...], loop: int
) -> None:
    """The line on which a loop begins is a part of it."""
    found = loop_of(hand_in(SOURCE), *lines)
    assert found == Still(lines=(loop,), is_loop=True)


@pytest.mark.parametrize(
    "lines",
    [
        (1,),
        (8,),
        (6, 8),
        (13,),
        (13, 14),
        (16,),
        (20, 21),
        (24,),
        (4, 24),
        (99,),
    ],
)
def test_no_loop_is_told_where_the_code_is_in_none(
    hand_in: HandIn, lines: tuple[int, ...]
) -> None:
    """Behind `else` it has ended; of a function inside a loop, the loop is that of its caller."""
    assert loop_of(hand_in(SOURCE), *lines) == Still(lines=lines)


def test_a_loop_is_looked_for_in_its_own_cell(
    hand_in: HandIn, notebook: Callable[..., str]
) -> None:
    """Another cell may have a loop on the same line."""
    text = notebook(
        "while 1:\n    a = 1\n", "b = 1\nc = 1\n", "for a in b:\n    c = 1\n"
    )
    submission = hand_in(text, "a.ipynb")
    for cell in (1, 3):
        told = Still(lines=(1,), cell=cell, is_loop=True)
        assert loop_of(submission, 2, cell=cell) == told
    assert loop_of(submission, 2, cell=2) == Still(lines=(2,), cell=2)
    assert loop_of(submission, 2) == Still(lines=(2,))


def test_every_outcome_is_kept_in_its_order(hand_in: HandIn) -> None:
    """Those that returned are left as they are, those in one loop have the same line."""
    still = Still(lines=(4,))
    outcomes = [
        Outcome(kind="timed_out", still=still),
        Outcome(kind="returned", value=1),
        Outcome(kind="timed_out", still=still),
    ]
    first, second, third = with_loops(outcomes, hand_in(SOURCE))
    assert second is outcomes[1]
    assert first.still == third.still == Still(lines=(3,), is_loop=True)
