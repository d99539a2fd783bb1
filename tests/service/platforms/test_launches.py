"""Launches from platforms that others wrote, to the session."""

from tests.service.platforms.conftest import Course
from tests.service.platforms.launching import Browser


def test_a_launch_opens_the_exercise(course: Course, browser: Browser) -> None:
    """Both platforms' launches open the exercise that their link names, in their course."""
    session = browser.enter(course.start(user="ada", title="Signals"))
    assert session["roles"] == ["Learner"]
    assert session["context"]["title"] == "Signals"
    assert session["person"]["name"] == "Ada"
    opened = {link["key"]: link["exercise"] for link in session["links"]}
    assert opened[session["link"]] == "convolution"
