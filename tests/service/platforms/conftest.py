"""Platforms of others beside the service, and the service registered at them."""

import contextlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.service.data import Database, open_database, platforms
from tests.service.conftest import Served
from tests.service.platforms.environment import Platform
from tests.service.platforms.launching import Browser
from tests.service.platforms.students import Student


@pytest.fixture(scope="session")
def edx() -> Iterator[Platform]:
    """Return Open edX's platform half."""
    running = Platform("edx.py")
    yield running
    running.end()


@pytest.fixture(scope="session")
def other() -> Iterator[Platform]:
    """Return the second platform."""
    running = Platform("other.py")
    yield running
    running.end()


@pytest.fixture(params=["edx", "other"])
def platform(request: pytest.FixtureRequest) -> Platform:
    """Return a platform, each in turn."""
    found: Platform = request.getfixturevalue(request.param)
    return found


class Course:
    """A tool's place at a platform: what a course page needs to open it."""

    def __init__(
        self,
        platform: Platform,
        served: Served,
        database: str | None = None,
        fronts: tuple[str, str] | None = None,
    ) -> None:
        self.platform, self.served = platform, served
        keys = served.url.replace(fronts[1], "127.0.0.1") if fronts else None
        self.registration = (
            platform.register(served.url)
            if keys is None
            else platform.register(served.url, keys=keys)
        )
        if fronts:
            url = self.registration["authorization_url"]
            self.registration["authorization_url"] = url.replace(
                "127.0.0.1", fronts[0]
            )
        self.tool = self.registration["tool"]
        with (
            contextlib.closing(
                open_database(database or database_of(served))
            ) as opened,
            opened.begin() as db,
        ):
            register(db, self.registration)

    def start(self, **asked: str) -> str:
        """Return where a course page begins a launch."""
        return self.platform.start_url(self.tool, **asked)

    def scores(self) -> dict[str, float]:
        """Return the points in the grade book, by person."""
        if self.platform.script == "edx.py":
            link = self.registration["link"]
            # A score of Open edX is a fraction of the block's points.
            rows = [
                {**row, "score": row["score"] * row["max"]}
                for row in self.platform.read("/gradebook")
                if row["link"] == link
            ]
        else:
            rows = self.platform.read("/gradebook", tool=self.tool)["scores"]
        return {row["user"]: row["score"] for row in rows}


def register(
    db: Any, registration: dict[str, str], name: str | None = None
) -> None:
    """Register a platform at the service, as the operator does."""
    platform_id = platforms.add_platform(
        db,
        platforms.Registered(
            name=name or f"platform {secrets.token_hex(2)}",
            issuer=registration["issuer"],
            client_id=registration["client_id"],
            kind="",
            authorization_url=registration["authorization_url"],
            token_url=registration["token_url"],
            jwks_url=registration["jwks_url"],
        ),
    )
    platforms.add_deployment(db, platform_id, registration["deployment_id"])


def database_of(served: Served) -> str:
    """Return the URL of a service's database."""
    return f"sqlite:///{served.data}/service.sqlite"


@pytest.fixture
def database_at() -> Iterator[Callable[[Served], Database]]:
    """Return what opens a service's database from outside."""
    opened: list[Database] = []

    def open_it(served: Served) -> Database:
        opened.append(open_database(database_of(served)))
        return opened[-1]

    yield open_it
    for database in opened:
        database.close()


@pytest.fixture
def new_browser() -> Iterator[Callable[[], Browser]]:
    """Return what makes a browser that has been nowhere yet."""
    opened: list[Browser] = []

    def open_it() -> Browser:
        opened.append(Browser())
        return opened[-1]

    yield open_it
    for browser in opened:
        browser.client.close()


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    """Return a browser that has been nowhere yet."""
    return new_browser()


@pytest.fixture
def enrol(
    new_browser: Callable[[], Browser],
) -> Iterator[Callable[..., Student]]:
    """Return what lets a student come from a course."""
    came: list[Student] = []

    def come(course: Course, **asked: str) -> Student:
        start = course.start(**asked)
        came.append(Student(new_browser(), course.served.url, start))
        return came[-1]

    yield come
    for student in came:
        student.client.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return one service for all tests that leave it as it is."""
    running = Served(tmp_path_factory.mktemp("served"))
    yield running
    running.end()


@pytest.fixture
def course(platform: Platform, served: Served) -> Course:
    """Return a course of its own, of each platform in turn, with the service as its tool."""
    return Course(platform, served)


@pytest.fixture
def other_course(other: Platform, served: Served) -> Course:
    """Return a course of its own, of the second platform, with the service as its tool."""
    return Course(other, served)
