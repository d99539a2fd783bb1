"""What a teacher sees of a course: its people, their attempts at an exercise, what they got."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import (
    draft,
    link,
    member,
    person,
    platform,
    result,
    score,
    submission,
)

_AT_ONCE: Final = 200
"""Reports that are read by one statement."""


class Member(msgspec.Struct, frozen=True):
    """Somebody of a course."""

    id: int
    key: str
    name: str
    """As the platform or they themselves say; else what the platform knows them by."""
    teaches: bool


class Try(msgspec.Struct, frozen=True):
    """One attempt, without its bytes and its report."""

    id: int
    key: str
    person_id: int
    name: str
    kind: str
    state: str
    received_at: float
    status: str | None
    score: float | None
    max_score: float | None


class Sent(msgspec.Struct, frozen=True):
    """What became of a person's score."""

    person_id: int
    value: float
    max_value: float
    state: str
    note: str | None
    arrived_at: float | None


def members(db: Connection, context_id: int) -> list[Member]:
    """Return everybody of a course, each once, by name."""
    teaches = sa.func.max(sa.case((member.c.role == "Instructor", 1), else_=0))
    rows = db.execute(
        sa.select(
            person.c.id,
            person.c.key,
            person.c.name,
            person.c.sub,
            teaches.label("teaches"),
        )
        .join(member, member.c.person_id == person.c.id)
        .where(member.c.context_id == context_id)
        .group_by(person.c.id, person.c.key, person.c.name, person.c.sub)
    )
    found = [
        Member(row.id, row.key, row.name or row.sub, bool(row.teaches))
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.name.casefold(), each.id))


def tries(db: Connection, link_id: int) -> list[Try]:
    """Return all attempts at an exercise, in the order in which they came."""
    rows = db.execute(
        sa.select(
            submission.c.id,
            submission.c.key,
            submission.c.person_id,
            submission.c.name,
            submission.c.kind,
            submission.c.state,
            submission.c.received_at,
            result.c.status,
            result.c.score,
            result.c.max_score,
        )
        .outerjoin(result, result.c.submission_id == submission.c.id)
        .where(submission.c.link_id == link_id)
        .order_by(submission.c.received_at, submission.c.id)
    )
    return [Try(**row._asdict()) for row in rows]


def reports(
    db: Connection, submission_ids: Sequence[int]
) -> Iterator[tuple[int, bytes]]:
    """Yield the report of each of these submissions that has one."""
    for at in range(0, len(submission_ids), _AT_ONCE):
        some = submission_ids[at : at + _AT_ONCE]
        rows = db.execute(
            sa.select(result.c.submission_id, result.c.report).where(
                result.c.submission_id.in_(some)
            )
        )
        for row in rows:
            yield row.submission_id, row.report


def drafted(db: Connection, link_id: int) -> set[int]:
    """Return the ids of those who have a draft of an exercise."""
    rows = db.execute(
        sa.select(draft.c.person_id).where(draft.c.link_id == link_id)
    )
    return {row.person_id for row in rows}


def sent(db: Connection, link_id: int) -> list[Sent]:
    """Return what became of every score of an exercise."""
    columns = [score.c[name] for name in Sent.__struct_fields__]
    rows = db.execute(sa.select(*columns).where(score.c.link_id == link_id))
    return [Sent(**row._asdict()) for row in rows]


def best_scores(
    db: Connection, context_id: int
) -> dict[tuple[int, int], tuple[float, float]]:
    """Return (person, link) -> (the score that counts, the most that can be had)."""
    rows = db.execute(
        sa.select(
            score.c.person_id,
            score.c.link_id,
            score.c.value,
            score.c.max_value,
        )
        .join(link, link.c.id == score.c.link_id)
        .where(link.c.context_id == context_id)
    )
    return {
        (row.person_id, row.link_id): (row.value, row.max_value) for row in rows
    }


class Found(msgspec.Struct, frozen=True):
    """One attempt with its bytes and its report, and whose it is."""

    person_id: int
    link_id: int
    name: str
    data: bytes | None
    received_at: float
    report: bytes | None
    link_key: str
    exercise: str
    title: str
    due_at: float | None
    person_name: str | None
    sub: str


def find_try(db: Connection, context_id: int, key: str) -> Found | None:
    """Return an attempt of a course by its key; None if it is not of this course."""
    found = (
        sa.select(
            submission.c.person_id,
            submission.c.link_id,
            submission.c.name,
            submission.c.data,
            submission.c.received_at,
            result.c.report,
            link.c.key.label("link_key"),
            link.c.exercise,
            link.c.title,
            link.c.due_at,
            person.c.name.label("person_name"),
            person.c.sub,
        )
        .join(link, link.c.id == submission.c.link_id)
        .join(person, person.c.id == submission.c.person_id)
        .outerjoin(result, result.c.submission_id == submission.c.id)
        .where(submission.c.key == key, link.c.context_id == context_id)
    )
    row = db.execute(found).one_or_none()
    return None if row is None else Found(**row._asdict())


def platform_name(db: Connection, platform_id: int | None) -> str | None:
    """Return what a platform is called; None for the course without one."""
    if platform_id is None:
        return None
    found = sa.select(platform.c.name).where(platform.c.id == platform_id)
    return db.execute(found).scalar_one_or_none()
