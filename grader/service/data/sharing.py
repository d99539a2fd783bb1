"""Lets threads that write at the same time share a transaction, so that the disk is awaited once.

Theory of operation. A transaction of SQLite has ended when the disk has it. That takes
milliseconds, and there is one writer at a time: so when a class hands in at once, each student
would wait for the disk after all the others. Here all work goes to one thread. When it gets its
turn, it does all that waits by then, each piece in a savepoint of its own, and commits once. Work
that raises is rolled back alone. Where the transaction as a whole fails, each piece is done again
in a transaction of its own, which shows whose fault it was.

Those who wait do not queue for the turn themselves: each of forty threads would have to be woken,
one after the other, only to find that its work is done. At a deadline that took most of the time.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy.engine import Connection

Answer = TypeVar("Answer")
Begin = Callable[[], AbstractContextManager[Connection]]


class Turn:
    """A lock that goes to a waiting thread first, even if its owner wants it back at once."""

    def __init__(self) -> None:
        self._is_next = threading.Lock()
        self._has_it = threading.Lock()

    def acquire(self, timeout_s: float = threading.TIMEOUT_MAX) -> bool:
        """Wait for one's turn; return whether it came in time."""
        until = time.monotonic() + timeout_s
        if not self._is_next.acquire(timeout=timeout_s):
            return False
        try:
            left = max(0.0, until - time.monotonic())
            return self._has_it.acquire(timeout=left)
        finally:
            self._is_next.release()

    def release(self) -> None:
        """Let somebody else have it."""
        self._has_it.release()


class _RolledBackError(Exception):
    """The database has rolled the whole transaction back, as SQLite does on a full disk."""


class _Piece(NamedTuple, Generic[Answer]):
    """Work that waits, and what becomes of it."""

    work: Callable[[Connection], Answer]
    future: "Future[Answer]"


class SharedWriting:
    """Work that waits for its turn, and the thread that does it."""

    def __init__(self, begin: Begin, turn: Turn) -> None:
        """Take what opens a transaction, and the turn without which nobody opens one."""
        self._begin = begin
        self._turn = turn
        self._waiting: queue.SimpleQueue[_Piece[Any] | None] = (
            queue.SimpleQueue()
        )
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, work: Callable[[Connection], Answer]) -> "Future[Answer]":
        """Let some work wait, and return what becomes of it.

        It may be done more than once, if a transaction fails, and is kept once at most. Work whose
        future is cancelled in time is not done.
        """
        future: Future[Answer] = Future()
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._do_all, name="writer", daemon=True
                )
                self._thread.start()
            self._waiting.put(_Piece(work, future))
        return future

    def close(self) -> None:
        """Do what waits, and end the thread. May be called again."""
        with self._starting:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._waiting.put(None)
                thread.join()

    def _do_all(self) -> None:
        while (first := self._waiting.get()) is not None:
            # Those who wait for the work give up when that takes too long.
            self._turn.acquire()
            try:
                goes_on = self._do_waiting(first)
            finally:
                self._turn.release()
            if not goes_on:
                return

    def _do_waiting(self, first: "_Piece[Any]") -> bool:
        """Do all that waits, while this thread has the turn; return whether more may come."""
        found: list[_Piece[Any] | None] = [first]
        with suppress(queue.Empty):
            while found[-1] is not None:
                found.append(self._waiting.get_nowait())
        pieces = [
            piece
            for piece in found
            if piece is not None and piece.future.set_running_or_notify_cancel()
        ]
        if len(pieces) < 2 or not self._do_together(pieces):  # noqa: PLR2004 - one shares nothing
            for piece in pieces:
                self._do_alone(piece)
        return found[-1] is not None

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
