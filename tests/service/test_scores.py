"""The score that counts, whatever the order in which results come."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.service.data import (
    Database,
    leases,
    open_database,
    people,
    scores,
    submissions,
)
from grader.service.data.migrate import migrate
from grader.service.data.schema import link, score
from grader.service.data.tokens import new_key


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Return a database of each kind that all examples share."""
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("scores")
        url = f"sqlite:///{folder}/service.sqlite"
    else:
        url = request.getfixturevalue("cluster").new_database()
    database = open_database(url)
    migrate(database)
    yield database
    database.close()


RESULTS = st.tuples(
    st.none() | st.integers(0, 4), st.integers(1, 4), st.integers(0, 3)
)
"""Points or a fault of ours, of how many, and when it was received."""


@given(st.lists(RESULTS, max_size=8), st.booleans())
@settings(max_examples=60)
def test_the_score_is_the_best_and_owed_when_it_changes(
    shared: Database,
    results: list[tuple[int | None, int, int]],
    has_line: bool,
) -> None:
    """After any results, the score is the best; its version counts changes; stamps only rise."""
    with shared.begin() as db:
        person_id = people.ensure_person(db, None, new_key(), None)
        context_id = people.ensure_context(db, None, new_key(), "Course")
        link_id = people.ensure_link(db, context_id, "x", "x", "X", 4.0)
        if has_line:
            db.execute(
                sa.update(link)
                .where(link.c.id == link_id)
                .values(line_item_url="https://lms.example/1")
            )
        expected: list[tuple[float, float]] = []
        stamps: list[float] = []
        here = sa.select(score).where(
            score.c.person_id == person_id, score.c.link_id == link_id
        )
        for number, (points, most, at) in enumerate(results):
            _bring(db, person_id, link_id, (number, points, most, at))
            best = max(
                (
                    (got / of, -when, -index)
                    for index, (got, of, when) in enumerate(
                        results[: number + 1]
                    )
                    if got is not None
                ),
                default=None,
            )
            if best is None:
                assert db.execute(here).one_or_none() is None
                continue
            counts = results[-int(best[2])]
            now = (float(counts[0] or 0), float(counts[1]))
            if not expected or expected[-1] != now:
                expected.append(now)
            row = db.execute(here).one()
            assert (row.value, row.max_value) == now
            assert row.version == len(expected)
            assert row.state == ("owed" if has_line else "nowhere")
            if len(stamps) < len(expected):
                assert not stamps or row.stamp >= stamps[-1] + 1
                stamps.append(row.stamp)
            assert row.stamp == stamps[-1]


def _bring(
    db: Any, person_id: int, link_id: int, what: tuple[int, Any, int, int]
) -> None:
    number, points, most, at = what
    new = submissions.New(
        person_id=person_id,
        link_id=link_id,
        click=str(number),
        name="x.py",
        kind="python",
        digest="",
        data=b"",
    )
    stored, _ = submissions.add_submission(db, new, float(at), 30)
    if points is None:
        leases.fail(db, stored.id, 0)
    else:
        result = submissions.Result(
            status="graded",
            score=float(points),
            max_score=float(most),
            report=b"{}",
            provisional=False,
            graded_at=0,
        )
        assert submissions.keep_result(db, stored.id, result)
        assert not submissions.keep_result(db, stored.id, result)
    scores.settle(db, person_id, link_id, 0)
