"""What a service keeps about itself: the secret of hidden inputs, and its own address."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data.schema import setting
from grader.service.data.writing import insert_or_ignore, upsert

_SECRET: Final = "secret"  # noqa: S105 - the name under which it is kept
_ADDRESS: Final = "address"


def kept_secret(db: Connection, new: str) -> str:
    """Return the secret that hidden inputs are drawn from; `new` is kept if there is none yet."""
    insert_or_ignore(db, setting, name=_SECRET, value=new)
    kept = _value(db, _SECRET)
    assert kept is not None  # noqa: S101 - it was inserted just now
    return kept


def keep_address(db: Connection, url: str) -> None:
    """Keep the address that browsers use, instead of the one of an earlier start."""
    upsert(db, setting, {"name": _ADDRESS}, {"value": url})


def kept_address(db: Connection) -> str | None:
    """Return the address of the service that started last; None if none has started yet."""
    return _value(db, _ADDRESS)


def _value(db: Connection, name: str) -> str | None:
    found = sa.select(setting.c.value).where(setting.c.name == name)
    return db.execute(found).scalar_one_or_none()
