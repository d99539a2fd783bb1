"""Workers without a fork server: a new interpreter for each, and threads in place of `poll`.

Nothing here needs Linux. The frames, the clock and the verdicts are the same; what is missing is
confinement, and the report says so.
"""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO

import msgspec

from grader.confined import frames, scratch, watching
from grader.errors import GraderError
from grader.execution import given_files, wire
from grader.execution.contracts import (
    LAST_WORDS_S,
    Ended,
    excess,
    nothing,
    processor_time,
)
from grader.execution.given_files import Files
from grader.execution.interactive import Demotion
from grader.execution.launch import environment, interpreter
from grader.model import Limits

_WATCH_S = 0.05
_CHUNK = 1 << 16
_QUEUED = 16
_DEATH_S = 30.0
_LAST_WORDS_S = 1.0


class FreshWorkers:
    """Starts a process for every worker."""

    mechanisms: tuple[str, ...] = ("fresh-process",)
    missing: tuple[str, ...] = (
        "the fork server, Landlock and seccomp: they need Linux 5.3 or later",
    )

    def __init__(
        self,
        limits: Limits,
        *,
        kernel: dict[str, object] | None = None,
        files: Files | None = None,
    ) -> None:
        """Take the limits, and for workers that are kernels what `kernel.prepare` needs.

        `files` are what workers can read where they work, by name.
        """
        self._limits = limits
        self._kernel = kernel
        self._files = files or {}
        try:
            self._root = tempfile.mkdtemp(prefix="grader-")
        except OSError as error:
            raise GraderError(
                f"cannot make a scratch folder: {error.strerror}"
            ) from error
        self.outside = os.path.join(self._root, "outside")  # noqa: PTH118 - a string for the probe

    def worker(self, demotion: Demotion | None = None) -> "FreshWorker":
        """Start a worker; GraderError where the machine cannot. There is no way to lower it."""
        del demotion
        try:
            return FreshWorker(
                tempfile.mkdtemp(dir=self._root),
                self._limits,
                self._kernel,
                self._files,
            )
        except OSError as error:
            raise GraderError(
                f"cannot start a worker: {error.strerror}"
            ) from error

    def prepare(self) -> None:
        """Do nothing: an interpreter that starts would slow down the one that runs."""

    def hang_up(self) -> None:
        """Do nothing: each worker has ended when its submission has."""

    def close(self) -> None:
        """Remove what is left of the scratch folders."""
        scratch.remove(self._root)
        shutil.rmtree(self._root, ignore_errors=True)


