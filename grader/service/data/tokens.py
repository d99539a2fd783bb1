"""What people show to prove who they are; only its SHA-256 is kept."""

import hashlib
import secrets
import time
from typing import Final, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import context, person, token

Kind = Literal["page", "personal", "join", "owner", "api", "registration"]
Role = Literal["Learner", "Instructor"]

_BYTES: Final = 24
"""192 random bits: nobody guesses them."""


class Who(msgspec.Struct, frozen=True):
    """Whom a token stands for, and where."""

    kind: Kind
    person_id: int | None
    person_key: str | None
    name: str | None
    context_id: int | None
    context_key: str | None
    context_title: str | None
    platform_id: int | None
    link_id: int | None
    roles: tuple[Role, ...]
    label: str
    expires_at: float | None

    @property
    def teaches(self) -> bool:
        """Whether this is a teacher of the context."""
        return "Instructor" in self.roles


# To make a statement takes longer than to run it, and each request runs this one.
_OF_SECRET: Final = (
    sa.select(
        token.c.kind,
        token.c.person_id,
        person.c.key.label("person_key"),
        person.c.name,
        token.c.context_id,
        context.c.key.label("context_key"),
        context.c.title.label("context_title"),
        context.c.platform_id,
        token.c.link_id,
        token.c.roles,
        token.c.label,
        token.c.expires_at,
    )
    .outerjoin(person, person.c.id == token.c.person_id)
    .outerjoin(context, context.c.id == token.c.context_id)
    .where(
        token.c.hash == sa.bindparam("digest"),
        sa.or_(
            token.c.expires_at.is_(None),
            token.c.expires_at > sa.bindparam("now"),
        ),
    )
)


def new_secret() -> str:
    """Return a new secret that may stand in an address."""
    return secrets.token_urlsafe(_BYTES)


def new_key() -> str:
    """Return a new name for a row, which tells nothing about it.

    It has letters and digits only: a key that began with a hyphen, as one of 64 would in base64,
    would be read as an option where an operator gives it to a command.
    """
    return secrets.token_hex(12)


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a new token stands for, and where."""

    person_id: int | None = None
    context_id: int | None = None
    link_id: int | None = None
    roles: tuple[Role, ...] = ()
    label: str = ""


def add_token(
    db: Connection,
    kind: Kind,
    holder: Holder,
    *,
    secret: str | None = None,
    lasts_s: float | None = None,
) -> str:
    """Keep a token, and return its secret; `lasts_s` None means that it stays valid.

    A secret that is given and known already gets the new meaning.
    """
    now = time.time()
    secret = secret or new_secret()
    hashed = digest(secret)
    db.execute(sa.delete(token).where(token.c.hash == hashed))
    values = msgspec.structs.asdict(holder) | {
        "hash": hashed,
        "kind": kind,
        "roles": list(holder.roles),
        "created_at": now,
        "expires_at": None if lasts_s is None else now + lasts_s,
    }
    db.execute(sa.insert(token).values(values))
    return secret


def find_token(
    db: Connection, secret: str, *kinds: Kind, now: float | None = None
) -> Who | None:
    """Return whom a secret stands for; None if it is not one of these kinds, or has expired."""
    now = time.time() if now is None else now
    wanted = {"digest": digest(secret), "now": now}
    row = db.execute(_OF_SECRET, wanted).one_or_none()
    if row is None or row.kind not in kinds:
        return None
    return Who(**{**row._asdict(), "roles": tuple(row.roles)})


def drop_token(db: Connection, secret: str) -> bool:
    """Make a secret invalid; return whether it was valid."""
    dropped = db.execute(sa.delete(token).where(token.c.hash == digest(secret)))
    return dropped.rowcount > 0


def drop_expired(db: Connection, now: float) -> int:
    """Forget tokens that have expired, and return how many."""
    return db.execute(
        sa.delete(token).where(token.c.expires_at <= now)
    ).rowcount
