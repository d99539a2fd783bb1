"""Ctrl-C and SIGTERM are noticed, not obeyed at once, so that finished work is kept."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any, Self

from grader.opening import StoppedError

_LAST_MOMENTS_S = 0.5
"""For finding what an earlier run has finished; a stopped batch ends within 2 s."""


_ASKED_S = 1.0
"""How long work in progress has to notice the signal before it is interrupted, in seconds."""


class Stop:
    """Remembers the first signal; the second one acts as it would have without this."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._since = 0.0
        """When it came."""
        self._before: dict[int, Any] = {}
        self._at_once = False
        """Whether there is nothing yet that could be kept."""
        self._interrupt: threading.Timer | None = None

    def __enter__(self) -> Self:
        """Take the signals over, which only the main thread may do.

        A batch in another thread is stopped by the code that runs it.
        """
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._notice)
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the handlers."""
        self._restore()

    def is_set(self) -> bool:
        """Return whether the batch should end."""
        return self.signal is not None

    def is_over(self) -> bool:
        """Return whether nothing more may be read, not even to see that it is unchanged."""
        return (
            self.is_set() and time.monotonic() - self._since > _LAST_MOMENTS_S
        )

    @contextlib.contextmanager
    def obeyed(self) -> Iterator[None]:
        """Obey a signal at once where there is nothing yet that could be kept.

        Code that waits for files is told to stop, and cleans up. Code that computes does not
        notice, so the same signal interrupts it a little later.
        """
        self._at_once = True
        try:
            yield
        except StoppedError:
            if self.signal is not None:
                signal.raise_signal(self.signal)
            raise
        finally:
            self._at_once = False
            if self._interrupt is not None:
                self._interrupt.cancel()

    def _notice(self, number: int, _frame: FrameType | None) -> None:
        self._since = time.monotonic()
        self.signal = number
        self._restore()
        if self._at_once:
            again = (os.getpid(), number)
            self._interrupt = threading.Timer(_ASKED_S, os.kill, again)
            self._interrupt.daemon = True
            self._interrupt.start()

    def _restore(self) -> None:
        while self._before:
            number, handler = self._before.popitem()
            signal.signal(number, handler)
