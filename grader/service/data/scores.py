"""The score that counts, and whether it is owed to a platform."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import (
    context,
    link,
    person,
    platform,
    result,
    score,
    submission,
)

State = Literal["owed", "sent", "parked", "nowhere"]


class Best(NamedTuple):
    """The attempt that counts."""

    submission_id: int
    value: float
    max_value: float
    received_at: float


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The score that counts, and where it is."""

    value: float
    max_value: float
    state: State
    note: str | None
    arrived_at: float | None
    platform: str | None
    """The name of the platform that it is for, if there is one."""


_STANDING_FIELDS: Final = Standing.__struct_fields__

# To make a statement takes longer than to run it. So those of handing in are made once.
_OWN: Final = (
    score.c.person_id == sa.bindparam("of_person"),
    score.c.link_id == sa.bindparam("of_link"),
)
_LOCK_PERSON: Final = (
    sa.select(person.c.id)
    .where(person.c.id == sa.bindparam("of_person"))
    .with_for_update(key_share=True)
)
_BEST: Final = (
    sa.select(
        submission.c.id,
        result.c.score,
        result.c.max_score,
        submission.c.received_at,
    )
    .join(result, result.c.submission_id == submission.c.id)
    .where(
        submission.c.person_id == sa.bindparam("of_person"),
        submission.c.link_id == sa.bindparam("of_link"),
        result.c.score.is_not(None),
    )
    .order_by(
        # An exercise may have got other points in between.
        (result.c.score / sa.func.nullif(result.c.max_score, 0))
        .desc()
        .nulls_last(),
        submission.c.received_at,
        submission.c.id,
    )
    .limit(1)
)
_SHOWN: Final = (
    score.c.value,
    score.c.max_value,
    score.c.state,
    score.c.note,
    score.c.arrived_at,
    platform.c.name.label("platform"),
)
_OLD: Final = (
    sa.select(
        *_SHOWN,
        score.c.stamp,
        link.c.line_item_url,
        link.c.line_items_url,
    )
    .select_from(link)
    .join(context, context.c.id == link.c.context_id)
    .outerjoin(platform, platform.c.id == context.c.platform_id)
    .outerjoin(
        score,
        sa.and_(
            score.c.link_id == link.c.id,
            score.c.person_id == sa.bindparam("of_person"),
        ),
    )
    .where(link.c.id == sa.bindparam("of_link"))
)
_ADD: Final = sa.insert(score)
_CHANGE: Final = (
    sa.update(score).where(*_OWN).values(version=score.c.version + 1)
)
_STANDING: Final = (
    sa.select(*_SHOWN)
    .join(link, link.c.id == score.c.link_id)
    .join(context, context.c.id == link.c.context_id)
    .outerjoin(platform, platform.c.id == context.c.platform_id)
    .where(*_OWN)
)


def settle(
    db: Connection, person_id: int, link_id: int, now: float
) -> Standing | None:
    """Find the score that counts, let it be owed if it has changed, and return it.

    The best attempt counts, of equal ones the first. Faults of ours have no score, so they change
    nothing. Returns None if no attempt has a score. The time that goes with a score is that of its
    attempt; it is later than the one before by a second at least, since platforms refuse what is
    not newer.
    """
    whose = {"of_person": person_id, "of_link": link_id}
    if db.dialect.name != "sqlite":  # which has one writer
        # Two attempts of one person are settled one after the other.
        db.execute(_LOCK_PERSON, {"of_person": person_id})
    best = best_attempt(db, person_id, link_id)
    if best is None:
        return None
    old = db.execute(_OLD, whose).one()
    before = old._asdict()
    stamp = best.received_at
    if old.value is not None:
        if (old.value, old.max_value) == (best.value, best.max_value):
            return _standing_of(before)
        stamp = max(stamp, old.stamp + 1)
    goes_somewhere = (
        old.line_item_url is not None or old.line_items_url is not None
    )
    shown: dict[str, Any] = {
        "value": best.value,
        "max_value": best.max_value,
        "state": "owed" if goes_somewhere else "nowhere",
        "note": None,
    }
    values = shown | {
        "submission_id": best.submission_id,
        "stamp": stamp,
        "tries": 0,
        "next_at": now,
    }
    if old.value is None:
        own = {"person_id": person_id, "link_id": link_id, "version": 1}
        db.execute(_ADD, own | values)
    else:
        db.execute(_CHANGE, whose | values)
    return _standing_of(before | shown)


def _standing_of(row: Mapping[str, Any]) -> Standing:
    return Standing(**{name: row[name] for name in _STANDING_FIELDS})


def best_attempt(db: Connection, person_id: int, link_id: int) -> Best | None:
    """Return the attempt that counts; None if none has a score."""
    whose = {"of_person": person_id, "of_link": link_id}
    row = db.execute(_BEST, whose).one_or_none()
    return None if row is None else Best(*row)


def standing(db: Connection, person_id: int, link_id: int) -> Standing | None:
    """Return the score of a person that counts, and where it is; None before there is one."""
    whose = {"of_person": person_id, "of_link": link_id}
    row = db.execute(_STANDING, whose).one_or_none()
    return None if row is None else _standing_of(row._asdict())


def scores_of(db: Connection, person_id: int) -> dict[int, float]:
    """Return the scores of a person that count: link id -> value."""
    rows = db.execute(
        sa.select(score.c.link_id, score.c.value).where(
            score.c.person_id == person_id
        )
    )
    return {row.link_id: row.value for row in rows}
