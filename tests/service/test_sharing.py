"""Threads that write at the same time share a transaction, and nobody pays for another one."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from grader.service.data import Database
from grader.service.data.engine import open_database
from grader.service.data.sharing import Turn

WRITERS = 20


class Refused(Exception):  # noqa: N818 - no error of ours
    """What some of the work raises."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Open a database with one table."""
    opened = open_database(f"sqlite:///{tmp_path}/some.db")
    with opened.begin() as db:
        db.execute(sa.text("CREATE TABLE t (n INTEGER PRIMARY KEY, x BLOB)"))
    yield opened
    opened.close()


def write_all(
    database: Database, work: Callable[[Connection, int], int]
) -> dict[int, int | Exception]:
    """Let many threads write while nobody can, then all at once; return what each came to."""
    found: dict[int, int | Exception] = {}

    def write(number: int) -> None:
        try:
            found[number] = database.write(lambda db: work(db, number))
        except (Refused, OperationalError) as error:
            found[number] = error

    threads = [
        threading.Thread(target=write, args=(number,))
        for number in range(WRITERS)
    ]
    arrived = threading.Semaphore(0)
    add = database._shared.add  # noqa: SLF001 - to know when all of them wait

    def note(work: Callable[[Connection], int]) -> object:
        future = add(work)
        arrived.release()
        return future

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database._shared, "add", note)  # noqa: SLF001
        with database.begin():
            for thread in threads:
                thread.start()
            for _ in threads:
                assert arrived.acquire(timeout=60)
        for thread in threads:
            thread.join(60)
    return found


def kept(database: Database) -> list[int]:
    """Return what is in the table."""
    with database.read() as db:
        return list(db.execute(sa.text("SELECT n FROM t ORDER BY n")).scalars())


def commits(database: Database) -> list[int]:
    """Return a list that grows by one with each transaction that is kept."""
    counted: list[int] = []
    sa.event.listen(database.engine, "commit", lambda _: counted.append(1))
    return counted


def insert(db: Connection, number: int, size: int = 1) -> int:
    """Insert a row."""
    row = {"n": number, "x": b"x" * size}
    db.execute(sa.text("INSERT INTO t VALUES (:n, :x)"), row)
    return number


def test_those_who_wait_are_kept_together(database: Database) -> None:
    """Twenty that come while another one writes take one transaction, and each gets its answer."""
    counted = commits(database)
    found = write_all(database, insert)
    assert len(counted) == 2  # that of the one who was first, and theirs
    assert found == {number: number for number in range(WRITERS)}
    assert kept(database) == list(range(WRITERS))


def test_work_that_raises_is_rolled_back_alone(database: Database) -> None:
    """What it has written before is gone, what others wrote stays, and it gets its own error."""

    def work(db: Connection, number: int) -> int:
        insert(db, number)
        if number % 3 == 0:
            raise Refused(number)
        return number

    found = write_all(database, work)
    stays = [number for number in range(WRITERS) if number % 3]
    assert kept(database) == stays
    for number, answer in found.items():
        if number % 3:
            assert answer == number
        else:
            assert isinstance(answer, Refused)
            assert answer.args == (number,)


def test_a_full_disk_costs_only_whom_it_has_no_room_for(
    database: Database,
) -> None:
    """SQLite rolls back all of a transaction then: each is tried again, and what fits is kept."""

    def limit(driver: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
        driver.execute("PRAGMA max_page_count = 60")

    database.engine.dispose()
    sa.event.listen(database.engine, "connect", limit)

    def work(db: Connection, number: int) -> int:
        return insert(db, number, 1_000_000 if number == 7 else 100)

    found = write_all(database, work)
    assert isinstance(found.pop(7), OperationalError)
    others = [number for number in range(WRITERS) if number != 7]
    assert found == {number: number for number in others}
    assert kept(database) == others


def test_what_got_no_turn_is_not_done_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was told that it could not be saved does not find it saved."""
    monkeypatch.setattr("grader.service.data.engine._TURN_S", 0.01)
    raised = []

    def write() -> None:
        try:
            database.write(lambda db: insert(db, 1))
        except OperationalError as error:
            raised.append(error)

    with database.begin() as db:
        waiting = threading.Thread(target=write)
        waiting.start()
        waiting.join(60)
        insert(db, 2)
    assert len(raised) == 1
    monkeypatch.undo()
    database.write(lambda db: insert(db, 3))
    assert kept(database) == [2, 3]


def test_a_waiting_thread_has_its_turn_before_the_owner_again() -> None:
    """The thread that writes for all takes its turn at once again, and shuts nobody out."""
    turn, order = Turn(), []

    def wait() -> None:
        assert turn.acquire(60)
        order.append("who waited")
        turn.release()

    turn.acquire()
    waiting = threading.Thread(target=wait)
    waiting.start()
    while not turn._is_next.locked():  # noqa: SLF001 - to know that it waits
        pass
    assert not turn.acquire(0.01)  # it is not next, and does not wait for ever
    turn.release()
    turn.acquire()
    order.append("its owner")
    turn.release()
    waiting.join()
    assert order == ["who waited", "its owner"]


def test_what_waits_is_written_before_the_database_is_closed(
    database: Database,
) -> None:
    """An answer that was on its way is not lost when the service is told to end."""
    with database.begin():
        future = database._shared.add(lambda db: insert(db, 1))  # noqa: SLF001 - without a wait
        closing = threading.Thread(target=database.close)
        closing.start()
    closing.join(60)
    assert future.result(0) == 1
    assert kept(database) == [1]
