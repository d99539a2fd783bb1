"""Who makes calls that may hang: a thread, or another process.

A thread is quick to start, but while it hangs its process cannot end on every file system. A
process is forked where this one has a single thread, as at the beginning of a batch: a lock that
another thread held would stay locked in the fork for good. Elsewhere a new interpreter is started.

Calls and answers pass through a pair of sockets as frames: 8 bytes of length, then a pickle. Both
ends are this program, and no student code runs in either; what a stranger wrote passes as bytes.

A helper process has a session of its own, so that Ctrl-C does not reach it, and no descriptor but
its socket, so that it holds no lock and no pipe when it is left behind. It ends when its socket
does.
"""

import contextlib
import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, Protocol

Answer = tuple[object, Exception | None]
"""What a call returned, or what it raised."""

_LENGTH = 8
_GONE_S = 0.1
_NAME = "grader-reader"
"""In the list of processes."""

# -P: the working folder may hold submissions, and one of those may be called pickle.py.
_BOOT = """
import socket, sys
sys.path.append(sys.argv[1])
from grader.opening.helpers import serve
serve(socket.socket(fileno=int(sys.argv[2])))
"""


class NotYetError(Exception):
    """The call has not returned."""


class Helper(Protocol):
    """Makes one call after the other."""

    def ask(
        self,
        function: Callable[..., object],
        arguments: Sequence[object],
        named: Mapping[str, object],
    ) -> None:
        """Begin a call."""

    def answer(self, timeout: float) -> Answer:
        """Return what became of the call; raise NotYetError where it takes longer."""

    def leave(self) -> None:
        """Go on without it, whatever it does."""

    def end(self) -> None:
        """End it, while it does nothing."""


class HelperThread:
    """A thread of this process."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], object] | None] = (
            queue.SimpleQueue()
        )
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            self._answers.put(_made(call))
            del call

    def ask(
        self,
        function: Callable[..., object],
        arguments: Sequence[object],
        named: Mapping[str, object],
    ) -> None:
        """Begin a call."""
        self._calls.put(lambda: function(*arguments, **named))

    def answer(self, timeout: float) -> Answer:
        """Return what became of the call; raise NotYetError where it takes longer."""
        try:
            return self._answers.get(timeout=timeout)
        except queue.Empty:
            raise NotYetError from None

    def leave(self) -> None:
        """Go on without it; it ends once its call returns."""
        self._calls.put(None)

    def end(self) -> None:
        """End it."""
        self.leave()
        self._thread.join()


class HelperProcess:
    """Another process."""

    @staticmethod
    def is_possible() -> bool:
        """Return whether this system has what it takes."""
        return hasattr(os, "fork") and hasattr(socket, "AF_UNIX")

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = _start(theirs)
        self._received = b""

    def ask(
        self,
        function: Callable[..., object],
        arguments: Sequence[object],
        named: Mapping[str, object],
    ) -> None:
        """Begin a call."""
        with contextlib.suppress(OSError):
            _send(self._socket, (function, arguments, named))

    def answer(self, timeout: float) -> Answer:
        """Return what became of the call; raise NotYetError where it takes longer, or has died."""
        self._socket.settimeout(timeout)
        try:
            while (frame := self._frame()) is None:
                piece = self._socket.recv(1 << 20)
                if not piece:
                    raise NotYetError
                self._received += piece
        except OSError:
            raise NotYetError from None
        answer: Answer = pickle.loads(frame)  # noqa: S301 - of this program: see above
        return answer

    def _frame(self) -> bytes | None:
        length = int.from_bytes(self._received[:_LENGTH], "big")
        end = _LENGTH + length
        if len(self._received) < _LENGTH or len(self._received) < end:
            return None
        frame, self._received = (
            self._received[_LENGTH:end],
            self._received[end:],
        )
        return frame

    def leave(self) -> None:
        """Go on without it, and end it as far as that can be done."""
        self._socket.close()
        self._process.kill()
        # Where it can be killed it is gone in a moment, and does not stay as a zombie.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GONE_S)

    def end(self) -> None:
        """End it: at once, where it does not end by itself, since it was stopped or hangs."""
        self._socket.close()
        try:
            self._process.wait(_GONE_S)
        except subprocess.TimeoutExpired:
            self.leave()


def _made(call: Callable[[], object]) -> Answer:
    try:
        return call(), None
    except Exception as error:  # noqa: BLE001 - raised where it is waited for
        return None, error


# ---------------------------------------------------------------------------------- processes


class _Process(Protocol):
    """What is needed of a process: `subprocess.Popen` has it."""

    def kill(self) -> None:
        """End it at once."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raise TimeoutExpired where that takes longer."""


class _Fork:
    """A fork of this process."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raise TimeoutExpired where that takes longer."""
        deadline = time.monotonic() + (timeout or 0.0)
        while True:
            ended, status = os.waitpid(self._pid, os.WNOHANG if timeout else 0)
            if ended:
                return status
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a helper", timeout or 0.0)
            time.sleep(0.002)


def _start(theirs: socket.socket) -> _Process:
    """Start a process that serves at `theirs`."""
    if is_safe_to_fork():
        pid = os.fork()
        if pid == 0:
            _become_helper(theirs)
        return _Fork(pid)
    package = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _BOOT, str(package), str(theirs.fileno())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(theirs.fileno(),),
        start_new_session=True,
    )


def _become_helper(theirs: socket.socket) -> NoReturn:
    """Leave the owner's session, signals and descriptors behind, and serve."""
    status = 1
    with contextlib.suppress(BaseException):
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDWR)
        moved = os.dup(theirs.fileno())
        for target in (0, 1, 2):
            os.dup2(null, target)
        os.dup2(moved, 3)
        os.closerange(4, os.sysconf("SC_OPEN_MAX"))
        serve(socket.socket(fileno=3))
        status = 0
    os._exit(status)


def serve(ours: socket.socket) -> None:
    """Make the calls that come, until no more can come."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(_NAME, "ascii")
    stream = ours.makefile("rb")
    while True:
        head = stream.read(_LENGTH)
        if len(head) < _LENGTH:
            return
        frame = stream.read(int.from_bytes(head, "big"))
        function, arguments, named = pickle.loads(frame)  # noqa: S301 - of this program
        answer = _made(lambda: function(*arguments, **named))  # noqa: B023 - called at once
        _send(ours, answer)


def _send(end: socket.socket, what: Any) -> None:  # noqa: ANN401 - a call or an answer
    frame = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    end.settimeout(None)
    end.sendall(len(frame).to_bytes(_LENGTH, "big") + frame)


def is_safe_to_fork() -> bool:
    """Return whether this process has one thread, on a system that says so."""
    with contextlib.suppress(OSError, AttributeError):
        os.close(os.pidfd_open(os.getpid()))
        # A thread that was joined has left Python, and is about to leave the system.
        deadline = time.monotonic() + _GONE_S
        while _threads() > 1 and threading.active_count() == 1:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.001)
        return _threads() == 1
    return False


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - names are enough
