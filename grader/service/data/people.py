"""People, their courses and roles there, and the exercises that are set in a course."""

import time
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import (
    context,
    link,
    member,
    person,
    platform,
)
from grader.service.data.tokens import Role, new_key
from grader.service.data.writing import insert_or_ignore, upsert

LOCAL: Final = "local"
"""What the one context is called that belongs to no platform."""


class Link(msgspec.Struct, frozen=True):
    """An exercise that is set in a course."""

    id: int
    key: str
    context_id: int
    exercise: str
    title: str
    max_score: float
    due_at: float | None
    closes_at: float | None
    line_item_url: str | None
    created_at: float

    @classmethod
    def of(cls, row: sa.Row[Any]) -> "Link":
        """Return the record of a row of the table."""
        values = row._asdict()
        return cls(*(values[name] for name in cls.__struct_fields__))


_LINK: Final = sa.select(
    *(link.c[name] for name in Link.__struct_fields__)
).where(
    link.c.key == sa.bindparam("link_key"),
    link.c.context_id == sa.bindparam("of_context"),
)
"""Made once: that takes longer than to run it."""


def ensure_person(
    db: Connection, platform_id: int | None, sub: str, name: str | None = None
) -> int:
    """Return the id of a person, added if new; a name that is given replaces an older one."""
    insert_or_ignore(
        db,
        person,
        key=new_key(),
        platform_id=platform_id,
        sub=sub,
        name=name,
        created_at=time.time(),
    )
    there = _of_platform(person, platform_id)
    here = sa.and_(there, person.c.sub == sub)
    if name is not None:
        db.execute(sa.update(person).where(here).values(name=name))
    return int(db.execute(sa.select(person.c.id).where(here)).scalar_one())


def ensure_context(
    db: Connection,
    platform_id: int | None,
    lti_id: str,
    title: str,
    memberships_url: str | None = None,
) -> int:
    """Return the id of a course, which is made if new, and called as the platform calls it now."""
    insert_or_ignore(
        db,
        context,
        key=new_key(),
        platform_id=platform_id,
        lti_id=lti_id,
        title=title,
        memberships_url=memberships_url,
    )
    there = _of_platform(context, platform_id)
    here = sa.and_(there, context.c.lti_id == lti_id)
    changes: dict[str, Any] = {"title": title}
    if memberships_url is not None:
        changes["memberships_url"] = memberships_url
    db.execute(sa.update(context).where(here).values(changes))
    return int(db.execute(sa.select(context.c.id).where(here)).scalar_one())


def see_member(
    db: Connection, context_id: int, person_id: int, roles: Sequence[Role]
) -> None:
    """Note that a person was in a course just now, in these roles."""
    for role in roles:
        upsert(
            db,
            member,
            {"context_id": context_id, "person_id": person_id, "role": role},
            {"seen_at": time.time()},
        )


def ensure_link(
    db: Connection,
    context_id: int,
    lti_id: str,
    exercise: str,
    title: str,
    max_score: float,
) -> int:
    """Return the id of an exercise in a course; it is set if new, and keeps its exercise."""
    insert_or_ignore(
        db,
        link,
        key=new_key(),
        context_id=context_id,
        lti_id=lti_id,
        exercise=exercise,
        title=title,
        scopes=[],
        max_score=max_score,
        created_at=time.time(),
    )
    here = sa.and_(link.c.context_id == context_id, link.c.lti_id == lti_id)
    db.execute(
        sa.update(link).where(here).values(title=title, max_score=max_score)
    )
    return int(db.execute(sa.select(link.c.id).where(here)).scalar_one())


def links_of(db: Connection, context_id: int) -> list[Link]:
    """Return the exercises that are set in a course, in their order."""
    rows = db.execute(
        sa.select(link)
        .where(link.c.context_id == context_id)
        .order_by(link.c.title, link.c.id)
    )
    return [Link.of(row) for row in rows]


def find_link(db: Connection, context_id: int, key: str) -> Link | None:
    """Return an exercise of a course by its key; None if it is not of this course."""
    wanted = {"link_key": key, "of_context": context_id}
    row = db.execute(_LINK, wanted).one_or_none()
    return None if row is None else Link.of(row)


def find_member(db: Connection, context_id: int, key: str) -> int | None:
    """Return the id of a person of a course by their key; None if they are not in the course."""
    found = (
        sa.select(person.c.id)
        .join(member, member.c.person_id == person.c.id)
        .where(person.c.key == key, member.c.context_id == context_id)
        .limit(1)
    )
    return db.execute(found).scalar_one_or_none()


def link_of_exercise(
    db: Connection, context_id: int, exercise: str
) -> Link | None:
    """Return what sets an exercise in a course; the newest, if it is set several times."""
    found = (
        sa.select(link)
        .where(link.c.context_id == context_id, link.c.exercise == exercise)
        .order_by(link.c.created_at.desc(), link.c.id.desc())
        .limit(1)
    )
    row = db.execute(found).one_or_none()
    return None if row is None else Link.of(row)


def link_of_learner(
    db: Connection, platform_name: str, sub: str, exercise: str
) -> tuple[int, Link] | None:
    """Return who has this id at a platform, and what sets an exercise for them.

    Of several courses the one where they were last, and of several such exercises there the
    newest. None if they have not come from any.
    """
    found = (
        sa.select(person.c.id.label("of"), link)
        .join(member, member.c.person_id == person.c.id)
        .join(link, link.c.context_id == member.c.context_id)
        .join(platform, platform.c.id == person.c.platform_id)
        .where(
            platform.c.name == platform_name,
            person.c.sub == sub,
            member.c.role == "Learner",
            link.c.exercise == exercise,
        )
        .order_by(
            member.c.seen_at.desc(), link.c.created_at.desc(), link.c.id.desc()
        )
        .limit(1)
    )
    row = db.execute(found).one_or_none()
    return None if row is None else (int(row.of), Link.of(row))


def exercise_of(db: Connection, link_id: int) -> str:
    """Return the name of the exercise that a link sets."""
    found = sa.select(link.c.exercise).where(link.c.id == link_id)
    return str(db.execute(found).scalar_one())


def _of_platform(
    table: sa.Table, platform_id: int | None
) -> sa.ColumnElement[bool]:
    """Return the condition for rows of a platform, or of none."""
    column = table.c.platform_id
    return column.is_(None) if platform_id is None else column == platform_id
