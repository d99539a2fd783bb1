"""What every platform says in the same words: findings, lines of source, hints, arrays."""

import typing
from collections.abc import Callable
from typing import Literal

import msgspec
import pytest

from grader.model import (
    CaseReport,
    Details,
    ExceptionDetails,
    Hint,
    Report,
    Status,
    Verdict,
)
from grader.platforms.telling import (
    arrays,
    fraction,
    headline,
    notes,
    told,
    told_with_arrays,
)
from grader.render.prose import secret_note
from grader.vocabulary import GRADER_FAULT

Make = Callable[..., Report]
Source = Literal["file", "environment", "default"]


def failed(
    details: Details, message: str = "Some values are wrong."
) -> CaseReport:
    """Build a case that failed with one hint."""
    return CaseReport(
        name="8x8",
        title="8x8 image",
        shapes={"image": (8, 8), "kernel": (3, 3)},
        verdict=Verdict.WRONG_VALUES,
        score=0.0,
        max_score=1.0,
        message=message,
        hints=(Hint("kernel-flipped", "You turned the kernel."),),
        details=details,
        duration_s=0.001,
    )


def test_a_case_is_told_as_finding_line_and_hint() -> None:
    """The finding comes first, then the student's own line with its place, then the hint."""
    error = ExceptionDetails(
        type="E", message="m", line=2, cell=3, source=" x = 1 "
    )
    assert told(failed(Details(exception=error))).splitlines() == [
        "Some values are wrong.",
        "Cell 3, line 2: x = 1",
        "Hint: You turned the kernel.",
    ]


def test_a_case_without_a_message_still_says_something() -> None:
    """A message that is empty is replaced by the sentence for the verdict."""
    assert told(failed(Details(), "")).startswith(
        "Some values of your output are"
    )


def test_arrays_are_aligned_rows() -> None:
    """The expected and the student's array follow as rows whose columns align."""
    details = Details(
        expected=[[1.0, -20.5], [3.0, 4.0]], actual=[[1.0, 2.0], [3.0, 4.0]]
    )
    assert arrays(failed(details)) == {
        "Expected": "  1.0  -20.5\n  3.0    4.0",
        "Yours": "1  2\n3  4",
    }
    assert told_with_arrays(failed(details)).endswith("Yours:\n1  2\n3  4")


def test_arrays_that_agree_are_left_out() -> None:
    """Two arrays that look the same would say that all is well, so they are not shown."""
    same = [[1.0, 2.0], [3.0, 4.0]]
    assert arrays(failed(Details(expected=same, actual=same))) == {}
    assert arrays(failed(Details(expected=same))) == {}


def test_a_fault_of_the_grader_keeps_its_reason_from_students(
    make: Make,
) -> None:
    """The reason may name files of the operator, so the student reads what to do and no more."""
    report = make(
        Status.GRADER_ERROR, text="/srv/course/solutions/reference.py: broken"
    )
    assert fraction(report) is None
    assert headline(report) == GRADER_FAULT


@pytest.mark.parametrize("source", typing.get_args(Source))
def test_students_do_not_read_where_the_secret_came_from(
    source: Source, make: Make
) -> None:
    """That note is for the operator; the others are for the student."""
    report = msgspec.structs.replace(
        make(), notes=("Handed in late.", secret_note(source))
    )
    assert notes(report) == "Note: Handed in late."


@pytest.mark.parametrize(
    ("score", "most", "expected"),
    [(2.0, 4.0, 0.5), (5.0, 4.0, 1.0), (-1.0, 4.0, 0.0), (0.0, 0.0, 0.0)],
)
def test_a_fraction_is_between_0_and_1(
    score: float, most: float, expected: float, make: Make
) -> None:
    """Whatever the points are, and also where there are none to get."""
    report = msgspec.structs.replace(make(), score=score, max_score=most)
    assert fraction(report) == expected


@pytest.mark.parametrize("score", [None, float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_a_fault(
    score: float | None, make: Make
) -> None:
    """There is no fraction then, so no platform writes a 0."""
    assert fraction(msgspec.structs.replace(make(), score=score)) is None
