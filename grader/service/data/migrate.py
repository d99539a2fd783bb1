"""Brings the tables of a database to what this version needs, and back."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from grader.errors import GraderError
from grader.service.data.engine import Database
from grader.service.data.writing import hold_lock

_FOLDER: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6772616465
"""The number of the lock that one of several replicas holds while it migrates."""


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the tables to a revision, all in one transaction; several may try at once.

    `GraderError` where a newer version of the grader has been here.
    """
    with database.begin() as db:
        hold_lock(db, _LOCK)
        _require_known(db, database)
        command.upgrade(_config(db), revision)


def migrate_down(database: Database, revision: str) -> None:
    """Take the tables back to an earlier revision; `base` is an empty database."""
    with database.begin() as db:
        command.downgrade(_config(db), revision)


def revision_of(db: Connection) -> str | None:
    """Return the revision of a database's tables; None if it has none."""
    return MigrationContext.configure(db).get_current_revision()


def revisions(db: Connection) -> list[str]:
    """Return all revisions that this version knows, the oldest first."""
    scripts = ScriptDirectory.from_config(_config(db)).walk_revisions()
    return [script.revision for script in scripts][::-1]


def _require_known(db: Connection, database: Database) -> None:
    current = revision_of(db)
    if current is not None and current not in revisions(db):
        raise GraderError(
            f"{database.where()}: was used by a newer version of the grader ({current}); "
            "install that version, or restore a backup"
        )


def _config(db: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = db
    return config