class FreshWorker:
    """One worker process: asked one thing at a time, and never trusted."""

    def __init__(
        self,
        folder: str,
        limits: Limits,
        kernel: dict[str, object] | None = None,
        files: Files | None = None,
    ) -> None:
        self._folder = folder
        self._limits = limits
        self._files = files or {}
        settings = {
            "scratch": folder,
            "cpu_s": processor_time(limits, kernel=kernel is not None),
            "kernel": kernel,
            "limits": msgspec.to_builtins(limits),
        }
        self._process = subprocess.Popen(
            interpreter("fresh", json.dumps(settings)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=environment(),
            cwd=folder,
            start_new_session=True,
        )
        self._chunks: queue.Queue[bytes] = queue.Queue(_QUEUED)
        self._received = bytearray()
        self._kept = bytearray()
        self._ready = False
        self._open = True
        self._threads = [
            self._start(self._read_replies),
            self._start(self._read_output),
        ]

    @property
    def output(self) -> bytes:
        """The first `output_kb` that were written to standard output and error."""
        return bytes(self._kept)

    def ask(
        self,
        frame: bytes,
        seconds: float,
        meanwhile: Callable[[], object] = nothing,
    ) -> bytes | Ended:
        """Send a frame and return the frame that comes back in time, or an `Ended`."""
        if self._ready and (self._received or not self._chunks.empty()):
            return self._unasked()
        given_files.restore(self._folder, self._files)
        # In a thread: a worker that does not read would hold up the clock.
        self._start(self._write, frame)
        meanwhile()
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                words = self._last_words()
                return self._end(Ended(kind="timed_out", last_words=words))
            answer = self._wait(min(left, _WATCH_S), deadline)
            if answer is not None:
                return answer

    def _wait(self, seconds: float, deadline: float) -> bytes | Ended | None:
        """Wait for the next piece of the answer; None while there must be more."""
        try:
            chunk = self._chunks.get(timeout=seconds)
        except queue.Empty:
            reason = excess(self._folder, self._limits)
            return (
                self._end(Ended(kind="crashed", reason=reason))
                if reason
                else None
            )
        if not chunk:
            return self._autopsy(deadline)
        self._received += chunk
        answer = self._take()
        return self._end(answer) if isinstance(answer, Ended) else answer

    def close(self) -> None:
        """Kill it if it lives, and remove its scratch folder."""
        if self._open:
            self._end(Ended(kind="crashed"))

    # ------------------------------------------------------------------------ threads

    def _start(
        self, work: Callable[..., None], *arguments: object
    ) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        return thread

    def _write(self, frame: bytes) -> None:
        view, pipe = memoryview(frame), _open(self._process.stdin)
        # ValueError: the pipe was closed, because the worker's time is over.
        with contextlib.suppress(OSError, ValueError):
            while view:
                view = view[pipe.write(view) :]

    def _read_replies(self) -> None:
        """Hand on what comes; the queue is short, so a flood waits in the pipe, not in memory."""
        pipe = _open(self._process.stdout)
        with contextlib.suppress(OSError, ValueError):
            while chunk := pipe.read(_CHUNK):
                self._chunks.put(chunk)
        self._chunks.put(b"")

    def _read_output(self) -> None:
        pipe = _open(self._process.stderr)
        with contextlib.suppress(OSError, ValueError):
            while chunk := pipe.read(_CHUNK):
                room = self._limits.output_kb * 1024 - len(self._kept)
                self._kept += chunk[: max(0, room)]

    # ------------------------------------------------------------------------ answers

    def _take(self) -> bytes | Ended | None:
        if not self._ready:
            if self._received[:1] != frames.READY:
                return Ended(
                    kind="grader_error",
                    reason="a worker did not start as it should",
                )
            self._ready = True
            del self._received[:1]
        if len(self._received) < frames.PREFIX.size:
            return None
        size = wire.length(bytes(self._received[: frames.PREFIX.size]))
        if isinstance(size, wire.Unreadable):
            return Ended(kind="invalid_output", reason=size.reason)
        if len(self._received) < size:
            return None
        frame = bytes(self._received[:size])
        del self._received[:size]
        return frame

    def _last_words(self) -> bytes:
        """Ask a worker whose time is over in which line it is, and return its answer, if any."""
        if watching.ASKING is None or not self._ready:
            return b""
        self._process.send_signal(watching.ASKING)
        until = time.monotonic() + LAST_WORDS_S
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                self._received += self._chunks.get(timeout=left)
            answer = self._take()
            if answer is not None:
                return answer if isinstance(answer, bytes) else b""
        return b""

    def _unasked(self) -> Ended:
        """Return why a worker wrote something, or hung up, between two questions."""
        if not self._received and self._process.poll() is not None:
            return self._autopsy(time.monotonic())
        return self._end(
            Ended(
                kind="invalid_output",
                reason="something was written to the grader's pipe unasked",
            )
        )

    def _autopsy(self, deadline: float) -> Ended:
        """Return why a worker closed its pipe; it may live on without it until the deadline."""
        try:
            code = self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return self._end(Ended(kind="timed_out"))
        if not self._ready:
            return self._end(
                Ended(
                    kind="grader_error",
                    reason=f"a worker ended with status {code} before it began",
                )
            )
        return self._end(
            Ended(kind="crashed", signal=-code)
            if code < 0
            else Ended(kind="crashed", exit_code=code)
        )

    def _end(self, ended: Ended) -> Ended:
        self._open = False
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        try:
            self._process.wait(_DEATH_S)
        except subprocess.TimeoutExpired as error:
            raise GraderError(
                "a worker does not end when it is killed"
            ) from error
        self._drain()
        scratch.remove(self._folder)
        return ended

    def _drain(self) -> None:
        """Let the threads end.

        They may be waiting for room in the queue, or for a pipe that a grandchild holds.
        """
        until = time.monotonic() + _LAST_WORDS_S
        while (
            any(thread.is_alive() for thread in self._threads)
            and time.monotonic() < until
        ):
            with contextlib.suppress(queue.Empty):
                self._chunks.get(timeout=0.01)
        if any(thread.is_alive() for thread in self._threads):
            return
        process = self._process
        for pipe in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(OSError):
                _open(pipe).close()


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise GraderError("a worker has no pipe")
    return pipe
