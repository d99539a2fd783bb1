"""The tables of both databases, up and down."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from grader.errors import GraderError
from grader.service.data import Database
from grader.service.data.migrate import migrate, migrate_down, revision_of
from grader.service.data.schema import metadata


def test_the_migrations_make_the_tables_of_the_schema(
    database: Database,
) -> None:
    """What the migrations make is what `schema` describes, to the last constraint."""
    with database.read() as db:
        context = MigrationContext.configure(db)
        assert compare_metadata(context, metadata) == []


def test_they_go_down_and_up_again(database: Database) -> None:
    """Down to nothing, and up again, in one database."""
    migrate_down(database, "base")
    with database.read() as db:
        assert revision_of(db) is None
        assert sa.inspect(db).get_table_names() == ["alembic_version"]
    migrate(database)
    migrate(database)
    with database.read() as db:
        assert "submission" in sa.inspect(db).get_table_names()


def test_a_newer_version_was_here(database: Database) -> None:
    """Tables of a newer version are left alone, and one line says what to do."""
    with database.begin() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(GraderError, match="newer version of the grader"):
        migrate(database)
