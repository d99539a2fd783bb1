"""A clock for a browser, where Python has neither timers nor threads: the code itself looks at it.

Each round of a loop and each call is an event of `sys.monitoring` (PEP 669, since Python 3.12, so
in every Python that runs in a browser). An exception that such an event raises is one of the code's
own, and the events go on: `sys.settrace` would be switched off by the first one that the code
catches. A call that stays inside C, such as one long product of NumPy's, has no such events.
"""

import sys
import time
import types
from collections.abc import Callable, Container
from typing import Any, Final

_TOOLS: Final = (3, 4, 1)
"""Numbers for tools (there are six), those first that have no name: a debugger has 0."""
_NAME: Final = "grader"

Ring = Callable[[int, types.FrameType | None], object]
"""Is called as a signal's handler is; the number is 0."""


class Clock:
    """Calls `ring` from the code that runs once the time is over, and again after each `again`."""

    def __init__(
        self, seconds: float, again: float, own: Container[str], ring: Ring
    ) -> None:
        """Take the names of the files whose code looks at the clock: the student's own."""
        self._seconds = seconds
        self._again = again
        self._own = own
        self._ring = ring
        self._until = 0.0
        self._tool: int | None = None
        # Not known to the types of Python 3.11, which has none.
        self._monitoring: Any = getattr(sys, "monitoring", None)

    def start(self) -> None:
        """Look at the clock from now on; nothing happens where no tool is free."""
        monitoring = self._monitoring
        if monitoring is None:
            return
        free = [tool for tool in _TOOLS if monitoring.get_tool(tool) is None]
        if not free:
            return
        self._tool = free[0]
        self._until = time.monotonic() + self._seconds
        monitoring.use_tool_id(self._tool, _NAME)
        events = monitoring.events.JUMP | monitoring.events.PY_START
        for event in (monitoring.events.JUMP, monitoring.events.PY_START):
            monitoring.register_callback(self._tool, event, self._look)
        monitoring.set_events(self._tool, events)

    def stop(self) -> None:
        """Look no more."""
        if self._tool is None:
            return
        events = self._monitoring.events
        self._monitoring.set_events(self._tool, events.NO_EVENTS)
        for event in (events.JUMP, events.PY_START):
            self._monitoring.register_callback(self._tool, event, None)
        self._monitoring.free_tool_id(self._tool)
        self._tool = None

    def _look(self, code: types.CodeType, *_: object) -> None:
        if code.co_filename in self._own and time.monotonic() >= self._until:
            self._until = time.monotonic() + self._again
            self._ring(0, sys._getframe(1))  # noqa: SLF001 - there is no other way
