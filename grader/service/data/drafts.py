"""Drafts: what somebody is writing, so that another device goes on with it."""

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import draft
from grader.service.data.writing import insert_or_ignore


class Draft(msgspec.Struct, frozen=True):
    """A text, and how often it was saved."""

    text: str
    version: int
    updated_at: float


def read_draft(db: Connection, person_id: int, link_id: int) -> Draft | None:
    """Return what a person was writing; None if nothing was saved."""
    row = db.execute(
        sa.select(draft.c.text, draft.c.version, draft.c.updated_at).where(
            draft.c.person_id == person_id, draft.c.link_id == link_id
        )
    ).one_or_none()
    return None if row is None else Draft(*row)


def save_draft(
    db: Connection, person_id: int, link_id: int, new: Draft
) -> bool:
    """Save a text that was written over a version; return False if another one was saved since.

    `new.version` is the version that it was written over, 0 for none.
    """
    if new.version == 0:
        return insert_or_ignore(
            db,
            draft,
            person_id=person_id,
            link_id=link_id,
            text=new.text,
            version=1,
            updated_at=new.updated_at,
        )
    saved = db.execute(
        sa.update(draft)
        .where(
            draft.c.person_id == person_id,
            draft.c.link_id == link_id,
            draft.c.version == new.version,
        )
        .values(
            text=new.text,
            version=new.version + 1,
            updated_at=new.updated_at,
        )
    )
    return bool(saved.rowcount)


def drafts_of(db: Connection, person_id: int) -> set[int]:
    """Return the links that a person has begun to write for."""
    return set(
        db.execute(
            sa.select(draft.c.link_id).where(draft.c.person_id == person_id)
        ).scalars()
    )
