"""Statements that SQLite and PostgreSQL both have, and SQLAlchemy has for each apart."""

import functools
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def _insert(dialect: str, table: Table) -> Any:  # noqa: ANN401 - one of two like types
    module = sqlite if dialect == "sqlite" else postgresql
    return module.insert(table)


@functools.cache
def _insert_or_ignore(
    dialect: str, table: Table, names: tuple[str, ...]
) -> Any:  # noqa: ANN401 - as above
    """Return the statement, which is made once: that takes longer than to run it."""
    made = _insert(dialect, table).on_conflict_do_nothing()
    return made.returning(*(table.c[name] for name in names))


def insert_or_ignore(db: Connection, table: Table, **values: object) -> bool:
    """Insert a row unless a unique one is there already; return whether it was inserted."""
    # psycopg counts no rows of an INSERT here, so what was inserted is asked for.
    names = tuple(table.primary_key.columns.keys())
    return insert_new(db, table, names, values) is not None


def insert_new(
    db: Connection,
    table: Table,
    names: tuple[str, ...],
    values: Mapping[str, object],
) -> Row[Any] | None:
    """Insert a row, and return these columns of it; None if a unique one is there already."""
    made = _insert_or_ignore(db.dialect.name, table, names)
    return db.execute(made, dict(values)).first()


def upsert(
    db: Connection,
    table: Table,
    key: Mapping[str, object],
    values: Mapping[str, object],
) -> None:
    """Insert a row, or change the one that has the key."""
    made = _insert(db.dialect.name, table).values({**key, **values})
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
