"""Who is late, by how much, and what it costs."""

from datetime import timedelta

import pytest

from grader.classbook.lateness import (
    lateness,
    read_due,
    read_rule,
    spoken,
)
from grader.errors import UsageError
from grader.intake.student import Student

DUE = "2026-11-20 23:59 Europe/Berlin"


def at(when: str, *, late: bool = False) -> Student:
    """Make a student who handed in at a time."""
    return Student(name="Ada", submitted_at=when, late=late)


@pytest.mark.parametrize(
    ("when", "minutes"),
    [
        ("2026-11-20T23:59", None),
        ("2026-11-20T23:59:01", 1),
        ("2026-11-21T00:09", 10),
        ("2026-11-20T22:59:00+00:00", None),
        ("2026-11-20T23:09:00+00:00", 10),
        ("2026-11-20T23:09:00Z", 10),
        ("2026-11-20T15:09:00-08:00", 10),
        ("2026-11-20", None),
        ("2026-11-21", 1),
    ],
)
def test_a_time_without_a_zone_is_read_in_that_of_the_due_time(
    when: str, minutes: int | None
) -> None:
    """A time with a zone is the same moment everywhere; a day is its first moment."""
    found = lateness(at(when), read_due(DUE), None)
    assert found.late is (minutes is not None)
    assert (spoken(found.by) if found.by else None) == (
        f"{minutes} min" if minutes else None
    )


def test_an_hour_that_the_clock_skips_does_not_count() -> None:
    """Between two times of one zone lies what has passed, not what the clock shows."""
    due = read_due("2026-10-24 23:30 Europe/Berlin")
    assert lateness(at("2026-10-25T23:30"), due, None).by == timedelta(hours=25)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 23:59 +01:00",
        "2026-11-20T23:59+0100",
        "2026-11-20T23:59:00+01:00",
        "2026-11-20 22:59 UTC",
        "2026-11-20T22:59Z",
        "2026-11-20 23:59 UTC+01:00",
    ],
)
def test_a_zone_may_be_a_distance(text: str) -> None:
    """All of these are one moment."""
    assert read_due(text) == read_due(DUE)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "2026-11-20 23:59",
            'has no time zone; write it as --due "2026-11-20 23:59 Europe',
        ),
        ("2026-11-20", "is not a time; write it as"),
        ("tomorrow", "is not a time; write it as"),
        ("2026-02-30 12:00 UTC", "there is no such day or time"),
        ("2026-11-20 25:00 UTC", "there is no such day or time"),
        (
            "2026-11-20 23:59 Europe/Berlim",
            "is not a time zone that is known here",
        ),
        ("2026-11-20 23:59 ../../etc/passwd", "is not a time zone"),
        ("2026-11-20 23:59 +99:00", "is not a time zone"),
    ],
)
def test_a_due_time_that_is_none_is_refused_with_the_fix(
    text: str, complaint: str
) -> None:
    """One line, which says what to write."""
    with pytest.raises(UsageError) as caught:
        read_due(text)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "hours", "cost"),
    [
        ("10%/day, at most 50%", 1, 0.1),
        ("10%/day, at most 50%", 24, 0.1),
        ("10%/day, at most 50%", 25, 0.2),
        ("10%/day, at most 50%", 24 * 30, 0.5),
        ("10 % per day", 24 * 30, 1.0),
        ("2,5%/hour max 20%", 3, 0.075),
        ("30%/week", 24 * 8, 0.6),
        ("25%", 24 * 8, 0.25),
        ("10% each day up to 15%", 48, 0.15),
    ],
)
def test_each_unit_that_has_begun_costs_its_share(
    text: str, hours: int, cost: float
) -> None:
    """Up to the highest share."""
    assert read_rule(text).cost(timedelta(hours=hours)) == pytest.approx(cost)


@pytest.mark.parametrize(
    "text",
    [
        "10",
        "ten percent",
        "10%/month",
        "-10%/day",
        "10%/day at least 5%",
        "200%",
    ],
)
def test_a_rule_that_is_none_is_refused(text: str) -> None:
    """One line."""
    with pytest.raises(UsageError, match="--late"):
        read_rule(text)


def test_the_platforms_mark_counts_where_there_is_no_due_time() -> None:
    """Nobody knows by how much, so it costs one unit; where there is a due time, that alone."""
    rule = read_rule("10%/day")
    marked = lateness(at("", late=True), None, rule)
    assert (marked.late, marked.by, marked.cost) == (True, None, 0.1)
    assert not lateness(at(""), None, rule).late
    in_time = at("2026-11-20T10:00", late=True)
    assert not lateness(in_time, read_due(DUE), rule).late


def test_an_unknown_time_is_not_late() -> None:
    """It costs nothing, and the result says that it is unknown."""
    found = lateness(at("", late=True), read_due(DUE), read_rule("10%/day"))
    assert (found.late, found.cost, found.unknown) == (False, 0.0, True)
