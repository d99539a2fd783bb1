"""The grading process as the web process sees it: tasks in, answers out, and its death.

Grading is what takes a service most of its time, in many small steps between a hundred waits for
a worker. Python lets one thread of a process compute at a time. Done beside the web process, these
steps hold up neither a request nor the thread that writes to the database.
"""

import contextlib
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from io import BufferedRWPair
from pathlib import Path
from typing import IO, Final, cast

import grader
from grader.cases import SECRET_VARIABLE
from grader.framed import send
from grader.service.graders.messages import (
    Answer,
    Lowered,
    Refusal,
    Setup,
    Task,
    receive_answer,
)

_PATIENCE_S: Final = 10.0
"""How long it may take to end its templates."""

# -P: the working folder may hold anything, such as a numpy.py.
# The package's own place comes last on the path, for a checkout that is not installed.
_BOOT: Final = """
import sys
sys.path.append(sys.argv[1])
from grader.startup import settle
settle()
from grader.service.graders.grading_process import main
main(int(sys.argv[2]))
"""


class OwnedProcess:
    """A grading process and the channels to it, for any number of threads."""

    def __init__(self, setup: Setup) -> None:
        self._idle: deque[BufferedRWPair] = deque()
        self._control, theirs = socket.socketpair()
        package = Path(grader.__file__).resolve().parents[1]
        environment = dict(os.environ)
        environment.pop(SECRET_VARIABLE, None)
        descriptor = theirs.fileno()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT, package, str(descriptor)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env=environment,
                pass_fds=(descriptor,),
                # Ctrl-C reaches its owner alone. Not a session: Linux shares processors out by
                # session, and lowered workers would take half of one from the web process.
                process_group=0,
            )
        # One that has died already is noticed when it is asked.
        with contextlib.suppress(BrokenPipeError):
            stdin = cast("IO[bytes]", self._process.stdin)
            with stdin:
                send(stdin, setup)

    def ask(
        self, task: Task, when_lowered: Callable[[], object]
    ) -> Answer | Refusal:
        """Have one thing done, and wait for it; EOFError or OSError where the process has ended.

        `when_lowered` is called in this thread as soon as the workers are lowered.
        """
        channel = self._channel()
        try:
            send(channel, task)
            while isinstance(answer := receive_answer(channel), Lowered):
                when_lowered()
        except BaseException:
            with contextlib.suppress(OSError):  # what was not sent is lost
                channel.close()
            raise
        self._idle.append(channel)
        return answer

    def end(self, patience_s: float = _PATIENCE_S) -> None:
        """Let it end its templates, then end it; threads that wait get `EOFError` or `OSError`."""
        self._control.close()
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        while self._idle:
            self._idle.pop().close()

    def _channel(self) -> BufferedRWPair:
        """Return the channel that was used last, or a new one where all are in use."""
        with contextlib.suppress(IndexError):
            return self._idle.pop()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            socket.send_fds(self._control, [b"\0"], [theirs.fileno()])
            return ours.makefile("rwb")
