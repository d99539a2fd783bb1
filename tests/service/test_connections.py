"""The connections of PostgreSQL: asked no more than needed, and replaced when they are broken."""

import contextlib
import math
import os
import resource
import time
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.service.data import Database, engine
from grader.service.data.engine import open_database
from tests.service.conftest import Cluster


def ask(database: Database) -> int:
    """Ask the database who answers."""

    def look(db: Connection) -> int:
        return int(db.execute(sa.text("SELECT pg_backend_pid()")).scalar_one())

    return database.ask(look)


@pytest.fixture
def logged(cluster: Cluster) -> Iterator[Database]:
    """Open a database of which the server writes each statement into its log."""
    url = cluster.new_database()
    with psycopg.connect(
        host=str(cluster.folder),
        user="tests",
        dbname="postgres",
        autocommit=True,
    ) as admin:
        name = sa.make_url(url).database
        admin.execute(
            f"ALTER DATABASE {name} SET log_statement = 'all'".encode()
        )
    with contextlib.closing(open_database(url)) as database:
        yield database


def statements(cluster: Cluster) -> list[str]:
    """Return what the server has been told to do in such a database."""
    log = (cluster.folder / "log").read_text()
    return [
        line
        for line in log.splitlines()
        if "statement: " in line or "execute" in line
    ]


@pytest.fixture
def always_recent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no connection count as idle, however slow the machine is."""
    monkeypatch.setattr(engine, "_TRUSTED_S", math.inf)


@pytest.mark.usefixtures("always_recent")
def test_one_question_is_one_statement(
    cluster: Cluster, logged: Database
) -> None:
    """No transaction, and no test of a connection that was used just now."""
    ask(logged)
    before = len(statements(cluster))
    ask(logged)
    ask(logged)
    assert len(statements(cluster)) == before + 2


def test_what_was_idle_is_tested_first(
    cluster: Cluster, logged: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network may have forgotten the connection."""
    monkeypatch.setattr(engine, "_TRUSTED_S", 0.0)
    ask(logged)
    before = len(statements(cluster))
    ask(logged)
    assert len(statements(cluster)) > before + 1


def test_a_restart_of_the_server_goes_unnoticed(own_cluster: Cluster) -> None:
    """Its old connections are replaced, and nobody is refused."""
    with contextlib.closing(
        open_database(own_cluster.new_database())
    ) as database:
        ask(database)
        own_cluster.stop()
        own_cluster.start()
        assert ask(database)
        own_cluster.stop()
        own_cluster.start()
        with database.begin() as db:
            assert db.execute(sa.text("SELECT 1")).scalar_one() == 1


@pytest.mark.usefixtures("always_recent")
def test_a_connection_that_the_server_has_closed_is_replaced(
    cluster: Cluster,
) -> None:
    """Also one that was used just now: there is an end to read on it."""
    with contextlib.closing(open_database(cluster.new_database())) as database:
        old = ask(database)
        with psycopg.connect(
            host=str(cluster.folder),
            user="tests",
            dbname="postgres",
            autocommit=True,
        ) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [old])
            end = time.monotonic() + 60
            while (
                time.monotonic() < end
                and admin.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE pid = %s", [old]
                ).fetchall()
            ):
                time.sleep(0.01)
        assert ask(database) != old


def test_a_question_leaves_transactions_as_they_are(cluster: Cluster) -> None:
    """The connection that was asked without one takes a transaction back as any other does."""
    with contextlib.closing(open_database(cluster.new_database())) as database:
        pid = ask(database)
        with database.engine.connect() as db:
            same = db.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            assert same == pid
            db.execute(sa.text("CREATE TABLE made (id integer)"))
            db.rollback()
        with database.read() as db:
            assert not sa.inspect(db).has_table("made")


def test_a_server_that_stays_away_is_told(own_cluster: Cluster) -> None:
    """Where no new connection can be opened either, the error is the database's."""
    with contextlib.closing(
        open_database(own_cluster.new_database())
    ) as database:
        ask(database)
        own_cluster.stop()
        with pytest.raises(sa.exc.OperationalError):
            ask(database)
        own_cluster.start()
        assert ask(database)


def test_a_process_with_a_thousand_open_files(cluster: Cluster) -> None:
    """A class keeps that many connections open; that of the database may have a high number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    held: list[int] = []
    try:
        while not held or held[-1] < 1100:
            held.append(os.dup(0))
        with contextlib.closing(
            open_database(cluster.new_database())
        ) as database:
            assert ask(database) == ask(database)
    finally:
        for each in held:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
