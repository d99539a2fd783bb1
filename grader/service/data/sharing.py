"""Lets threads that write at the same time share a transaction, so that the disk is awaited once.

Theory of operation. A transaction of SQLite has ended when the disk has it. That takes
milliseconds, and there is one writer at a time: so when a class hands in at once, each student
would wait for the disk after all the others. Here a thread that comes while another one writes
leaves its work in a queue. The next thread that gets the turn does all that waits, each piece in a
savepoint of its own, and commits once. Work that raises is rolled back alone. Where the transaction
as a whole fails, each piece is done again in a transaction of its own, which shows whose fault it
was.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy.engine import Connection

Answer = TypeVar("Answer")
Begin = Callable[[], AbstractContextManager[Connection]]


class _RolledBackError(Exception):
    """The database has rolled the whole transaction back, as SQLite does on a full disk."""


class _Piece(NamedTuple, Generic[Answer]):
    """Work that waits, and what becomes of it."""

    work: Callable[[Connection], Answer]
    future: "Future[Answer]"


class SharedWriting:
    """Work that waits for its turn; the thread that has the turn does all of it."""

    def __init__(self, begin: Begin) -> None:
        """Take what opens a transaction. The caller gives the turn to one thread at a time."""
        self._begin = begin
        self._waiting: deque[_Piece[Any]] = deque()

    def add(self, work: Callable[[Connection], Answer]) -> "Future[Answer]":
        """Let some work wait, and return what becomes of it.

        It may be done more than once, if a transaction fails, and is kept once at most. Work whose
        future is cancelled in time is not done.
        """
        future: Future[Answer] = Future()
        self._waiting.append(_Piece(work, future))
        return future

    def do_all(self) -> None:
        """Do all that waits, with the turn; what it comes to is in the futures."""
        pieces = []
        while self._waiting:
            piece = self._waiting.popleft()
            if piece.future.set_running_or_notify_cancel():
                pieces.append(piece)
        if len(pieces) > 1 and self._do_together(pieces):
            return
        for piece in pieces:
            self._do_alone(piece)

    def _do_alone(self, piece: _Piece[Any]) -> None:
        try:
            with self._begin() as db:
                value = piece.work(db)
        except BaseException as error:  # noqa: BLE001 - the future passes it on
            piece.future.set_exception(error)
        else:
            piece.future.set_result(value)

    def _do_together(self, pieces: list[_Piece[Any]]) -> bool:
        """Do some pieces in one transaction; return whether it was kept."""
        done: list[tuple[_Piece[Any], Any, Exception | None]] = []
        try:
            with self._begin() as db:
                for piece in pieces:
                    value, error = _in_savepoint(db, piece.work)
                    done.append((piece, value, error))
        except Exception:  # noqa: BLE001 - each is done again, alone, and raises what it raises
            return False
        for piece, value, error in done:
            if error is None:
                piece.future.set_result(value)
            else:
                piece.future.set_exception(error)
        return True


def _in_savepoint(
    db: Connection, work: Callable[[Connection], Any]
) -> tuple[Any, Exception | None]:
    try:
        with db.begin_nested():
            return work(db), None
    except Exception as error:
        driver: Any = db.connection.driver_connection
        if not driver.in_transaction:
            raise _RolledBackError from error
        return None, error
