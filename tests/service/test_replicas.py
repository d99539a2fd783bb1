"""Several processes that share a database: nobody notices which of them answers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from grader.service.data import submissions
from grader.service.graders.messages import Work
from grader.service.web.waiting import settled
from grader.service.work.handing_in import Click, Kept
from tests.service.conftest import Cluster, Place
from tests.service.people import RIGHT, someone


def test_a_double_click_whose_halves_reach_two_replicas(
    serving: Any, open_running: Any, cluster: Cluster, tmp_path: Path
) -> None:
    """Both halves see the grade, and the history has one attempt."""
    url = cluster.new_database()
    one, other = (
        serving("--database", url, data=tmp_path / name)
        for name in ("one", "other")
    )
    ada = open_running(one).student()
    ada_there = open_running(other).with_token(
        ada.client.headers["Authorization"].removeprefix("Bearer ")
    )
    with ThreadPoolExecutor(2) as threads:
        for number in range(6):
            halves = [
                threads.submit(half.hand_in, RIGHT, f"click {number}")
                for half in (ada, ada_there)
            ]
            first, second = (half.result().json() for half in halves)
            assert first["submission"] == second["submission"]
            assert first["report"] == second["report"]
    assert len(ada_there.work()["history"]) == 6


def test_a_grade_that_is_made_elsewhere_is_waited_for(place: Place) -> None:
    """A request that reaches another process ends when the grade is there, not before."""
    who, _ = someone(place.database, place.context_id)
    pressed = Click(place.links["convolution"].key, "click")
    work = Work("convolve.py", RIGHT.encode())
    here = place.desk.hand_in(who, pressed, work).submission
    assert here.state == "received"
    there = Kept(here, None)
    assert asyncio.run(settled(place.database, there, 300)) is None

    def look(db: Connection) -> submissions.State | None:
        return submissions.state_of(db, here.id)

    assert place.database.ask(look) == "graded"


def test_a_grade_that_nobody_makes_is_not_waited_for(place: Place) -> None:
    """What has been deleted meanwhile does not keep a request waiting."""
    who, _ = someone(place.database, place.context_id)
    pressed = Click(place.links["convolution"].key, "click")
    work = Work("convolve.py", RIGHT.encode())
    kept = place.desk.hand_in(who, pressed, work)
    other = kept.submission.id + 1000
    gone = Kept(msgspec.structs.replace(kept.submission, id=other), None)
    assert asyncio.run(settled(place.database, gone, 1e6)) is None
