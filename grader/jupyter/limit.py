"""A limit for one call in a student's own kernel: what never ends is ended, and its line shown.

Nothing is watched while there is time left. A timer rings when it is over; the code is then watched
for some rounds (`confined.watching`), and an exception ends it. It is raised again until the call
has ended, since the code may catch it: in the body of a `try`, and in the line below its `except`.
In a browser there are no timers and no threads, so there the code looks at a clock (`clock.py`).
"""

import _thread
import contextlib
import functools
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from grader.confined import watching
from grader.jupyter.clock import Clock
from grader.model import Still

_AGAIN_S: Final = 0.05
_HAS_TIMERS: Final = hasattr(signal, "setitimer")
_ALARM: Final[int] = getattr(
    signal, "SIGALRM", getattr(signal, "SIGBREAK", signal.SIGINT)
)


class TimeIsUp(BaseException):
    """Ends a call in a student's own kernel; no `except Exception` catches it."""


class Limit:
    """Ends calls that take too long; `passed` says whether the last one did, `still` where.

    Only the main thread can be limited, and in a browser only what runs Python code.
    """

    def __init__(self, cells: Mapping[str, int | None]) -> None:
        """Take the student's own source as tracebacks name it: file name -> number of the cell."""
        self.passed = False
        self.still: Still | None = None
        self._cell_of = watching.cells_of(cells)
        self._cells = cells
        self._watch: watching.Watch | None = None
        self._is_open = False

    @contextlib.contextmanager
    def of(self, seconds: float) -> Iterator[None]:
        """End what runs in this block after so many seconds."""
        self.passed, self.still, self._watch = False, None, None
        traced = sys.gettrace()
        try:
            before = signal.signal(_ALARM, self._ring)
        except ValueError:  # not the main thread
            yield
            return
        self._is_open = True
        stop = self._start(seconds)
        try:
            yield
        except TimeIsUp:
            self.passed = True
        finally:
            self._is_open = False
            stop()
            signal.signal(_ALARM, before)
            if self._watch is not None:
                sys.settrace(traced)

    def _start(self, seconds: float) -> Callable[[], object]:
        """Start what rings when the time is over, and return what stops it."""
        if _HAS_TIMERS:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            return functools.partial(signal.setitimer, signal.ITIMER_REAL, 0)
        timer = threading.Timer(seconds, _thread.interrupt_main, [_ALARM])
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # no threads in a browser
            clock = Clock(seconds, _AGAIN_S, self._cells, self._ring)
            clock.start()
            return clock.stop
        return timer.cancel

    def _ring(self, _number: int, frame: types.FrameType | None) -> None:
        if not self._is_open:
            return  # it has just returned
        self.passed = True
        if self._watch is None:
            if _HAS_TIMERS:
                signal.setitimer(signal.ITIMER_REAL, _AGAIN_S, _AGAIN_S)
            self._watch = watching.Watch(frame, self._cell_of, self._end)
            self._watch.begin()
        elif self.still is None:
            self._watch.look()  # it may sleep, and run no line
        self._raise(frame)

    def _end(self, found: dict[str, Any] | None) -> None:
        """Keep where the code is, as the watch tells, and end it."""
        if found is not None:
            self.still = Still(lines=tuple(found["lines"]), cell=found["cell"])
        self._raise(sys._getframe())  # noqa: SLF001 - there is no other way

    def _raise(self, frame: types.FrameType | None) -> None:
        if self._watch is None or not self._is_open:
            return
        if self.still is None and self._watch.is_open:
            return  # it is still watched
        while frame is not None:
            if frame.f_code.co_filename in self._cells:
                frame.f_trace = _raise_in_line
            frame = frame.f_back
        sys.settrace(_no_trace)
        raise TimeIsUp


def _no_trace(*_: object) -> None:
    """Trace no new frame."""


def _raise_in_line(_frame: types.FrameType, event: str, _: object) -> object:
    """Raise in the line that comes next: where the exception was caught, below its `except`."""
    if event == "line":
        raise TimeIsUp
    return _raise_in_line
