"""Find the line in which a student's code is when its time is up.

Theory of operation. Nothing is watched while there is time left, so right solutions pay nothing.
When the time is up, the frames of the student's own that are being run are traced for some rounds:
which lines each one comes to, and whether it is left. The code is in the deepest frame that is not
left, and of nested loops in the innermost that holds all of these lines. One look at one line would
not tell them apart: a `while` that never ends may hold a `for` that always does.

In a worker the grader asks by a signal (`answer_when_asked`), just before it kills the process.
Code that does not come back to Python, such as one long call of NumPy, cannot answer, and then no
line is named. In a notebook `check` starts the watch.

The answer is a stranger's word, like all that a worker sends: it is shown, and decides nothing.
"""

import contextlib
import signal
import sys
import time
import types
from collections.abc import Callable, Mapping
from typing import Any

from grader.confined import frames

Json = dict[str, Any]
CellOf = Callable[[str], int | None]
"""Returns the cell of a file of the student's own, None for a file without cells; or KeyError."""
Done = Callable[[Json | None], object]

ASKING = getattr(signal, "SIGURG", None)
"""The signal that asks a worker where it is. A process without a handler ignores it."""

_EVENTS = 4000
_OWN_S = 0.02
"""Of the thread's processor time: a busy machine may keep the code waiting for longer than that."""
_LONGEST_S = 0.25
"""By the clock. So long is waited for code that sleeps."""
_LINES = 64
_FRAMES = 50
_DEEPEST = 5000


class Watch:
    """Traces the frames of the student's own for some rounds, and then tells where they are."""

    def __init__(
        self, frame: types.FrameType | None, cell_of: CellOf, done: Done
    ) -> None:
        """Take the frame that is being run, and what is to be called in the end.

        It gets the fields `lines` and `cell`, or None where no code of the student's is being run.
        """
        self._done = done
        self.is_open = True
        self._lines: dict[types.FrameType, set[int]] = {}
        self._cells: dict[types.FrameType, int | None] = {}
        self._left: set[types.FrameType] = set()
        self._events = 0
        for _ in range(_DEEPEST):
            if frame is None or len(self._lines) == _FRAMES:
                break
            with contextlib.suppress(KeyError):
                self._cells[frame] = cell_of(frame.f_code.co_filename)
                self._lines[frame] = {frame.f_lineno}
            frame = frame.f_back
        self._until = _own_time() + _OWN_S
        self._latest = time.monotonic() + _LONGEST_S

    def begin(self) -> None:
        """Trace from now on; `end` is called by itself, except where no Python code is run."""
        if not self._lines:
            self.end()
            return
        for frame in self._lines:
            frame.f_trace = self._trace
        sys.settrace(self._count)

    def look(self) -> None:
        """End it if it has lasted too long, as where no line is run because the code sleeps."""
        if time.monotonic() >= self._latest:
            self.end()

    def end(self) -> None:
        """Stop tracing, and tell."""
        self.is_open = False
        sys.settrace(None)
        for frame in self._lines:
            frame.f_trace = None
        done, self._done = self._done, _nothing
        done(self._found())

    def _found(self) -> Json | None:
        # A frame that ran inside the student's own trace function is never told as left.
        still = _stack(sys._getframe())  # noqa: SLF001 - the way to the frames of callers
        for frame, lines in self._lines.items():
            if frame in still and frame not in self._left:
                first = sorted(lines)[:_LINES]
                return {"lines": first, "cell": self._cells[frame]}
        return None

    def _count(self, *_: object) -> None:
        """Take note of a call; what is called is not looked at."""
        self._events += 1
        if self._events >= _EVENTS or _own_time() >= self._until:
            self.end()
        else:
            self.look()

    def _trace(self, frame: types.FrameType, event: str, _: object) -> object:
        if event == "line" and frame in self._lines:
            self._lines[frame].add(frame.f_lineno)
        elif event == "return":
            self._left.add(frame)
        self._count()
        return self._trace


def _own_time() -> float:
    """Return the processor time of this thread; the time where there is no such clock."""
    try:
        return time.thread_time()
    except (AttributeError, OSError):  # in a browser
        return time.monotonic()


def _stack(frame: types.FrameType | None) -> set[types.FrameType]:
    """Return a frame and its callers."""
    found: set[types.FrameType] = set()
    while frame is not None and len(found) < _DEEPEST:
        found.add(frame)
        frame = frame.f_back
    return found


def _nothing(*_: object) -> None:
    """Do nothing: the end has been reported already."""


def cells_of(cells: Mapping[str, int | None]) -> CellOf:
    """Return what looks files up in a mapping such as `describe_exception` takes."""
    return cells.__getitem__


class _Asked:
    """How this process answers the grader's signal; the template has no answer."""

    is_expected: bool = False
    """Whether this process, or the template that it is a fork of, waits for the signal."""
    send: Callable[[bytes], None] | None = None
    cell_of: CellOf | None = None


def listen() -> None:
    """Wait for the grader's signal, where there are signals; a worker inherits this by its fork."""
    if ASKING is None or _Asked.is_expected:
        return
    # Only the main thread may set it, and where it cannot be set there is no answer.
    with contextlib.suppress(ValueError, OSError):
        signal.signal(ASKING, _answer)
        _Asked.is_expected = True


def answer_when_asked(send: Callable[[bytes], None], cell_of: CellOf) -> None:
    """Let this process answer the grader's signal with one frame."""
    listen()
    _Asked.send, _Asked.cell_of = send, cell_of


def _answer(_number: int, frame: types.FrameType | None) -> None:
    send, cell_of = _Asked.send, _Asked.cell_of
    if send is None or cell_of is None:
        return

    def tell(found: Json | None) -> None:
        if found is not None:
            send(frames.pack_frame({"op": "still", "token": "", **found}))

    # The student's code may have left no stack to run this on. It is about to be killed.
    with contextlib.suppress(BaseException):
        watch = Watch(frame, cell_of, tell)
        # Code that sleeps runs no line: a second signal ends the watch there.
        signal.signal(signal.SIGALRM, lambda *_: watch.end())
        signal.setitimer(signal.ITIMER_REAL, _LONGEST_S)
        watch.begin()
