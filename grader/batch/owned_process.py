"""One grading process as the owner of the batch sees it: tasks in, answers out, and its death."""

import collections
import contextlib
import queue
import subprocess
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import msgspec

from grader.batch.messages import (
    Answer,
    Hello,
    Result,
    Setup,
    Task,
    receive_answer,
)
from grader.batch.starting import start
from grader.framed import send

if TYPE_CHECKING:
    from grader.model import Isolation

_LAST_WORDS_S = 2.0
_LAST_BYTES = 2000
"""The end of a log in which the last line is looked for."""

Answers = queue.SimpleQueue[tuple["OwnedProcess", Answer | None]]
"""Who answered, and what; None once the process has closed its output."""


class OwnedProcess:
    """A grading process, the tasks that it has been given, and its log."""

    def __init__(self, setup: Setup, log: Path, cpu: int | None) -> None:
        self.log = log
        self.cpu = cpu
        self.tasks: collections.deque[Task] = collections.deque()
        self.since = time.monotonic()
        """When it last began a task or answered."""
        self.isolation: Isolation | None = None
        """None until it has said that it is warm."""
        self._process = start(log, cpu)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        self._stdin = cast("IO[bytes]", self._process.stdin)
        with contextlib.suppress(BrokenPipeError):
            send(self._stdin, setup)

    def give(self, task: Task) -> None:
        """Hand over one task; a dead process is noticed when its answer is awaited."""
        if not self.tasks:
            self.since = time.monotonic()
        self.tasks.append(task)
        with contextlib.suppress(BrokenPipeError):
            send(self._stdin, task)

    def read(self, answers: Answers) -> None:
        """Put every answer into the queue, and None at the end; the body of its thread."""
        with contextlib.suppress(
            EOFError, ValueError, OSError, msgspec.DecodeError
        ):
            while True:
                answers.put((self, receive_answer(self._stdout)))
        self._stdout.close()
        answers.put((self, None))

    def note(self, answer: Hello | Result) -> None:
        """Remember what an answer says about the process."""
        if isinstance(answer, Hello):
            self.isolation = answer.isolation
        self.since = time.monotonic()

    def last_words(self) -> str:
        """Return how it ended, and the last line that it wrote."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            # Its output is closed, so it is about to end; only one that does not gets the signal.
            self._process.wait(_LAST_WORDS_S)
        self._process.kill()
        status = self._process.wait()
        ending = f"ended with status {status}"
        if status < 0:
            ending = f"was ended by signal {-status}"
        line = self._last_line()
        return f"the grading process {ending}" + (f": {line}" if line else "")

    def _last_line(self) -> str:
        with contextlib.suppress(OSError), self.log.open("rb") as stderr:
            stderr.seek(max(0, self.log.stat().st_size - _LAST_BYTES))
            for line in reversed(
                stderr.read().decode("utf-8", "replace").split("\n")
            ):
                if line.strip():
                    return line.strip()
        return ""

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def hang_up(self) -> None:
        """Close its input; it ends what it is doing, and its template."""
        with contextlib.suppress(OSError):
            self._stdin.close()

    def wait(self, deadline: float) -> None:
        """Wait for its end, and kill it at `deadline`; an empty log is removed."""
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError):
            if self.log.stat().st_size == 0:
                self.log.unlink()
