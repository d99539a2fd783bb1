"""Waiting for a file system that may hang: in a thread, which is left behind if it does."""

import queue
import threading
import time
from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")

_PATIENCE_S = 10.0
"""For one file or folder; a slow network file system takes less than one."""
_LESS_PATIENCE_S = 1.0
"""Once one has hung: another file of that file system probably hangs too."""
_MOST_HUNG = 5
"""In a row; then nothing is tried any more."""
_POLL_S = 0.1


class UnreadableError(Exception):
    """The file or folder is not read; the text says why: `it is gone`."""


class StoppedError(Exception):
    """Whoever waits was told to stop."""


class Patience:
    """Waits for file systems in a thread of its own, which is left behind where one hangs."""

    def __init__(self, stopped: Callable[[], bool] | None = None) -> None:
        self._stopped = stopped
        self._hung = 0
        """Calls in a row that did not return."""
        self._helper: _Helper | None = None

    def check(self) -> None:
        """Raise StoppedError if whoever waits was told to stop."""
        if self._stopped is not None and self._stopped():
            raise StoppedError

    def wait_for(self, action: Callable[[], T]) -> T:
        """Return what `action` returns.

        Raises UnreadableError where it hangs, and StoppedError when told to stop.
        """
        self.check()
        if self._hung >= _MOST_HUNG:
            raise UnreadableError("its file system does not answer")
        if self._helper is None:
            self._helper = _Helper()
        deadline = time.monotonic() + (_LESS_PATIENCE_S if self._hung else _PATIENCE_S)
        self._helper.requests.put(action)
        while True:
            try:
                result, error = self._helper.answers.get(timeout=_POLL_S)
                break
            except queue.Empty:
                self._give_up(deadline)
        self._hung = 0
        if error is not None:
            raise error
        return cast("T", result)

    def _give_up(self, deadline: float) -> None:
        """Leave the thread behind if it is time to."""
        try:
            self.check()
        except StoppedError:
            self._helper = None
            raise
        if time.monotonic() > deadline:
            self._hung += 1
            self._helper = None
            raise UnreadableError("its file system does not answer")

    def rest(self) -> None:
        """End the thread, as before a fork; the next call starts another."""
        if self._helper is not None:
            self._helper.requests.put(None)
            self._helper.thread.join()
            self._helper = None

    def __del__(self) -> None:
        """Let the thread end."""
        if self._helper is not None:
            self._helper.requests.put(None)


class _Helper:
    """A thread that does one thing after the other."""

    def __init__(self) -> None:
        self.requests: queue.SimpleQueue[Callable[[], object] | None] = (
            queue.SimpleQueue()
        )
        self.answers: queue.SimpleQueue[tuple[object, BaseException | None]] = (
            queue.SimpleQueue()
        )
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while (action := self.requests.get()) is not None:
            try:
                self.answers.put((action(), None))
            except Exception as error:  # noqa: BLE001 - raised where it is waited for
                self.answers.put((None, error))
            del action
