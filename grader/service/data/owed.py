"""Scores that a grade book is owed: who sends which, what came of it.

The table is the truth: a score is owed while its version is greater than the one that was sent. A
sender claims it for a while (a lease) in one transaction; if the sender dies, the lease runs out
and the score is claimed again. What a sender reports is written only while its lease is its own.

A teacher may let several links have one column of the grade book (a line item). A student has one
grade there, so one of these scores is on its way at a time, and the best of them is sent.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import (
    context,
    lease,
    link,
    member,
    person,
    score,
    submission,
)
from grader.service.data.writing import insert_or_ignore

LEASE_S: Final = 30
"""How long a sender has: longer than all requests for one score can take."""


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """A score that is claimed, with what is needed to send it."""

    person_id: int
    link_id: int
    platform_id: int | None
    sub: str
    learns: bool
    """Whether this person is a student of the course: a teacher has no grade there."""
    value: float
    max_value: float
    version: int
    stamp: float
    """When the grade book shall think it was made: at the attempt, but never in a second again."""
    tries: int
    """How often it was tried before."""
    lease_until: float
    received_at: float
    lti_id: str
    exercise: str
    title: str
    link_max: float
    line_item_url: str | None
    line_items_url: str | None
    scopes: list[str]


def is_due(db: Connection, now: float) -> bool:
    """Return whether there is a score to claim; this only reads, so it keeps nobody waiting."""
    return db.execute(_due(now)).first() is not None


def claim(db: Connection, now: float) -> Owed | None:
    """Claim the score that has waited longest; None if none is due.

    The first try carries the time of the attempt, and each further try a later second. That time is
    stored before anything is sent, so that no second is ever used twice, in one column either.
    """
    found = _free(db, now)
    if found is None:
        return None
    row, others = found
    # Of equal ones its own.
    best = max((row, *others), key=_share)
    values = row._asdict()
    values["value"], values["max_value"] = best.value, best.max_value
    values["received_at"] = best.received_at or best.stamp
    values["stamp"] = max(
        [row.stamp + min(row.tries, 1), *(each.stamp + 1 for each in others)]
    )
    values["lease_until"] = now + LEASE_S
    db.execute(
        sa.update(score)
        .where(_row(row.person_id, row.link_id))
        .values(
            stamp=values["stamp"],
            lease_until=values["lease_until"],
            tries=row.tries + 1,
        )
    )
    return Owed(**values)


def note_arrived(db: Connection, owed: Owed, now: float) -> bool:
    """Note that a score is in the grade book; return whether this sender still had it."""
    newer = score.c.version > owed.version
    return _note(
        db,
        owed,
        sent_version=owed.version,
        state=sa.case((newer, "owed"), else_="sent"),
        arrived_at=now,
        tries=0,
        next_at=now,
        note=None,
    )


def note_later(db: Connection, owed: Owed, next_at: float, note: str) -> bool:
    """Note that a score is to be tried again; return whether this sender still had it."""
    return _note(db, owed, next_at=next_at, note=note)


def note_parked(
    db: Connection, owed: Owed, note: str, state: str = "parked"
) -> bool:
    """Note that trying again is of no use; return whether this sender still had it.

    A newer score that came meanwhile is tried all the same.
    """
    newer = score.c.version > owed.version
    return _note(
        db, owed, state=sa.case((newer, "owed"), else_=state), note=note
    )


def wake_link(db: Connection, link_id: int, now: float) -> None:
    """Try the scores of a link again that were given up: its launch names other services now."""
    db.execute(
        sa.update(score)
        .where(
            score.c.link_id == link_id,
            score.c.state.in_(("parked", "nowhere")),
            score.c.version > score.c.sent_version,
        )
        .values(
            state="owed",
            stamp=score.c.stamp + 1,
            tries=0,
            next_at=now,
            note=None,
        )
    )


def send_again(db: Connection, link_id: int, now: float) -> int:
    """Owe every score of a link once more, as of now, as a teacher asked; return how many.

    One that arrived is sent again, too. The grade book may hold something newer than the attempt:
    a change of the teacher's own, or nothing any more. It is replaced, because the teacher asked.
    """
    later = score.c.stamp + 1
    changed = db.execute(
        sa.update(score)
        .where(score.c.link_id == link_id, score.c.state != "nowhere")
        .values(
            state="owed",
            version=score.c.version + 1,
            stamp=sa.case((later < now, now), else_=later),
            tries=0,
            next_at=now,
            note=None,
        )
    )
    return int(changed.rowcount)


def put_off(db: Connection, platform_id: int, until: float) -> None:
    """Let a platform rest: nothing is sent there before."""
    there = (
        sa.select(link.c.id)
        .join(context, context.c.id == link.c.context_id)
        .where(context.c.platform_id == platform_id)
    )
    db.execute(
        sa.update(score)
        .where(
            score.c.state == "owed",
            score.c.next_at < until,
            score.c.link_id.in_(there),
        )
        .values(next_at=until)
    )


def take_lease(db: Connection, name: str, now: float, lasts_s: float) -> bool:
    """Take a lease by its name, in one statement, if nobody holds it; return whether it is ours."""
    if insert_or_ignore(db, lease, name=name, until_at=now + lasts_s):
        return True
    taken = db.execute(
        sa.update(lease)
        .where(lease.c.name == name, lease.c.until_at <= now)
        .values(until_at=now + lasts_s)
    )
    return taken.rowcount == 1


def end_lease(db: Connection, name: str) -> None:
    """Give a lease back."""
    db.execute(sa.delete(lease).where(lease.c.name == name))


def _free(
    db: Connection, now: float
) -> tuple[sa.Row[Any], Sequence[sa.Row[Any]]] | None:
    """Return the score to claim, and the person's other ones in its column; None if none is due."""
    # The person, too: of two senders one claims a score of theirs at a time.
    due = _due(now).with_for_update(
        of=(score, person), key_share=True, skip_locked=True
    )
    while (row := db.execute(due).first()) is not None:
        if row.line_item_url is None:
            return row, ()
        others = db.execute(_others(row)).all()
        # The first statement does not see what was claimed while it ran; this one does. Nobody
        # else claims a score of this person before the transaction ends.
        if not any(_in_flight(each, now) for each in others):
            return row, others
    return None


