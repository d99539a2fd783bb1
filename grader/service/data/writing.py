"""Statements that SQLite and PostgreSQL both have, and SQLAlchemy has for each apart."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def _insert(db: Connection, table: Table) -> Any:  # noqa: ANN401 - one of two like types
    module = sqlite if db.dialect.name == "sqlite" else postgresql
    return module.insert(table)


def insert_or_ignore(db: Connection, table: Table, **values: object) -> bool:
    """Insert a row unless a unique one is there already; return whether it was inserted."""
    made = _insert(db, table).values(values).on_conflict_do_nothing()
    # psycopg counts no rows of an INSERT here, so what was inserted is asked for.
    rows = db.execute(made.returning(*table.primary_key.columns))
    return rows.first() is not None


def upsert(
    db: Connection,
    table: Table,
    key: Mapping[str, object],
    values: Mapping[str, object],
) -> None:
    """Insert a row, or change the one that has the key."""
    made = _insert(db, table).values({**key, **values})
    db.execute(
        made.on_conflict_do_update(index_elements=list(key), set_=dict(values))
    )


def hold_lock(db: Connection, number: int) -> None:
    """Wait until no other transaction holds this lock, and hold it until this one ends.

    SQLite has one writer at a time anyway.
    """
    if db.dialect.name != "sqlite":
        db.execute(
            text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": number}
        )
