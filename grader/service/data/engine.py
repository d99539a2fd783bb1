"""Opens the database: SQLite that survives a power cut, or PostgreSQL; transactions for both."""

import contextlib
import select
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import (
    ArgumentError,
    DisconnectionError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

from grader.errors import GraderError, UsageError
from grader.service.data.sharing import SharedWriting, Turn

Answer = TypeVar("Answer")

_WAIT_S: Final = 10
"""How long a transaction waits for another one to end."""
_TURN_S: Final = 60
_CONNECTIONS: Final = 20
_IDLE_S: Final = 60
"""After how long the system asks whether the other end of a connection is still there."""
_TRUSTED_S: Final = 1.0
"""For how long after its last use a connection is taken without asking whether it still works."""


class Database:
    """A database with its connections; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # Without a transaction: PostgreSQL would be asked three times for one answer.
        self._asking = (
            engine.execution_options(one_statement=True)
            if self.is_sqlite
            else engine.execution_options(isolation_level="AUTOCOMMIT")
        )
        # SQLite has one writer. Threads that wait inside SQLite look again and again, with pauses,
        # so that under load some of them time out. Here they queue.
        self._writing = Turn() if self.is_sqlite else None
        self._shared = SharedWriting(engine.begin, self._writing or Turn())

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction that may write; it is kept whole, or not at all if this raises."""
        with self._turn(), self.engine.begin() as connection:
            yield connection

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Call `work` in a transaction that may write, and return or raise what it does.

        When this returns, it is kept. With SQLite the transaction may be shared with other threads
        (`sharing`). So `work` may be called again, in another thread, if a transaction fails.
        """
        if self._writing is None:
            with self.begin() as db:
                return work(db)
        future = self._shared.add(work)
        try:
            return future.result(_TURN_S)
        except TimeoutError:
            if future.cancel():
                raise _no_turn() from None  # and nobody does it later
        return future.result()

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads, and waits for no writer."""
        with self.engine.connect() as connection:
            connection.execution_options(only_reads=True)
            with connection.begin():
                yield connection

    def ask(self, look: Callable[[Connection], Answer]) -> Answer:
        """Call `look`, which makes one statement that reads, and return what it does.

        That needs no transaction, and each request asks something first.
        """
        with self._asking.connect() as connection:
            return look(connection)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until no other thread writes."""
        if self._writing is None:
            yield
            return
        if not self._writing.acquire(_TURN_S):
            raise _no_turn()
        try:
            yield
        finally:
            self._writing.release()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, which has one file and one writer."""
        return self.engine.dialect.name == "sqlite"

    def where(self) -> str:
        """Return which database this is, without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Write what waits, and close all connections."""
        self._shared.close()
        self.engine.dispose()


def _no_turn() -> OperationalError:
    waited = TimeoutError(f"no turn to write within {_TURN_S} s")
    return OperationalError("BEGIN", None, waited)


def open_database(url: str) -> Database:
    """Open the database that a URL names, and try it; its tables are made by `migrate`.

    `UsageError` for a URL that is none, `GraderError` for a database that does not answer; both
    name it without its password.
    """
    try:
        engine = _engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise UsageError(
            f"--database: {error}; give postgresql://USER@HOST/NAME or sqlite:///FILE"
        ) from error
    database = Database(engine)
    try:
        with database.read() as db:
            db.execute(sa.text("SELECT 1"))
    except SQLAlchemyError as error:
        database.close()
        raise GraderError(
            f"{database.where()}: the database does not answer ({reason(error)}); "
            "start it, or name another with --database"
        ) from error
    return database


def reason(error: BaseException) -> str:
    """Return in one line what a database said, without the statement and its values."""
    original = getattr(error, "orig", None) or error
    return " ".join(str(original).split())[:300]


def _engine(url: str) -> Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    engine = sa.create_engine(
        parsed,
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=_WAIT_S,
        # The one that was used last needs no test.
        pool_use_lifo=True,
        # Else an error quotes what students wrote into the log.
        hide_parameters=True,
        connect_args={
            "connect_timeout": _WAIT_S,
            # Else Linux waits for a quarter of an hour for a network that has forgotten one.
            "keepalives_idle": _IDLE_S,
            "tcp_user_timeout": _WAIT_S * 1000,
            "options": f"-c lock_timeout={_WAIT_S * 1000}",
        },
    )
    tester = _Tester(engine.dialect)
    sa.event.listen(engine, "checkin", tester.note_use)
    sa.event.listen(engine, "checkout", tester.test)
    return engine


class _Tester:
    """Lets the pool replace connections that do not work any more.

    `pool_pre_ping` asks the server each time, which at a deadline is every tenth query. When a
    server ends, it closes its connections, so there is something to read on them. A connection that
    was idle for longer is tested anyway: a network may forget one without a word.
    """

    def __init__(self, dialect: sa.Dialect) -> None:
        self._dialect = dialect

    def note_use(self, _connection: object, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        """Note when a connection was last used."""
        record.info["used_at"] = time.monotonic()

    def test(self, connection: Any, record: Any, _proxy: object) -> None:  # noqa: ANN401 - as above
        """Raise what makes the pool open another connection, if this one does not work."""
        used_at = record.info.get("used_at")
        if used_at is None:
            return  # it was opened just now
        is_recent = time.monotonic() - used_at < _TRUSTED_S
        try:
            if not is_recent or _has_something_to_read(connection):
                self._dialect.do_ping(connection)
        except connection.Error as error:
            raise DisconnectionError from error


def _has_something_to_read(connection: Any) -> bool:  # noqa: ANN401 - the driver's own
    # Not `select`, which knows no descriptor above 1023: a class has that many connections.
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    return bool(waiting.poll(0))


def _sqlite(url: sa.URL) -> Engine:
    if url.database is None or url.database in ("", ":memory:"):
        raise ArgumentError("SQLite needs a file here")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        # The one that was used last still has the pages in its cache.
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"timeout": _WAIT_S},
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    # The driver would begin transactions by its own rules, and not before a SELECT.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_WAIT_S * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # One that reads first and writes then could not go on if another has written in between.
    options = connection.get_execution_options()
    if not options.get("one_statement", False):
        only_reads = options.get("only_reads", False)
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