def _in_flight(row: sa.Row[Any], now: float) -> bool:
    return row.lease_until is not None and row.lease_until > now


def _share(row: sa.Row[Any]) -> float:
    return float(row.value / row.max_value) if row.max_value else 0.0


def _others(row: sa.Row[Any]) -> sa.Select[Any]:
    """Return a statement for the scores of a person in one column, but for this one."""
    return (
        sa.select(
            score.c.value,
            score.c.max_value,
            score.c.stamp,
            score.c.lease_until,
            submission.c.received_at,
        )
        .select_from(score)
        .join(link, link.c.id == score.c.link_id)
        .outerjoin(submission, submission.c.id == score.c.submission_id)
        .where(
            score.c.person_id == row.person_id,
            score.c.link_id != row.link_id,
            link.c.line_item_url == row.line_item_url,
        )
    )


def _another_in_flight(now: float) -> sa.Exists:
    """Return the condition that a score of the same person and column is on its way."""
    other_score, other_link = score.alias(), link.alias()
    return sa.exists().where(
        other_score.c.person_id == score.c.person_id,
        other_score.c.link_id != score.c.link_id,
        other_score.c.lease_until > now,
        other_link.c.id == other_score.c.link_id,
        other_link.c.line_item_url == link.c.line_item_url,
    )


def _due(now: float) -> sa.Select[Any]:
    learns = sa.exists().where(
        member.c.person_id == score.c.person_id,
        member.c.context_id == link.c.context_id,
        member.c.role == "Learner",
    )
    return (
        sa.select(
            score.c.person_id,
            score.c.link_id,
            context.c.platform_id,
            person.c.sub,
            learns.label("learns"),
            score.c.value,
            score.c.max_value,
            score.c.version,
            score.c.stamp,
            score.c.tries,
            submission.c.received_at,
            link.c.lti_id,
            link.c.exercise,
            link.c.title,
            link.c.max_score.label("link_max"),
            link.c.line_item_url,
            link.c.line_items_url,
            link.c.scopes,
        )
        .select_from(score)
        .join(person, person.c.id == score.c.person_id)
        .join(link, link.c.id == score.c.link_id)
        .join(context, context.c.id == link.c.context_id)
        # What was handed in may have been deleted since; its score is owed all the same.
        .outerjoin(submission, submission.c.id == score.c.submission_id)
        .where(
            score.c.state == "owed",
            score.c.version > score.c.sent_version,
            score.c.next_at <= now,
            sa.or_(score.c.lease_until.is_(None), score.c.lease_until <= now),
            ~_another_in_flight(now),
        )
        .order_by(score.c.next_at, score.c.person_id)
        .limit(1)
    )


def _note(db: Connection, owed: Owed, **values: object) -> bool:
    mine = _row(owed.person_id, owed.link_id) & (
        score.c.lease_until == owed.lease_until
    )
    noted = db.execute(
        sa.update(score).where(mine).values(lease_until=None, **values)
    )
    return noted.rowcount == 1


def _row(person_id: int, link_id: int) -> sa.ColumnElement[bool]:
    return (score.c.person_id == person_id) & (score.c.link_id == link_id)
