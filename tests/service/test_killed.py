"""kill -9 at any step of handing in: nothing is lost, and nothing counts twice."""

import contextlib
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from grader.service.data import Database, people
from grader.service.data.schema import result, score, submission
from tests.service.conftest import Served
from tests.service.people import RIGHT, WRONG, Student, someone

SCRIPT = str(Path(__file__).parent / "killed_at.py")
MOST_STEPS = 40


def counts(database: Database) -> tuple[int, int]:
    """Return how many submissions and results there are."""
    with database.read() as db:
        found = [
            db.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for table in (submission, result)
        ]
    return found[0] or 0, found[1] or 0


def let_leases_run_out(database: Database) -> None:
    """Let time pass: whoever held a lease is dead."""
    with database.begin() as db:
        db.execute(
            sa.update(submission)
            .where(submission.c.state == "received")
            .values(lease_until=0.0)
        )


def followed(student: Student, text: str, click: str) -> dict[str, Any]:
    """Send a press again and follow it to its grade, as the page does."""
    answer = student.hand_in(text, click)
    while answer.status_code == 202:
        key = answer.json()["submission"]
        answer = student.client.get(f"/api/v1/submissions/{key}")
    assert answer.status_code == 200, answer.text
    graded: dict[str, Any] = answer.json()
    return graded


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_between_any_two_steps(
    kind: str, serving: Any, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The service is killed at each step in turn; the same press sent again is graded, once."""
    options = ["--database", f"sqlite:///{tmp_path}/service.sqlite"]
    if kind == "postgresql":
        url = request.getfixturevalue("cluster").new_database()
        options = ["--database", url]
    token = ""
    before: tuple[str, str] | None = None
    for number in range(1, MOST_STEPS):
        served: Served = serving(*options, script=[SCRIPT, str(number)])
        database = served.open()
        if not token:
            with database.begin() as db:
                context_id = people.ensure_context(
                    db, None, people.LOCAL, "Exercises"
                )
            _, token = someone(database, context_id)
        let_leases_run_out(database)
        student = Student(served.url, token)
        if before is not None:
            text, click = before
            shown = followed(student, text, click)
            best = 4.0 if number > 2 else 0.0
            assert shown["report"]["score"] == (4.0 if text == RIGHT else 0.0)
            assert shown["score"]["value"] == best
            assert counts(database) == (number - 1, number - 1)
        with database.begin() as db:
            # They came in one minute, which is not what is tried here.
            db.execute(sa.update(submission).values(received_at=1.0))
        # The right one comes second: a score that rises has most steps.
        text, click = WRONG if number == 1 else RIGHT, f"click {number}"
        before = (text, click)
        served.process.send_signal(signal.SIGUSR1)
        status = 0
        with contextlib.suppress(httpx.TransportError):
            status = student.hand_in(text, click).status_code
        student.client.close()
        database.close()
        if status == 200:
            break  # there are no more steps
        assert served.process.wait() == -signal.SIGKILL
    assert 6 < number < MOST_STEPS
    served.end(signal.SIGKILL)
    served = serving(*options)
    student = Student(served.url, token)
    assert followed(student, text, click)["score"]["value"] == 4.0
    student.client.close()
    database = served.open()
    assert counts(database) == (number, number)
    with database.read() as db:
        row = db.execute(sa.select(score)).one()
    database.close()
    assert (row.value, row.version) == (4.0, 2)
