"""Names and roles, where a platform tells them."""

from typing import Any

from tests.service.platforms.conftest import Course
from tests.service.platforms.environment import Platform
from tests.service.platforms.launching import Browser
from tests.service.platforms.students import wait_for


def names_in_class(client: Any, context: str) -> set[str]:
    """Return who of the two is in the table of the class."""
    answer = client.get(f"/api/v1/class/{context}.csv")
    assert answer.status_code == 200, answer.text
    return {name for name in ("Bob", "Mia") if name in answer.text}


def test_a_teacher_sees_who_has_not_come_yet(
    other: Platform, serving: Any, enrol: Any, browser: Browser
) -> None:
    """Members of the course are in the table of the class, also those who never opened the link."""
    course = Course(other, serving())
    # They go to the platform's course, and no further.
    for user, name in (("u1", "Bob"), ("u2", "Mia")):
        browser.to_form(browser.begin(course.start(user=user, name=name)))
    eve = enrol(course, user="eve", name="Eve", role="staff", members="1")
    context = eve.session["context"]["key"]
    wait_for(lambda: names_in_class(eve.client, context), {"Bob", "Mia"})


def test_a_course_opens_without_its_members(
    other: Platform, serving: Any, enrol: Any
) -> None:
    """A platform that does not tell who is there, or tells nonsense, delays nobody."""
    course = Course(other, serving())
    other.fault("/members", "nonsense", 1)
    eve = enrol(course, user="eve", role="staff", members="1")
    assert eve.session["roles"] == ["Instructor"]
    other.works()
