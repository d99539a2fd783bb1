"""The clock: one question to a worker, and whatever becomes of it until the deadline. Linux only.

The trusted side waits on three things at once: the worker's socket, its output pipe, and its pidfd.
So a flood of output is drained while an answer is awaited, a death is seen when it happens, and at
the deadline there is SIGKILL, which nobody can catch, postpone or disable. What a worker is said to
have died of is what the kernel says: the status and the resource usage that `wait4` gives, and
whether the SIGKILL was ours.
"""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable

from grader.confined import frames
from grader.execution import wire
from grader.execution.contracts import Ended, excess, nothing
from grader.execution.settings import Death, Spawned, TemplateLost
from grader.execution.template import Template

_WATCH_S = 0.05
_DEATH_S = 30.0
_CHUNK = 1 << 16
_MAX_THREADS = 64
_MEMORY_EVIDENCE = 0.5
"""A SIGKILL that is not ours comes from the kernel's want of memory if this part of the allowed memory was in use."""


class Worker:
    """One forked worker: asked one thing at a time, and never trusted."""

    def __init__(self, template: Template, spawned: Spawned) -> None:
        self._template = template
        self._spawned = spawned
        self._limits = template.settings.limits
        self._socket = spawned.socket
        self._poll = select.poll()
        self._poll.register(spawned.socket, select.POLLIN)
        self._poll.register(spawned.output, select.POLLIN)
        self._poll.register(spawned.pidfd, select.POLLIN)
        self._received = bytearray()
        self._kept = bytearray()
        self._ready = False
        self._open = True
        self._hung_up = False
        self._writing = False

    @property
    def output(self) -> bytes:
        """The first `output_kb` that were written to standard output and error."""
        return bytes(self._kept)

    def ask(
        self, frame: bytes, seconds: float, meanwhile: Callable[[], object] = nothing
    ) -> bytes | Ended:
        """Send a frame and give the frame that comes back within the seconds; after an `Ended` the worker is gone.

        `meanwhile` is called in between, and the seconds begin after it.

        TemplateLost when the worker's end has nothing to do with the code that it ran.
        """
        # What was written unasked is not looked for here: it is read in the answer's place, and
        # lacks the token.
        pending = self._write(memoryview(frame))
        meanwhile()
        now = time.monotonic()
        deadline, watch = now + seconds, now + _WATCH_S
        while True:
            dead = self._wait(min(watch, deadline) - now, writing=bool(pending))
            answer = self._take()
            if answer is not None:
                return self._end(answer) if isinstance(answer, Ended) else answer
            if dead:
                return self._autopsy()
            now = time.monotonic()
            if now >= deadline:
                return self._end(Ended(kind="timed_out"))
            if now >= watch:
                watch = now + _WATCH_S
                if reason := self._excess():
                    return self._end(Ended(kind="crashed", reason=reason))
            pending = self._write(pending)

    def close(self, *, wait: bool = False) -> None:
        """Kill it if it lives; it is reaped, and its scratch folder emptied, before another one gets that folder.

        With `wait` all of that has happened when this returns.
        """
        if not self._open:
            return
        self._open = False
        while self._read_output():
            pass
        self._kill()
        if self._template.found().seccomp and not wait:
            # Its death takes 1 ms, in which there is other work.
            self._template.bury_later(self._spawned)
        else:
            # It may have left other processes, which must be found before another worker is given.
            with contextlib.suppress(TemplateLost):
                self._bury()

    # -------------------------------------------------------------------------------------------- the three descriptors

    def _write(self, pending: memoryview) -> memoryview:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while pending:
                pending = pending[self._socket.send(pending) :]
        return pending

    def _wait(self, seconds: float, *, writing: bool) -> bool:
        """Wait until something happens, take in what came, and say whether the worker is dead."""
        if writing is not self._writing and not self._hung_up:
            self._writing = writing
            self._poll.modify(
                self._socket, select.POLLIN | (select.POLLOUT if writing else 0)
            )
        dead = False
        # Rounded up: a wait of less than a millisecond would otherwise be none, over and over.
        for fd, event in self._poll.poll(int(seconds * 1000) + 1):
            if fd == self._spawned.output:
                if not self._read_output() and event & select.POLLHUP:
                    self._poll.unregister(fd)  # every copy of its other end is closed
                continue
            dead = dead or fd == self._spawned.pidfd
            self._drain()
        return dead

    def _drain(self) -> None:
        """Take what is on the socket, at most one chunk more than a frame may be long."""
        try:
            while len(self._received) <= wire.FRAME_CAP:
                data = self._socket.recv(_CHUNK)
                if not data:
                    self._hang_up()
                    return
                self._received += data
                if len(data) < _CHUNK:
                    return  # that was all
        except BlockingIOError:
            return
        except ConnectionError:
            self._hang_up()

    def _hang_up(self) -> None:
        """Note that the worker closed its socket: it is dying, or it waits for the deadline."""
        if not self._hung_up:
            self._hung_up = True
            self._poll.unregister(self._socket)

    def _read_output(self) -> bool:
        """Take one chunk from the output pipe, keep what there is room for, and say whether there may be more."""
        try:
            data = os.read(self._spawned.output, _CHUNK)
        except BlockingIOError:
            return False
        room = self._limits.output_kb * 1024 - len(self._kept)
        self._kept += data[: max(0, room)]
        return len(data) == _CHUNK and room > 0

    def _take(self) -> bytes | Ended | None:
        """Give the frame that was received, if it is whole."""
        if not self._ready and self._received:
            if self._received[:1] != frames.READY:
                return None  # its death explains it
            self._ready = True
            del self._received[:1]
        if len(self._received) < frames.PREFIX.size:
            return None
        size = wire.length(self._received)
        if isinstance(size, wire.Unreadable):
            return Ended(kind="invalid_output", reason=size.reason)
        if len(self._received) < size:
            return None
        if len(self._received) > size:
            return Ended(
                kind="invalid_output",
                reason="something was written to the grader's socket after the answer",
            )
        frame = bytes(self._received)
        self._received.clear()
        return frame

    # ---------------------------------------------------------------------------------------------------------- the end

    def _excess(self) -> str | None:
        """Why the worker must not go on, if it uses more than it may."""
        with contextlib.suppress(OSError):
            # A folder's link count is its subfolders and two: the cheapest way to count threads.
            if os.stat(f"/proc/{self._spawned.pid}/task").st_nlink - 2 > _MAX_THREADS:  # noqa: PTH116 - in a hot loop
                return f"started more than {_MAX_THREADS} threads"
        return excess(self._spawned.scratch, self._limits)

    def _end(self, ended: Ended) -> Ended:
        self._kill()
        self._bury()
        return ended

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._spawned.pidfd, signal.SIGKILL)

    def _autopsy(self) -> Ended:
        """Say what a worker died of that we did not kill."""
        refused = bytes(self._received)
        death = self._bury()
        if not self._ready:
            told = (
                refused[1:].decode("utf-8", "replace")
                if refused[:1] == frames.REFUSED
                else "it died before it was"
            )
            return Ended(
                kind="grader_error",
                reason=f"a worker could not be confined: {wire.clean(told)}",
            )
        code = os.waitstatus_to_exitcode(death.status)
        if code >= 0:
            return Ended(kind="crashed", exit_code=code)
        if -code == signal.SIGKILL and death.cpu >= self._cpu_limit():
            return Ended(
                kind="timed_out",
                reason="the processor time of a submission was used up",
            )
        if (
            -code == signal.SIGKILL
            and death.maxrss >= (self._limits.memory_mb << 10) * _MEMORY_EVIDENCE
        ):
            return Ended(
                kind="out_of_memory",
                signal=-code,
                reason="the kernel ended the process for want of memory",
            )
        return Ended(kind="crashed", signal=-code)

    def _cpu_limit(self) -> float:
        return self._template.cpu_s - 1.0

    def _bury(self) -> Death:
        """Wait for the death, reap, and empty the scratch folder."""
        spawned, self._open = self._spawned, False
        try:
            waiting = select.poll()
            waiting.register(spawned.pidfd, select.POLLIN)
            if not waiting.poll(int(_DEATH_S * 1000)):
                raise TemplateLost("a worker does not die of SIGKILL")
            while self._read_output():
                pass
            death = self._template.reap(spawned.pid)
            if self._template.empty(spawned.scratch):
                self._template.free(spawned.scratch)
        finally:
            spawned.close()
        return death
