"""Several processes that share a database: nobody notices which of them answers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from grader.service.data import submissions
from grader.service.graders.messages import Work
from grader.service.web.waiting import Elsewhere, wait_for_grade
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
    assert (
        asyncio.run(wait_for_grade(Elsewhere(place.database), there, 300))
        is None
    )

    def look(db: Connection) -> set[int]:
        return submissions.still_received(db, [here.id])

    assert place.database.ask(look) == set()


def test_a_deleted_submission_is_not_waited_for(place: Place) -> None:
    """What has been deleted meanwhile does not keep a request waiting."""
    who, _ = someone(place.database, place.context_id)
    pressed = Click(place.links["convolution"].key, "click")
    work = Work("convolve.py", RIGHT.encode())
    kept = place.desk.hand_in(who, pressed, work)
    other = kept.submission.id + 1000
    gone = Kept(msgspec.structs.replace(kept.submission, id=other), None)
    assert (
        asyncio.run(wait_for_grade(Elsewhere(place.database), gone, 1e6))
        is None
    )


def test_all_who_wait_ask_one_question(place: Place) -> None:
    """A hundred pages that wait for another replica cost the database no more than one does."""
    who, _ = someone(place.database, place.context_id)
    asked: list[int] = []

    def count(*_: object) -> None:
        asked.append(1)

    async def wait(pages: int) -> int:
        elsewhere = Elsewhere(place.database)
        asked.clear()
        waits = (elsewhere.wait(submission_id, 1) for _ in range(pages))
        await asyncio.gather(*waits)
        return len(asked)

    with place.busy():
        pressed = Click(place.links["convolution"].key, "click")
        work = Work("convolve.py", RIGHT.encode())
        submission_id = place.desk.hand_in(who, pressed, work).submission.id
        sa.event.listen(place.database.engine, "before_cursor_execute", count)
        try:
            asked_by_all = asyncio.run(wait(100))
        finally:
            sa.event.remove(
                place.database.engine, "before_cursor_execute", count
            )
    assert 0 < asked_by_all <= 10


def test_a_database_that_fails_fails_all_who_wait(place: Place) -> None:
    """Each request is told that the database is away; the next one that waits asks again."""
    elsewhere = Elsewhere(place.database)

    async def both() -> list[object]:
        with place.database.begin() as db:
            db.execute(sa.text("ALTER TABLE submission RENAME TO away"))
        failed = await asyncio.gather(
            elsewhere.wait(1, 300),
            elsewhere.wait(2, 300),
            return_exceptions=True,
        )
        with place.database.begin() as db:
            db.execute(sa.text("ALTER TABLE away RENAME TO submission"))
        await elsewhere.wait(3, 300)
        return list(failed)

    assert all(
        isinstance(each, SQLAlchemyError) for each in asyncio.run(both())
    )
