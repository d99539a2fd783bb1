"""Who grades a submission just now, and when one is tried again.

A submission that is `received` has a lease, which the process that grades it renews. If the lease
runs out because that process was killed, another one takes the submission. The lease of
a `failed` submission says when it is tried again. One that is graded a second time, with its full
limits, has a lease for that, too.
"""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import link, result, submission
from grader.service.data.submissions import COLUMNS, Submission, of_row

MOST_TRIES: Final = 8
_FIRST_PAUSE_S: Final = 60.0
"""After a fault of ours; it doubles each time."""
_LONGEST_PAUSE_S: Final = 3600.0


def fail(db: Connection, submission_id: int, now: float) -> float:
    """Note that the grader itself failed; return when it is tried again."""
    tries = db.execute(
        sa.select(submission.c.tries).where(submission.c.id == submission_id)
    ).scalar_one()
    # It did not end its process, so it may be tried for as long as it takes to fix the exercise.
    tries = min(tries, MOST_TRIES - 1)
    again = now + min(_FIRST_PAUSE_S * 2 ** (tries - 1), _LONGEST_PAUSE_S)
    db.execute(
        sa.update(submission)
        .where(submission.c.id == submission_id, submission.c.state != "graded")
        .values(state="failed", lease_until=again, tries=tries)
    )
    return float(again)


def renew(
    db: Connection, ids: Collection[int], now: float, lease_s: float
) -> None:
    """Renew the leases of what is being graded here."""
    db.execute(
        sa.update(submission)
        .where(submission.c.id.in_(ids), submission.c.state == "received")
        .values(lease_until=now + lease_s)
    )


def release_all(db: Connection) -> None:
    """Let the leases of all that was being graded run out: their holders are gone."""
    db.execute(
        sa.update(submission)
        .where(submission.c.state == "received")
        .values(lease_until=0.0)
    )


def retry_failed(db: Connection) -> None:
    """Let what failed by a fault of ours be tried at once: it may be fixed by now."""
    db.execute(
        sa.update(submission)
        .where(
            submission.c.state == "failed",
            submission.c.lease_until.is_not(None),
        )
        .values(lease_until=0.0)
    )


def claim(
    db: Connection, now: float, lease_s: float, most: int
) -> list[Submission]:
    """Take what was received and not graded within its lease, the oldest first.

    One statement: of several processes, each gets others. What was tried `MOST_TRIES`
    times without a result is left.
    """
    over = sa.and_(
        submission.c.state.in_(("received", "failed")),
        submission.c.lease_until < now,
        submission.c.tries < MOST_TRIES,
    )
    chosen = (
        sa.select(submission.c.id)
        .where(over)
        .order_by(submission.c.received_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = db.execute(
        sa.update(submission)
        .where(submission.c.id.in_(chosen), over)
        .values(
            state="received",
            lease_until=now + lease_s,
            tries=submission.c.tries + 1,
        )
        .returning(*COLUMNS)
    )
    return sorted(map(of_row, rows), key=lambda each: each.received_at)


def give_up(db: Connection, now: float) -> list[str]:
    """Let fail what ended its process again and again; return the keys."""
    rows = db.execute(
        sa.update(submission)
        .where(
            submission.c.state == "received",
            submission.c.lease_until < now,
            submission.c.tries >= MOST_TRIES,
        )
        .values(state="failed", lease_until=None)
        .returning(submission.c.key)
    )
    return [str(key) for key in rows.scalars()]


def claim_later(
    db: Connection, now: float, lease_s: float
) -> Submission | None:
    """Take what is to be graded with the exercise's own limits, the oldest first; None if nothing.

    That is what the budget cut short, and what a newer attempt superseded, once its deadline is
    over. Nobody else gets it before the lease is over, so that one that cannot be graded keeps none
    of the others waiting.
    """
    free = sa.or_(
        submission.c.lease_until.is_(None), submission.c.lease_until < now
    )
    chosen = (
        sa.select(submission.c.id)
        .join(link, link.c.id == submission.c.link_id)
        .outerjoin(result, result.c.submission_id == submission.c.id)
        .where(
            sa.or_(
                submission.c.state == "superseded",
                sa.and_(submission.c.state == "graded", result.c.provisional),
            ),
            submission.c.data.is_not(None),
            sa.or_(link.c.due_at.is_(None), link.c.due_at < now),
            free,
        )
        .order_by(submission.c.received_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=submission)
    )
    row = db.execute(
        sa.update(submission)
        .where(submission.c.id.in_(chosen), free)
        .values(lease_until=now + lease_s)
        .returning(*COLUMNS)
    ).one_or_none()
    return None if row is None else of_row(row)
