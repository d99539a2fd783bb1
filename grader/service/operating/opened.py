"""The database that an operator's command works on, while the service may run beside it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from grader.errors import GraderError, UsageError
from grader.service.data import Database, open_database
from grader.service.data.engine import reason
from grader.service.data.kept import kept_address
from grader.service.data.migrate import migrate
from grader.service.settings import Settings


@contextlib.contextmanager
def opened(settings: Settings, *, as_it_is: bool = False) -> Iterator[Database]:
    """Open the database with the tables of this version, or with `as_it_is` whatever is there.

    What the database refuses is raised as `GraderError`, in one line.
    """
    if settings.database.startswith("sqlite:"):
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.closing(open_database(settings.database)) as database:
        try:
            if not as_it_is:
                migrate(database)
            yield database
        except SQLAlchemyError as error:
            raise GraderError(f"{database.where()}: {reason(error)}") from error


def address(db: Connection, settings: Settings) -> str:
    """Return how browsers reach the service: as `--base-url` says, else as it started last."""
    return settings.base_url or kept_address(db) or settings.url


def sqlite_file(database: Database) -> Path:
    """Return the file of a database; `UsageError` for PostgreSQL, which has tools of its own."""
    if database.is_sqlite and database.engine.url.database:
        return Path(database.engine.url.database)
    raise UsageError(
        "PostgreSQL is copied by its own tools: pg_dump --format=custom --file=FILE "
        "DATABASE, and back by pg_restore --clean --if-exists --dbname=DATABASE FILE"
    )
