"""Two links of a course with one column of the grade book: a student has one grade there."""

import contextlib
import functools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.conftest import Served
from tests.service.platforms.conftest import Course
from tests.service.platforms.environment import Platform
from tests.service.platforms.launching import Browser
from tests.service.platforms.students import HALF, RIGHT, Student, wait_for

STUDENTS = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def course(
    request: pytest.FixtureRequest, other: Platform, tmp_path: Path
) -> Iterator[Course]:
    """Return a course of the second platform: one process with SQLite, two with PostgreSQL."""
    options: tuple[str, ...] = ()
    if request.param == "postgresql":
        url = request.getfixturevalue("cluster").new_database()
        options = ("--database", url)
    with contextlib.ExitStack() as running:
        replicas = []
        for which in range(2 if options else 1):
            served = Served(tmp_path / str(which), *options)
            running.callback(served.end)
            replicas.append(served)
        yield Course(other, replicas[0], replicas[0].database_url)


def come(course: Course, user: str, link: str) -> Student:
    """Let a student come through one of the links of the column."""
    browser = Browser()
    start = course.start(user=user, link=link, column="shared")
    student = Student(browser, course.served.url, start)
    browser.client.close()
    return student


def state_of(student: Student) -> str | None:
    """Return where a student's score for their link is."""
    return student.standing().get("state")


def test_two_links_of_a_column_send_one_after_the_other(course: Course) -> None:
    """Handed in at the same moment, no post is refused, and the best one counts."""
    came = {
        user: (come(course, user, "one"), come(course, user, "two"))
        for user in (f"s{number}" for number in range(STUDENTS))
    }
    presses = [
        threading.Thread(target=student.hand_in, args=(text,))
        for pair in came.values()
        for student, text in zip(pair, (RIGHT, HALF), strict=True)
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    for pair in came.values():
        for student in pair:
            wait_for(functools.partial(state_of, student), "sent")
            student.client.close()
    book = course.platform.read("/gradebook", tool=course.tool)
    assert len(book["line_items"]) == 1
    assert book["refused"] == []
    assert {row["score"] / row["max"] for row in book["scores"]} == {1.0}
    for user in came:
        seconds = [
            post["timestamp"][:19]
            for post in book["posts"]
            if post["userId"] == user
        ]
        assert seconds == sorted(set(seconds))
