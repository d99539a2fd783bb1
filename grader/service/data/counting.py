"""How many rows there are of what: facts for the operator, about nobody."""

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import result, score, submission


class Counts(msgspec.Struct, frozen=True):
    """Numbers of rows, by what they say."""

    submissions: dict[str, int]
    """By state."""
    results: dict[str, int]
    """By status."""
    scores: dict[str, int]
    """By state."""
    provisional: int
    oldest_owed_at: float | None
    """When the attempt was handed in whose score has been owed for longest."""


def count(db: Connection) -> Counts:
    """Count what was handed in, what came of it, and what is owed to platforms."""
    provisional = sa.select(sa.func.count()).where(result.c.provisional)
    oldest = sa.select(sa.func.min(score.c.stamp)).where(
        score.c.state == "owed"
    )
    return Counts(
        submissions=_by(db, submission.c.state),
        results=_by(db, result.c.status),
        scores=_by(db, score.c.state),
        provisional=int(db.execute(provisional).scalar_one()),
        oldest_owed_at=db.execute(oldest).scalar_one(),
    )


def _by(db: Connection, column: sa.Column[Any]) -> dict[str, int]:
    rows = db.execute(sa.select(column, sa.func.count()).group_by(column))
    return {str(name): int(number) for name, number in rows}
