"""People and what they hand in, for tests of the service."""

import time
from pathlib import Path
from typing import Any

import httpx

from grader.service.data import Database, people
from grader.service.data.tokens import (
    Holder,
    Role,
    Who,
    add_token,
    find_token,
    new_key,
)

EXERCISES = Path(__file__).parents[2] / "exercises"
SAMPLES = Path(__file__).parents[2] / "solutions" / "convolution" / "samples"
RIGHT = (SAMPLES / "right.py").read_text("utf-8")
WRONG = (SAMPLES / "flipped.py").read_text("utf-8")
NOTEBOOK = SAMPLES / "homework.ipynb"
ENDLESS = "def convolve(image, kernel):\n    while True:\n        pass\n"


def someone(
    database: Database,
    context_id: int,
    *roles: Role,
    name: str = "Ada",
) -> tuple[Who, str]:
    """Return somebody new of a course, and the token of a page of theirs."""
    roles = roles or ("Learner",)
    with database.begin() as db:
        person_id = people.ensure_person(db, None, new_key(), name)
        people.see_member(db, context_id, person_id, roles)
        holder = Holder(person_id=person_id, context_id=context_id, roles=roles)
        token = add_token(db, "page", holder, lasts_s=3600)
        who = find_token(db, token, "page")
    assert who is not None
    return who, token


def followed(client: httpx.Client, answer: httpx.Response) -> httpx.Response:
    """Return the answer to a press, or the one that it has once it is graded."""
    while answer.status_code == 202 and answer.json()["state"] == "received":
        time.sleep(0.1)
        key = answer.json()["submission"]
        answer = client.get(f"/api/v1/submissions/{key}")
    return answer


class Student:
    """A browser's page, as far as the server sees it."""

    def __init__(self, url: str, token: str) -> None:
        self.client = httpx.Client(
            base_url=url,
            timeout=120,
            headers={"Authorization": f"Bearer {token}"},
        )
        me = self.client.get("/api/v1/me").json()
        self.key: str = me["person"]["key"]
        self.links: dict[str, str] = {
            each["exercise"]: each["key"] for each in me["links"]
        }

    def hand_in(
        self,
        text: str,
        click: str,
        exercise: str = "convolution",
        **more: object,
    ) -> httpx.Response:
        """Press the button, and wait for the grade as the page does where it takes a while."""
        answer = self.client.post(
            "/api/v1/submissions",
            json={"link": self.links[exercise], "text": text, **more},
            headers={"Idempotency-Key": click},
        )
        return followed(self.client, answer)

    def work(self, exercise: str = "convolution") -> dict[str, Any]:
        """Return what the page of an exercise shows."""
        answer = self.client.get(f"/api/v1/work/{self.links[exercise]}")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown
