"""Ctrl-C and SIGTERM are noticed, not obeyed at once, so that finished work is kept."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self


class Stop:
    """Remembers the first signal; the second one acts as it would have without this."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Take the signals over, which only the main thread may do.

        A batch in another thread is stopped by whoever runs it.
        """
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._notice)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Restore the handlers."""
        self._restore()

    def is_set(self) -> bool:
        """Return whether the batch should end."""
        return self.signal is not None

    def _notice(self, number: int, _frame: FrameType | None) -> None:
        self.signal = number
        self._restore()

    def _restore(self) -> None:
        while self._before:
            number, handler = self._before.popitem()
            signal.signal(number, handler)
