"""Several processes that share a database: nobody notices which of them answers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy.engine import Connection

from grader.service.data import submissions
from grader.service.graders.messages import Work
from grader.service.web.waiting import wait_for_grade
from grader.service.work.handing_in import Click, Kept
from tests.service.conftest import Cluster, Place
from tests.service.people import ENDLESS, RIGHT, Student, someone


@pytest.fixture
def halves(
    serving: Any, open_running: Any, cluster: Cluster, tmp_path: Path
) -> tuple[Student, Student]:
    """Return one student's page at each of two replicas."""
    url = cluster.new_database()
    one, other = (
        serving("--database", url, data=tmp_path / name)
        for name in ("one", "other")
    )
    here = open_running(one).student()
    token = here.client.headers["Authorization"].removeprefix("Bearer ")
    return here, open_running(other).with_token(token)


def test_a_double_click_whose_halves_reach_two_replicas(
    halves: tuple[Student, Student],
) -> None:
    """Both halves see the grade, and the history has one attempt."""
    with ThreadPoolExecutor(2) as threads:
        for number in range(6):
            pressed = [
                threads.submit(half.hand_in, RIGHT, f"click {number}")
                for half in halves
            ]
            first, second = (half.result().json() for half in pressed)
            assert first["submission"] == second["submission"]
            assert "report" in first
            assert "report" in second
    assert len(halves[1].work()["history"]) == 6


def test_a_page_that_waits_may_reach_another_replica(
    halves: tuple[Student, Student],
) -> None:
    """It is answered when the grade is there: a few questions last as long as an endless file."""
    here, there = halves
    text, headers = {"text": ENDLESS}, {"Idempotency-Key": "one"}
    answer = here.client.post(
        "/api/v1/submissions",
        json={"link": here.links["convolution"], **text},
        headers=headers,
    )
    path = f"/api/v1/submissions/{answer.json()['submission']}"
    for _ in range(6):
        answer = there.client.get(path, headers={"Prefer": "wait=10"})
        if answer.status_code == 200:
            break
    assert answer.json()["provisional"]


def test_a_grade_that_is_made_elsewhere_is_waited_for(place: Place) -> None:
    """A request that reaches another process ends when the grade is there, not before."""
    who, _ = someone(place.database, place.context_id)
    pressed = Click(place.links["convolution"].key, "click")
    work = Work("convolve.py", RIGHT.encode())
    here = place.desk.hand_in(who, pressed, work).submission
    assert here.state == "received"
    there = Kept(here, None)
    assert asyncio.run(wait_for_grade(place.database, there, 300)) is None

    def look(db: Connection) -> submissions.State | None:
        return submissions.state_of(db, here.id)

    assert place.database.ask(look) == "graded"


def test_a_deleted_submission_is_not_waited_for(place: Place) -> None:
    """What has been deleted meanwhile does not keep a request waiting."""
    who, _ = someone(place.database, place.context_id)
    pressed = Click(place.links["convolution"].key, "click")
    work = Work("convolve.py", RIGHT.encode())
    kept = place.desk.hand_in(who, pressed, work)
    other = kept.submission.id + 1000
    gone = Kept(msgspec.structs.replace(kept.submission, id=other), None)
    assert asyncio.run(wait_for_grade(place.database, gone, 1e6)) is None
