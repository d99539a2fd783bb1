"""Ctrl-C and SIGTERM: noticed, not obeyed at once, so that what is done is kept and told."""

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
        """Take the signals over; only the main thread may, so a batch in another thread is stopped by its owner."""
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
        """Give them back."""
        self._give_back()

    def is_set(self) -> bool:
        """Tell whether the batch should end."""
        return self.signal is not None

    def _notice(self, number: int, _frame: FrameType | None) -> None:
        self.signal = number
        self._give_back()

    def _give_back(self) -> None:
        while self._before:
            number, handler = self._before.popitem()
            signal.signal(number, handler)
