"""Logins that wait for their launch, and launches that wait for their proof; each is used once."""

import json
from typing import Any, Final, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.people import LOCAL
from grader.service.data.schema import (
    context,
    launch,
    link,
    login,
    submission,
)
from grader.service.data.tokens import Role, digest, new_secret

LOGIN_S: Final = 600
"""How long a platform and its person may take to log in."""
CODE_S: Final = 300
CHOOSING_S: Final = 3600
"""How long a teacher may take to choose exercises."""


class Login(msgspec.Struct, frozen=True):
    """A login that was begun."""

    state: str
    nonce: str
    platform_id: int
    request: dict[str, str]
    """What the platform asked for, to begin again in a new tab."""
    proof_hash: str


class Confirmed(msgspec.Struct, frozen=True):
    """A launch whose browser has proved that it began the login."""

    person_id: int
    context_id: int
    link_id: int | None
    roles: tuple[Role, ...]
    kind: Literal["work", "deep-link", "class"]
    payload: dict[str, Any]


def add_login(
    db: Connection,
    platform_id: int,
    target_link_uri: str,
    request: dict[str, str],
    now: float,
) -> tuple[str, str, str]:
    """Begin a login, and return its state, its nonce, and the secret that proves the browser."""
    state, nonce, proof = new_secret(), new_secret(), new_secret()
    db.execute(
        sa.insert(login).values(
            state=state,
            nonce=nonce,
            platform_id=platform_id,
            target_link_uri=target_link_uri,
            request=request,
            proof_hash=digest(proof),
            expires_at=now + LOGIN_S,
        )
    )
    return state, nonce, proof


def find_login(db: Connection, state: str, now: float) -> Login | None:
    """Return a login that was begun, and not used yet, by its state."""
    found = sa.select(login).where(
        login.c.state == state, login.c.expires_at > now
    )
    row = db.execute(found).one_or_none()
    if row is None:
        return None
    return Login(
        row.state, row.nonce, row.platform_id, row.request, row.proof_hash
    )


def use_login(db: Connection, used: Login) -> bool:
    """Use a login up, in one statement; return whether it was there still.

    Of two launches with the same nonce, whatever browsers they come from, one gets True.
    """
    dropped = db.execute(
        sa.delete(login).where(
            login.c.state == used.state, login.c.nonce == used.nonce
        )
    )
    return dropped.rowcount == 1


def add_launch(
    db: Connection, confirmed: Confirmed, proof_hash: str, now: float
) -> str:
    """Keep a launch until its browser has proved itself; return the code that is traded once."""
    code = new_secret()
    lasts_s = CHOOSING_S if confirmed.kind == "deep-link" else CODE_S
    db.execute(
        sa.insert(launch).values(
            code_hash=digest(code),
            person_id=confirmed.person_id,
            context_id=confirmed.context_id,
            link_id=confirmed.link_id,
            roles=list(confirmed.roles),
            kind=confirmed.kind,
            payload=confirmed.payload,
            proof_hash=proof_hash,
            expires_at=now + lasts_s,
        )
    )
    return code


def take_launch(
    db: Connection, code: str, proofs: list[str], now: float
) -> Confirmed | None:
    """Take a launch by its code and a proof, in one statement; None if either is wrong or used."""
    taken = db.execute(
        sa.delete(launch)
        .where(
            launch.c.code_hash == digest(code),
            launch.c.proof_hash.in_([digest(proof) for proof in proofs]),
            launch.c.expires_at > now,
        )
        .returning(
            launch.c.person_id,
            launch.c.context_id,
            launch.c.link_id,
            launch.c.roles,
            launch.c.kind,
            launch.c.payload,
        )
    ).one_or_none()
    if taken is None:
        return None
    return Confirmed(
        taken.person_id,
        taken.context_id,
        taken.link_id,
        tuple(taken.roles),
        taken.kind,
        taken.payload,
    )


def drop_old(db: Connection, now: float) -> None:
    """Forget logins and launches that nobody went on with."""
    for table in (login, launch):
        db.execute(sa.delete(table).where(table.c.expires_at <= now))


# --------------------------------------------------------------------------- what a launch changes


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """What a launch says about the grades and the times of its link."""

    line_item_url: str | None
    line_items_url: str | None
    scopes: list[str]
    due_at: float | None
    closes_at: float | None


def exercise_of(db: Connection, context_id: int, lti_id: str) -> str | None:
    """Return the exercise that a link of a course opened before; None if it was never used."""
    found = sa.select(link.c.exercise).where(
        link.c.context_id == context_id, link.c.lti_id == lti_id
    )
    name = db.execute(found).scalar_one_or_none()
    return None if name is None else str(name)


def change_exercise(
    db: Connection,
    context_id: int,
    lti_id: str,
    exercise: str,
    max_score: float,
) -> bool:
    """Let a link open another exercise, if nobody has handed in through it; return whether it does.

    Points for one exercise must not count as points for another.
    """
    used = sa.exists().where(submission.c.link_id == link.c.id)
    changed = db.execute(
        sa.update(link)
        .where(link.c.context_id == context_id, link.c.lti_id == lti_id, ~used)
        .values(exercise=exercise, max_score=max_score)
    )
    return changed.rowcount == 1


def keep_services(db: Connection, link_id: int, services: Services) -> bool:
    """Keep what a launch says about a link; return whether its grades go elsewhere now.

    What a launch does not name stays: a line item that was made here is in no launch of Moodle's.
    """
    here = link.c.id == link_id
    before = db.execute(
        sa.select(
            link.c.line_item_url, link.c.line_items_url, link.c.scopes
        ).where(here)
    ).one()
    after = (
        services.line_item_url or before.line_item_url,
        services.line_items_url or before.line_items_url,
        services.scopes or before.scopes,
    )
    values: dict[str, Any] = {"due_at": services.due_at}
    values["closes_at"] = services.closes_at
    values["line_item_url"], values["line_items_url"], values["scopes"] = after
    db.execute(sa.update(link).where(here).values(values))
    return json.dumps(after) != json.dumps(list(before))


def set_line_item(db: Connection, link_id: int, url: str) -> None:
    """Keep the line item of a link, which was found or made."""
    db.execute(
        sa.update(link).where(link.c.id == link_id).values(line_item_url=url)
    )


def is_waiting(db: Connection, code: str, now: float) -> bool:
    """Whether a launch waits for its proof still."""
    found = sa.select(launch.c.kind).where(
        launch.c.code_hash == digest(code), launch.c.expires_at > now
    )
    return db.execute(found).first() is not None


class Offer(msgspec.Struct, frozen=True):
    """An exercise that can be set."""

    name: str
    title: str
    points: float


def offers(db: Connection) -> list[Offer]:
    """Return the exercises that this service has: those of the course without a platform."""
    rows = db.execute(
        sa.select(link.c.exercise, link.c.title, link.c.max_score)
        .join(context, context.c.id == link.c.context_id)
        .where(context.c.platform_id.is_(None), context.c.lti_id == LOCAL)
        .order_by(link.c.title, link.c.id)
    )
    return [Offer(*row) for row in rows]
