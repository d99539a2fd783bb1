"""The keys of programs, by the label that the operator gave each; the secrets are kept nowhere."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import token


def labels(db: Connection) -> list[tuple[str, float]]:
    """Return label and time of each key, the oldest first."""
    rows = db.execute(
        sa.select(token.c.label, token.c.created_at)
        .where(token.c.kind == "api")
        .order_by(token.c.created_at, token.c.label)
    )
    return [(str(label), float(at)) for label, at in rows]


def drop(db: Connection, label: str) -> bool:
    """Make the key with this label invalid; return whether there was one."""
    gone = sa.delete(token).where(token.c.kind == "api", token.c.label == label)
    return db.execute(gone).rowcount > 0
