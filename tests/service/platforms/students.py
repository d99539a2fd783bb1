"""A student who came from a platform's course, and hands in."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.batch import conftest as answers
from tests.service.people import followed
from tests.service.platforms.launching import Browser

WAIT_S = 180
RIGHT = answers.RIGHT
HALF = answers.FLIPPED
"""Right for kernels that are symmetric."""
WRONG = RIGHT.replace("return out", "return out + 1")


class Student:
    """A person with a session of their own at the service."""

    def __init__(self, browser: Browser, tool: str, start: str) -> None:
        self.client = httpx.Client(base_url=tool, timeout=WAIT_S)
        self.session = browser.enter(start)
        self.client.headers["Authorization"] = f"Bearer {self.session['token']}"

    def hand_in(self, text: str, click: str | None = None) -> dict[str, Any]:
        """Hand in through the link that was clicked; return what the page is told."""
        answer = self.client.post(
            "/api/v1/submissions",
            json={"link": self.session["link"], "text": text},
            headers={"Idempotency-Key": click or secrets.token_hex(8)},
        )
        answer = followed(self.client, answer)
        assert answer.status_code in {200, 202}, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def standing(self) -> dict[str, Any]:
        """Return the score that counts, and where it is."""
        answer = self.client.get(f"/api/v1/work/{self.session['link']}")
        assert answer.status_code == 200, answer.text
        score: dict[str, Any] = answer.json()["score"] or {}
        return score


def wait_for(what: Callable[[], Any], wanted: Any) -> None:
    """Wait until something is as it should be."""
    until = time.monotonic() + WAIT_S
    found = what()
    while found != wanted:
        assert time.monotonic() < until, f"{found} and not {wanted}"
        time.sleep(0.1)
        found = what()
