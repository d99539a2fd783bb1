"""Who sends which score, and what becomes of it: claims, leases, versions, on both databases."""

import threading
from typing import Any

import anyio
import anyio.to_thread
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data import Database, people
from grader.service.data import owed as data
from grader.service.data.owed import LEASE_S, Owed
from grader.service.data.platforms import Registered, add_platform
from grader.service.data.schema import link, score
from grader.service.lti.client import Client
from grader.service.passback.asking import Asking
from grader.service.passback.delivery import BACKOFF_S, TRIES, backoff
from grader.service.passback.sender import Sender

NOW = 1_800_000_000.0


@pytest.fixture
def owing(database: Database) -> Database:
    """Return a database in which a platform is owed one score."""
    with database.begin() as db:
        platform_id = add_platform(
            db,
            Registered(
                name="lms",
                issuer="https://lms.example",
                client_id="client",
                kind="",
                authorization_url="https://lms.example/auth",
                token_url="https://lms.example/token",
                jwks_url="https://lms.example/jwks",
            ),
        )
        context_id = people.ensure_context(db, platform_id, "course", "CS1")
        link_id = people.ensure_link(
            db, context_id, "link", "convolution", "Convolution", 4.0
        )
        person_id = people.ensure_person(db, platform_id, "ada")
        people.see_member(db, context_id, person_id, ("Learner",))
        db.execute(
            sa.insert(score).values(
                person_id=person_id,
                link_id=link_id,
                value=3.0,
                max_value=4.0,
                version=1,
                sent_version=0,
                stamp=NOW,
                state="owed",
                tries=0,
                next_at=NOW,
            )
        )
    return database


COLUMN = "https://lms.example/items/1"


@pytest.fixture
def sharing(owing: Database) -> Database:
    """Return a database in which two links of one column owe a score each, in the same second."""
    with owing.begin() as db:
        first = db.execute(sa.select(score)).one()
        course = db.execute(sa.select(link.c.context_id)).scalar_one()
        second = people.ensure_link(
            db, course, "link 2", "convolution", "Once more", 8.0
        )
        db.execute(sa.update(link).values(line_item_url=COLUMN))
        values = first._asdict() | {"link_id": second, "next_at": NOW + 0.5}
        values |= {"value": 4.0, "max_value": 8.0, "stamp": NOW + 0.5}
        db.execute(sa.insert(score).values(values))
    return owing


def claim(database: Database, now: float) -> Owed | None:
    """Claim the score, if it can be."""
    with database.begin() as db:
        return data.claim(db, now)


def claimed(database: Database, now: float) -> Owed:
    """Claim the score, which must be possible."""
    found = claim(database, now)
    assert found is not None
    return found


