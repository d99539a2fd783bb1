"""Course platforms that the operator registered, this tool's own keys, and what both cache."""

import time
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import (
    access,
    deployment,
    jwks,
    platform,
    tool_key,
)
from grader.service.data.writing import hold_lock, insert_or_ignore, upsert

LIVE_KEYS: Final = 2
"""One signs, and one is announced."""
_KEYS_LOCK: Final = 0x6B657973
"""One key signs, one is known to platforms already and signs after the next rotation."""


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A course platform, as the operator registered it or it registered itself."""

    name: str
    issuer: str
    client_id: str
    kind: str
    """Its product, such as `canvas` or `moodle`."""
    authorization_url: str
    token_url: str
    token_audience: str | None = None
    """Whom assertions are for, if not the address of the tokens."""
    jwks_url: str
    hosts: list[str] = []
    """Origins beyond those of the addresses above, where its services and pages are too."""


class Platform(Registered, frozen=True, kw_only=True):
    """A course platform with its id here."""

    id: int

    @classmethod
    def of(cls, row: sa.Row[Any]) -> "Platform":
        """Return the record of a row of the table."""
        values = row._asdict()
        return cls(**{name: values[name] for name in cls.__struct_fields__})


def add_platform(db: Connection, registered: Registered) -> int:
    """Keep a platform, and return its id; one with the same issuer and client id is changed."""
    values = msgspec.structs.asdict(registered)
    here = (platform.c.issuer == registered.issuer) & (
        platform.c.client_id == registered.client_id
    )
    insert_or_ignore(db, platform, created_at=time.time(), **values)
    db.execute(sa.update(platform).where(here).values(values))
    found = sa.select(platform.c.id).where(here)
    platform_id = int(db.execute(found).scalar_one())
    # What is cached may come from its addresses before the change.
    db.execute(sa.delete(jwks).where(jwks.c.platform_id == platform_id))
    drop_access(db, platform_id)
    return platform_id


def add_deployment(db: Connection, platform_id: int, lti_id: str) -> bool:
    """Accept launches of an installation of the tool; return whether it is new."""
    return insert_or_ignore(
        db, deployment, platform_id=platform_id, lti_id=lti_id
    )


def has_deployment(db: Connection, platform_id: int, lti_id: str) -> bool:
    """Whether launches of an installation of the tool are accepted."""
    found = sa.select(deployment.c.id).where(
        deployment.c.platform_id == platform_id, deployment.c.lti_id == lti_id
    )
    return db.execute(found).first() is not None


def find_platform(
    db: Connection, issuer: str, client_id: str | None
) -> Platform | None:
    """Return the platform of an issuer; if it has several registrations, the client id decides.

    All schools at Canvas have one issuer.
    """
    found = sa.select(platform).where(platform.c.issuer == issuer)
    if client_id is not None:
        found = found.where(platform.c.client_id == client_id)
    rows = db.execute(found.limit(2)).all()
    return Platform.of(rows[0]) if len(rows) == 1 else None


def platform_of(db: Connection, platform_id: int) -> Platform:
    """Return a platform by its id."""
    found = sa.select(platform).where(platform.c.id == platform_id)
    return Platform.of(db.execute(found).one())


def all_platforms(db: Connection) -> list[Platform]:
    """Return all platforms, oldest first."""
    rows = db.execute(sa.select(platform).order_by(platform.c.id))
    return [Platform.of(row) for row in rows]


# --------------------------------------------------------------------------- this tool's keys


def hold_keys(db: Connection) -> None:
    """Wait until no other replica makes keys: each would make its own, and retire the other's."""
    hold_lock(db, _KEYS_LOCK)


def live_keys(db: Connection) -> list[tuple[str, str, dict[str, Any]]]:
    """Return id, private PEM and public JWK of the keys in use; the first one signs."""
    rows = db.execute(
        sa.select(tool_key.c.kid, tool_key.c.private_pem, tool_key.c.public_jwk)
        .where(tool_key.c.retired_at.is_(None))
        .order_by(tool_key.c.created_at, tool_key.c.kid)
    )
    return [(row.kid, row.private_pem, row.public_jwk) for row in rows]


def add_key(
    db: Connection, kid: str, private_pem: str, public_jwk: dict[str, Any]
) -> None:
    """Keep a new key, and retire the oldest ones beyond the two that are in use."""
    now = time.time()
    db.execute(
        sa.insert(tool_key).values(
            kid=kid,
            private_pem=private_pem,
            public_jwk=public_jwk,
            created_at=now,
        )
    )
    beyond = [key[0] for key in live_keys(db)[:-LIVE_KEYS]]
    db.execute(
        sa.update(tool_key)
        .where(tool_key.c.kid.in_(beyond))
        # What has signed is of no use any more, and must not lie about.
        .values(retired_at=now, private_pem="")
    )


# --------------------------------------------------------------------------- caches


def cached_keyset(db: Connection, platform_id: int) -> tuple[Any, float] | None:
    """Return a platform's keys, and when they were fetched; None if they never were."""
    found = sa.select(jwks.c.document, jwks.c.fetched_at).where(
        jwks.c.platform_id == platform_id
    )
    row = db.execute(found).one_or_none()
    return None if row is None else (row.document, row.fetched_at)


def keep_keyset(
    db: Connection, platform_id: int, document: dict[str, Any], now: float
) -> None:
    """Keep a platform's keys."""
    upsert(
        db,
        jwks,
        {"platform_id": platform_id},
        {"document": document, "fetched_at": now},
    )


def cached_access(
    db: Connection, platform_id: int, scope: str, now: float
) -> str | None:
    """Return an access token that is still good, None if there is none."""
    found = sa.select(access.c.token).where(
        access.c.platform_id == platform_id,
        access.c.scope == scope,
        access.c.expires_at > now,
    )
    token = db.execute(found).scalar_one_or_none()
    return None if token is None else str(token)


def keep_access(
    db: Connection, platform_id: int, scope: str, token: str, expires_at: float
) -> None:
    """Keep an access token for as long as it lasts."""
    upsert(
        db,
        access,
        {"platform_id": platform_id, "scope": scope},
        {"token": token, "expires_at": expires_at},
    )


def drop_access(
    db: Connection, platform_id: int, token: str | None = None
) -> None:
    """Forget access tokens of a platform: one that was refused, or all."""
    mine = access.c.platform_id == platform_id
    if token is not None:
        mine &= access.c.token == token
    db.execute(sa.delete(access).where(mine))
