"""What is deleted: all that is kept of a person, and what is old."""

from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.render.json import decode_report, encode_report
from grader.service.data.schema import (
    draft,
    event,
    launch,
    member,
    person,
    platform,
    result,
    score,
    submission,
    token,
)

_AT_ONCE: Final = 200
_OF_A_PERSON: Final = {
    "attempts": submission,
    "drafts": draft,
    "scores": score,
    "sessions": token,
    "launches": launch,
    "courses": member,
    "events": event,
}
GONE: Final = "The report was deleted, as the operator of this service has set."


class Person(msgspec.Struct, frozen=True):
    """Somebody, as an operator tells one from another."""

    id: int
    key: str
    sub: str
    name: str | None
    platform: str | None


def find_people(db: Connection, wanted: str) -> list[Person]:
    """Return the people whom a key, a platform's id or a name stands for."""
    rows = db.execute(
        sa.select(
            person.c.id,
            person.c.key,
            person.c.sub,
            person.c.name,
            platform.c.name.label("platform"),
        )
        .outerjoin(platform, platform.c.id == person.c.platform_id)
        .where(
            sa.or_(
                person.c.key == wanted,
                person.c.sub == wanted,
                sa.func.lower(person.c.name) == wanted.lower(),
            )
        )
        .order_by(person.c.id)
    )
    return [Person(*row) for row in rows]


def forget(db: Connection, person_id: int) -> dict[str, int]:
    """Delete a person and all that is kept of them; return how many rows of what there were."""
    _erase(db)
    removed = {}
    for what, table in _OF_A_PERSON.items():
        gone = sa.delete(table).where(table.c.person_id == person_id)
        removed[what] = db.execute(gone).rowcount
    db.execute(sa.delete(person).where(person.c.id == person_id))
    return removed


def drop_old(db: Connection, before: float) -> int:
    """Delete code and reports from before; return how many attempts that were.

    What counts is kept: that there was an attempt, when, and its score.
    """
    _erase(db)
    db.execute(sa.delete(draft).where(draft.c.updated_at < before))
    dropped = 0
    while ids := _old(db, before):
        rows = db.execute(
            sa.select(result.c.submission_id, result.c.report).where(
                result.c.submission_id.in_(ids)
            )
        ).all()
        for row in rows:
            db.execute(
                sa.update(result)
                .where(result.c.submission_id == row.submission_id)
                .values(report=_emptied(bytes(row.report)))
            )
        db.execute(
            sa.update(submission)
            .where(submission.c.id.in_(ids))
            .values(data=None, name=sa.literal("deleted"))
        )
        dropped += len(ids)
    return dropped


def _old(db: Connection, before: float) -> list[int]:
    rows = db.execute(
        sa.select(submission.c.id)
        .where(
            submission.c.received_at < before,
            submission.c.state != "received",
            submission.c.data.is_not(None),
        )
        .limit(_AT_ONCE)
    )
    return list(rows.scalars())


def _emptied(report: bytes) -> bytes:
    """Return a report that has nothing of the student's in it any more."""
    whole = decode_report(report)
    handed_in = msgspec.structs.replace(
        whole.submission, name="deleted", digest=""
    )
    return encode_report(
        msgspec.structs.replace(
            whole,
            submission=handed_in,
            message=GONE,
            cases=(),
            notes=(),
            output="",
        )
    )


def _erase(db: Connection) -> None:
    """Let SQLite overwrite what is deleted; else its bytes would stay in the file."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("PRAGMA secure_delete=ON")