def claimed_at_once(database: Database, now: float) -> list[Owed]:
    """Return what eight senders got that claimed at the same time."""
    found: list[Owed | None] = []
    senders = [
        threading.Thread(target=lambda: found.append(claim(database, now)))
        for _ in range(8)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(found) == 8
    return [each for each in found if each is not None]


def row(database: Database) -> Any:
    """Return the score as it is kept."""
    with database.read() as db:
        return db.execute(sa.select(score)).one()


def test_one_score_of_a_column_is_on_its_way(sharing: Database) -> None:
    """The other link's score waits for it, or for the end of its claim, and has a later second."""
    first = claimed(sharing, NOW + 1)
    assert claim(sharing, NOW + 1) is None
    with sharing.begin() as db:
        assert data.note_arrived(db, first, NOW + 1)
    second = claimed(sharing, NOW + 1)
    assert second.link_id != first.link_id
    assert second.stamp >= first.stamp + 1
    assert claim(sharing, NOW + 1) is None
    left = claimed(sharing, NOW + 1 + LEASE_S)
    assert left.link_id == second.link_id
    assert left.stamp == second.stamp + 1


def test_many_senders_send_one_score_of_a_column(sharing: Database) -> None:
    """Of many that claim at the same time, one has one of the two scores."""
    assert len(claimed_at_once(sharing, NOW + 1)) == 1


def test_the_best_score_of_a_column_is_sent(sharing: Database) -> None:
    """Whichever link's comes last, the grade does not fall: each sends the best."""
    sent = []
    for _ in range(2):
        one = claimed(sharing, NOW + 1)
        sent.append((one.link_id, one.value, one.max_value))
        with sharing.begin() as db:
            assert data.note_arrived(db, one, NOW + 1)
    assert len({each[0] for each in sent}) == 2
    assert [each[1:] for each in sent] == [(3.0, 4.0)] * 2


@pytest.mark.parametrize("columns", [(None, None), (COLUMN, f"{COLUMN}0")])
def test_links_with_columns_of_their_own_do_not_wait(
    sharing: Database, columns: tuple[str | None, str | None]
) -> None:
    """Nor do those whose column is not known yet; each sends its own score."""
    with sharing.begin() as db:
        for lti_id, column in zip(("link", "link 2"), columns, strict=True):
            here = sa.update(link).where(link.c.lti_id == lti_id)
            db.execute(here.values(line_item_url=column))
    both = [claimed(sharing, NOW + 1) for _ in range(2)]
    assert [each.value for each in both] == [3.0, 4.0]
    assert [each.stamp for each in both] == [NOW, NOW + 0.5]


def test_somebody_elses_score_in_a_column_does_not_wait(
    sharing: Database,
) -> None:
    """A column has a grade for each student."""
    first = claimed(sharing, NOW + 1)
    with sharing.begin() as db:
        here = sa.select(score).where(score.c.link_id == first.link_id)
        row = db.execute(here).one()
        bob = people.ensure_person(db, first.platform_id, "bob")
        values = row._asdict() | {"person_id": bob, "lease_until": None}
        db.execute(sa.insert(score).values(values))
    assert claimed(sharing, NOW + 1).sub == "bob"


def test_one_sender_gets_a_score(owing: Database) -> None:
    """Of many that claim at the same time, one has it."""
    assert len(claimed_at_once(owing, NOW)) == 1


def test_nothing_is_claimed_before_it_is_due(owing: Database) -> None:
    """A score waits until its next try."""
    assert claim(owing, NOW - 1) is None
    first = claimed(owing, NOW)
    with owing.begin() as db:
        assert data.note_later(db, first, NOW + 60, "later")
    assert claim(owing, NOW + 59) is None
    assert claimed(owing, NOW + 60).tries == 1


def test_what_a_killed_sender_left_is_taken_up(owing: Database) -> None:
    """When a claim runs out another sender has the score, and the first can note nothing."""
    killed = claimed(owing, NOW)
    assert claim(owing, NOW + LEASE_S - 1) is None
    second = claimed(owing, NOW + LEASE_S)
    assert second.tries == 1
    with owing.begin() as db:
        assert not data.note_arrived(db, killed, NOW)
        assert not data.note_parked(db, killed, "gone")
        assert not data.note_later(db, killed, NOW, "later")
        assert data.note_arrived(db, second, NOW + 40)
    assert (row(owing).state, row(owing).sent_version) == ("sent", 1)
    assert claim(owing, NOW + 1000) is None


def test_each_try_has_a_second_of_its_own(owing: Database) -> None:
    """The first try has the attempt's time; no second is used again, whatever became of it."""
    stamps = []
    for number in range(4):
        tried = claimed(owing, NOW + number * LEASE_S)
        stamps.append(tried.stamp)
    assert stamps == [NOW, NOW + 1, NOW + 2, NOW + 3]
    with owing.begin() as db:
        assert data.send_again(db, tried.link_id, NOW + 2.5) == 1
    # The claim of before holds still.
    assert claim(owing, NOW + 3 * LEASE_S) is None
    assert claimed(owing, NOW + 4 * LEASE_S).stamp == NOW + 4


def test_a_newer_score_is_owed_still(owing: Database) -> None:
    """A better attempt that came while one was on its way is sent after it."""
    first = claimed(owing, NOW)
    with owing.begin() as db:
        db.execute(sa.update(score).values(version=2, value=4.0))
        assert data.note_arrived(db, first, NOW + 1)
    assert row(owing).state == "owed"
    second = claimed(owing, NOW + 1)
    assert (second.version, second.value) == (2, 4.0)


def test_a_newer_score_is_not_parked_with_the_old_one(owing: Database) -> None:
    """What was refused was the older one."""
    first = claimed(owing, NOW)
    with owing.begin() as db:
        db.execute(sa.update(score).values(version=2))
        data.note_parked(db, first, "refused")
    assert claimed(owing, NOW + 1).version == 2


def test_a_link_with_other_services_is_tried_again(owing: Database) -> None:
    """What was given up for want of a column goes on when there is one."""
    first = claimed(owing, NOW)
    with owing.begin() as db:
        data.note_parked(db, first, "no column", "nowhere")
    assert claim(owing, NOW + 1) is None
    with owing.begin() as db:
        data.wake_link(db, first.link_id, NOW + 1)
    assert claimed(owing, NOW + 1).stamp == NOW + 1


def test_a_platform_may_rest(owing: Database) -> None:
    """Where a platform asks to be left alone, nothing at all is sent there."""
    first = claimed(owing, NOW)
    assert first.platform_id is not None
    with owing.begin() as db:
        data.put_off(db, first.platform_id, NOW + 600)
    assert claim(owing, NOW + 599) is None
    assert claimed(owing, NOW + 600).sub == "ada"


def test_nobody_waits_for_a_sender_that_has_nothing_to_send(
    database: Database,
) -> None:
    """It looks again and again, and begins no transaction that may write."""
    only_reads: list[bool] = []
    looked_twice = threading.Event()

    def note(connection: Connection) -> None:
        options = connection.get_execution_options()
        only_reads.append(options.get("only_reads", False))
        if len(only_reads) > 1:
            looked_twice.set()

    sa.event.listen(database.engine, "begin", note)

    async def look() -> None:
        client = Client()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(Sender(Asking(database, client)).run)
            await anyio.to_thread.run_sync(looked_twice.wait, 300)
            tasks.cancel_scope.cancel()
        await client.close()

    anyio.run(look)
    assert looked_twice.is_set()
    assert all(only_reads)


def test_a_lease_is_one_holders(owing: Database) -> None:
    """One sender at a time makes a column; one that is killed does not hold it for long."""
    with owing.begin() as db:
        assert data.take_lease(db, "x", NOW, 30)
        assert not data.take_lease(db, "x", NOW + 29, 30)
        assert data.take_lease(db, "y", NOW, 30)
        assert data.take_lease(db, "x", NOW + 30, 30)
        data.end_lease(db, "x")
        assert data.take_lease(db, "x", NOW + 31, 30)


def test_a_score_is_tried_for_fourteen_days() -> None:
    """1 s, 2 s, 4 s and so on, ten minutes at most, two weeks in all."""
    waits = [backoff(number) for number in range(TRIES)]
    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == BACKOFF_S == 600
    days = sum(waits) / 86400
    assert 13.9 < days < 14.1


def test_the_same_platform_again_is_changed(owing: Database) -> None:
    """Given again with the same issuer and client id, a platform keeps its courses."""
    changed = Registered(
        name="new name",
        issuer="https://lms.example",
        client_id="client",
        kind="canvas",
        authorization_url="https://lms.example/auth2",
        token_url="https://lms.example/token",
        jwks_url="https://lms.example/jwks",
        hosts=["https://school.example"],
    )
    before = claimed(owing, NOW).platform_id
    with owing.begin() as db:
        assert add_platform(db, changed) == before
        assert (
            db.execute(sa.select(sa.func.count()).select_from(link)).scalar()
            == 1
        )
