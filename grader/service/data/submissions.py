"""What was handed in, and what came of it.

Only the first result is kept, so that the person never sees a submission graded twice. `failed`
means that the grader itself failed. Who grades what just now is in `leases`.
"""

from collections.abc import Collection
from typing import Any, Final, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import link, person, result, submission
from grader.service.data.tokens import new_key
from grader.service.data.writing import insert_new

State = Literal["received", "graded", "superseded", "failed"]


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A submission without its bytes."""

    id: int
    key: str
    person_id: int
    link_id: int
    name: str
    kind: str
    digest: str
    received_at: float
    state: State
    tries: int
    by_person_id: int | None


class New(msgspec.Struct, frozen=True, kw_only=True):
    """What is handed in."""

    person_id: int
    link_id: int
    click: str
    name: str
    kind: str
    digest: str
    data: bytes
    by_person_id: int | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a submission; `report` is its JSON."""

    status: str
    score: float | None
    max_score: float
    report: bytes
    provisional: bool
    graded_at: float


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a person's history."""

    key: str
    name: str
    kind: str
    received_at: float
    state: State
    score: float | None
    max_score: float | None
    provisional: bool
    by: str | None
    """The name of the teacher who handed it in, if one did."""


_NAMES: Final = Submission.__struct_fields__
COLUMNS: Final = [submission.c[name] for name in _NAMES]

# To make a statement takes longer than to run it. So those of handing in are made once.
_OF_CLICK: Final = sa.select(*COLUMNS).where(
    submission.c.person_id == sa.bindparam("person_id"),
    submission.c.link_id == sa.bindparam("link_id"),
    submission.c.click == sa.bindparam("click"),
)
_ARRIVED_SINCE: Final = sa.select(sa.func.count()).where(
    submission.c.person_id == sa.bindparam("person_id"),
    submission.c.received_at > sa.bindparam("since"),
)
_RESULT: Final = sa.select(
    *(result.c[name] for name in Result.__struct_fields__)
).where(result.c.submission_id == sa.bindparam("submission_id"))
_RECEIVED: Final = sa.select(submission.c.id).where(
    submission.c.id.in_(sa.bindparam("ids", expanding=True)),
    submission.c.state == "received",
)
_IS_GRADED: Final = (
    sa.update(submission)
    .where(
        submission.c.id == sa.bindparam("submission_id"),
        submission.c.state != "graded",
    )
    .values(state="graded", lease_until=None)
)
_KEEP_RESULT: Final = sa.insert(result)


def of_row(row: sa.Row[Any]) -> Submission:
    """Return the submission that a row of `COLUMNS` tells of."""
    return Submission(**row._asdict())


def add_submission(
    db: Connection, new: New, now: float, lease_s: float
) -> tuple[Submission, bool]:
    """Keep what is handed in, and return whether it is new: the same click is the same submission.

    It is leased to the caller.
    """
    values = msgspec.structs.asdict(new) | {
        "key": new_key(),
        "received_at": now,
        "state": "received",
        "lease_until": now + lease_s,
        "tries": 1,
    }
    row = insert_new(db, submission, _NAMES, values)
    if row is not None:
        return of_row(row), True
    found = find_click(db, new.person_id, new.link_id, new.click)
    assert found is not None  # noqa: S101 - it was there before
    return found, False


def find_click(
    db: Connection, person_id: int, link_id: int, click: str
) -> Submission | None:
    """Return the submission of a click; None if it has not arrived."""
    wanted = {"person_id": person_id, "link_id": link_id, "click": click}
    row = db.execute(_OF_CLICK, wanted).one_or_none()
    return None if row is None else of_row(row)


def find_submission(
    db: Connection, context_id: int, key: str, person_id: int | None
) -> Submission | None:
    """Return a submission of a course by its key: of a person, or with None of anybody there."""
    wanted = (
        sa.select(*COLUMNS)
        .join(link, link.c.id == submission.c.link_id)
        .where(submission.c.key == key, link.c.context_id == context_id)
    )
    if person_id is not None:
        wanted = wanted.where(submission.c.person_id == person_id)
    row = db.execute(wanted).one_or_none()
    return None if row is None else of_row(row)


def still_received(db: Connection, ids: Collection[int]) -> set[int]:
    """Return which of these submissions nothing has come of yet, by one statement."""
    asked = list(ids)
    # PostgreSQL keeps a hundred statements ready. Each number of ids would be one of them.
    most = 1 << (len(asked) - 1).bit_length() if asked else 0
    asked += asked[:1] * (most - len(asked))
    return set(db.execute(_RECEIVED, {"ids": asked}).scalars())


def read_data(db: Connection, submission_id: int) -> bytes | None:
    """Return the bytes as they were handed in; None if they were deleted."""
    data = db.execute(
        sa.select(submission.c.data).where(submission.c.id == submission_id)
    ).scalar_one_or_none()
    return None if data is None else bytes(data)


def read_result(db: Connection, submission_id: int) -> Result | None:
    """Return what came of a submission; None before it is graded."""
    row = db.execute(_RESULT, {"submission_id": submission_id}).one_or_none()
    return None if row is None else Result(**row._asdict())


def arrived_since(db: Connection, person_id: int, since: float) -> int:
    """Return how many submissions of a person have arrived since then."""
    wanted = {"person_id": person_id, "since": since}
    return int(db.execute(_ARRIVED_SINCE, wanted).scalar_one())


def history(db: Connection, person_id: int, link_id: int) -> list[Attempt]:
    """Return a person's attempts at an exercise, the newest first."""
    teacher = person.alias()
    rows = db.execute(
        sa.select(
            submission.c.key,
            submission.c.name,
            submission.c.kind,
            submission.c.received_at,
            submission.c.state,
            result.c.score,
            result.c.max_score,
            sa.func.coalesce(result.c.provisional, sa.false()).label(
                "provisional"
            ),
            teacher.c.name.label("by"),
        )
        .outerjoin(result, result.c.submission_id == submission.c.id)
        .outerjoin(teacher, teacher.c.id == submission.c.by_person_id)
        .where(
            submission.c.person_id == person_id,
            submission.c.link_id == link_id,
        )
        .order_by(submission.c.received_at.desc(), submission.c.id.desc())
    )
    return [
        Attempt(**{**row._asdict(), "provisional": bool(row.provisional)})
        for row in rows
    ]


def keep_result(db: Connection, submission_id: int, new: Result) -> bool:
    """Keep what came of a submission, unless it is graded already; return whether it was kept."""
    which = {"submission_id": submission_id}
    if not db.execute(_IS_GRADED, which).rowcount:
        return False
    db.execute(_KEEP_RESULT, which | msgspec.structs.asdict(new))
    return True


def replace_provisional(
    db: Connection, submission_id: int, new: Result
) -> bool:
    """Put the whole result in the place of a provisional one; return whether there was one."""
    replaced = db.execute(
        sa.update(result)
        .where(result.c.submission_id == submission_id, result.c.provisional)
        .values(msgspec.structs.asdict(new))
    )
    return bool(replaced.rowcount)


def supersede(db: Connection, submission_id: int) -> None:
    """Note that a newer attempt took the place of one that was waiting."""
    db.execute(
        sa.update(submission)
        .where(
            submission.c.id == submission_id, submission.c.state == "received"
        )
        .values(state="superseded", lease_until=None)
    )
