"""Whatever goes wrong, in any order, the grade book ends with the best score and none is owed."""

import itertools
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.service.lti import words
from tests.ports import free_port
from tests.service.conftest import Served
from tests.service.platforms.conftest import Course
from tests.service.platforms.environment import Platform
from tests.service.platforms.launching import Browser, sentence_of
from tests.service.platforms.students import HALF, RIGHT, WRONG, wait_for

LINES = (
    "hand in wrong",
    "hand in half",
    "hand in right",
    "click twice",
    "replay a launch",
    "launch with a clock ahead",
    "launch with a clock behind",
    "kill the first replica",
    "kill the second replica",
    "lose an answer",
    "fail",
    "throttle",
    "refuse the token",
    "give no token",
    "rotate the key",
)
TEXTS = {"wrong": WRONG, "half": HALF, "right": RIGHT}
STARTS = 5


class World:
    """One or two replicas of the service, and a student of a platform's course."""

    def __init__(
        self, platform: Platform, data: Path, options: tuple[str, ...]
    ) -> None:
        self.data, self.options = data, options
        # SQLite is for one process.
        self.ports = [free_port() for _ in range(2 if options else 1)]
        self.base = f"http://127.0.0.1:{self.ports[0]}"
        self.replicas: list[Served] = []
        for which in range(len(self.ports)):
            self.replicas.append(self._start(which))
        self.course = Course(platform, self.replicas[0], self.database())
        self.best: float | None = None
        self._numbers = itertools.count()
        self.user = ""
        self.token = self.link = ""

    def database(self) -> str | None:
        """Return the URL of the database, None for the one in the folder."""
        if "--database" not in self.options:
            return None
        return self.options[self.options.index("--database") + 1]

    def _start(self, which: int) -> Served:
        """Start a replica at its port, which somebody else may just leave."""
        data = self.data / str(which) if self.database() else self.data
        more = ("--base-url", self.base, "--port", str(self.ports[which]))
        for _ in range(STARTS):
            try:
                return Served(data, *self.options, *more)
            except AssertionError:
                continue
        return Served(data, *self.options, *more)

    def enrol(self) -> None:
        """Let a new student come to the exercise."""
        self.user = f"student-{next(self._numbers)}"
        self.best = None
        self.launch()

    def launch(self, **asked: str) -> None:
        """Click the link of the course."""
        browser = Browser()
        start = self.course.start(user=self.user, **asked)
        session = browser.enter(start)
        browser.client.close()
        self.token, self.link = session["token"], session["link"]

    def hand_in(self, text: str, click: str, which: int = 0) -> dict[str, Any]:
        """Hand in, at one replica or the other, until one has graded it."""
        for number in itertools.count(which):
            url = f"http://127.0.0.1:{self.ports[number % len(self.ports)]}"
            try:
                with httpx.Client(base_url=url, timeout=120) as client:
                    client.headers["Authorization"] = f"Bearer {self.token}"
                    answer = client.post(
                        "/api/v1/submissions",
                        json={"link": self.link, "text": text},
                        headers={"Idempotency-Key": click},
                    )
            except httpx.TransportError:
                continue
            assert answer.status_code in {200, 202}, answer.text
            told: dict[str, Any] = answer.json()
            if told["state"] == "graded":
                return told
        raise AssertionError

    def do(self, line: str) -> None:
        """Do one thing of a story."""
        platform = self.course.platform
        if line.startswith("hand in"):
            told = self.hand_in(
                TEXTS[line.rsplit(maxsplit=1)[-1]], secrets.token_hex(8)
            )
            score = told["report"]["score"]
            self.best = max(score, self.best or 0.0)
        elif line == "click twice":
            self._click_twice()
        elif line == "replay a launch":
            self._replay()
        elif line.startswith("launch"):
            self.launch(skew="50" if line.endswith("ahead") else "-50")
        elif line.startswith("kill"):
            self._kill(0 if "first" in line else 1)
        elif line == "rotate the key":
            platform.rotate(self.course.tool)
        else:
            platform.fault(*FAULTS[line])

    def _click_twice(self) -> None:
        click, told = secrets.token_hex(8), list[dict[str, Any]]()
        pressed = [
            threading.Thread(
                target=lambda which=which: told.append(
                    self.hand_in(HALF, click, which)
                )
            )
            for which in (0, 1)
        ]
        for press in pressed:
            press.start()
        for press in pressed:
            press.join()
        assert told[0]["submission"] == told[1]["submission"]
        self.best = max(told[0]["report"]["score"], self.best or 0.0)

    def _replay(self) -> None:
        browser = Browser()
        address, fields = browser.to_form(
            browser.begin(self.course.start(user=self.user))
        )
        assert browser.client.post(address, data=fields).is_success
        again = browser.client.post(address, data=fields)
        assert sentence_of(again) == words.CLICK_AGAIN
        browser.client.close()

    def _kill(self, which: int) -> None:
        """Kill a replica at once, and start it again at the same address."""
        which %= len(self.replicas)
        self.replicas[which].end(signal.SIGKILL)
        self.replicas[which] = self._start(which)

    def settle(self) -> None:
        """Let everything work, and wait until grade book and service agree on the best."""
        self.course.platform.works()
        wait_for(lambda: self.course.scores().get(self.user), self.best)
        wait_for(self._state, None if self.best is None else "sent")

    def _state(self) -> str | None:
        url = f"{self.base}/api/v1/work/{self.link}"
        headers = {"Authorization": f"Bearer {self.token}"}
        score = httpx.get(url, headers=headers, timeout=120).json()["score"]
        return None if score is None else str(score["state"])

    def end(self) -> None:
        """End both replicas."""
        for replica in self.replicas:
            if replica.process.poll() is None:
                replica.end()


FAULTS = {
    "lose an answer": ("/scores", "lost"),
    "fail": ("/scores", "500"),
    "throttle": ("/scores", "429/1"),
    "refuse the token": ("/scores", "401"),
    "give no token": ("/token", "nonsense"),
}


@pytest.fixture(
    scope="module",
    params=[("edx", "sqlite"), ("other", "postgresql")],
    ids="-".join,
)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Return the service at a platform: one process with SQLite, two with PostgreSQL."""
    name, kind = request.param
    new: Callable[[str], Any] = request.getfixturevalue
    options: tuple[str, ...] = ()
    if kind == "postgresql":
        options = ("--database", new("cluster").new_database())
    made = World(new(name), tmp_path_factory.mktemp("world"), options)
    yield made
    made.end()


@pytest.mark.timeout(1200)
@settings(
    max_examples=3,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(story=["lose an answer", "hand in half", "hand in right", "fail"])
@example(story=["hand in right", "kill the first replica", "hand in wrong"])
@given(story=st.lists(st.sampled_from(LINES), min_size=5, max_size=8))
def test_any_order_of_faults_ends_well(world: World, story: list[str]) -> None:
    """Clicks, replays, kills, lost answers, new keys, wrong clocks: the best score is there."""
    world.enrol()
    for line in story:
        world.do(line)
    world.settle()
