"""A forked worker, seen from the trusted side: one request, and what becomes of it. Linux only.

Theory of operation. The trusted side keeps the clock. It waits on three things at once: the
worker's socket, its output pipe and its pidfd. So a flood of output is drained while an answer is
awaited, a death is noticed when it happens, and at the deadline comes SIGKILL, which nobody can
catch, postpone or disable. The cause of a death is what the kernel says: the status and the
resource usage from `wait4`, and whether the SIGKILL was ours.
"""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable

from grader.confined import frames, watching
from grader.execution import cleaning, given_files, wire
from grader.execution.contracts import LAST_WORDS_S, Ended, excess, nothing
from grader.execution.interactive import Demotion, used_s
from grader.execution.settings import Death, Spawned, TemplateLost, is_dead
from grader.execution.template import Template

_WATCH_S = 0.05
_DEAF_S = 0.2
"""Processor time after which a worker that was asked where it is will not answer any more."""
_DEATH_S = 30.0
_CHUNK = 1 << 16
_MAX_THREADS = 64
_MEMORY_EVIDENCE = 0.5
"""A SIGKILL that is not ours means that the kernel had no memory left, if the worker was using at
least this part of what it may use."""


class Worker:
    """One forked worker: asked one thing at a time, and never trusted."""

    def __init__(
        self,
        template: Template,
        spawned: Spawned,
        demotion: Demotion | None = None,
    ) -> None:
        self._template = template
        self._spawned = spawned
        self._demotion = demotion
        self._limits = template.settings.limits
        # With Landlock nothing can change them.
        landlock = template.settings.files and template.found().landlock
        self._files = {} if landlock else template.settings.files
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
        self,
        frame: bytes,
        seconds: float,
        meanwhile: Callable[[], object] = nothing,
    ) -> bytes | Ended:
        """Send a frame, and return the frame that comes back in time; after an `Ended` it is gone.

        `meanwhile` is called in between; the seconds count from its end. Raises TemplateLost where
        the worker's end has nothing to do with the code that it ran.
        """
        given_files.restore(self._spawned.scratch, self._files)
        # Nobody looks for what was written unasked: it is read in the answer's place, and lacks
        # the token.
        pending = self._write(memoryview(frame))
        meanwhile()
        self._demote()
        now = time.monotonic()
        deadline, watch = now + seconds, now + _WATCH_S
        while True:
            dead = self._wait(min(watch, deadline) - now, writing=bool(pending))
            answer = self._take()
            if isinstance(answer, Ended):
                return self._end(answer)
            if answer is not None:
                return answer
            if dead:
                return self._autopsy()
            now = time.monotonic()
            if now >= deadline:
                return self._too_late(has_read_all=not pending)
            if now >= watch:
                watch = now + _WATCH_S
                if ended := self._looked_after():
                    return ended
            pending = self._write(pending)

    def _too_late(self, *, has_read_all: bool) -> Ended:
        """End it; one that has read the request may say first where it is."""
        self._promote()
        words = self._last_words() if has_read_all else b""
        return self._end(Ended(kind="timed_out", last_words=words))

    def close(self, *, wait: bool = False) -> None:
        """Kill it if it lives.

        It is reaped, and its scratch folder emptied, before another worker gets that folder. With
        `wait` all of that has happened when this returns.
        """
        if not self._open:
            return
        self._open = False
        while self._read_output():
            pass
        self._kill()
        if self._template.found().seccomp and not wait:
            # Dying takes 1 ms, in which there is other work to do.
            self._template.bury_later(self._spawned)
        else:
            # It may have left other processes, which must be found before another worker starts.
            with contextlib.suppress(TemplateLost):
                self._bury()

    def _looked_after(self) -> Ended | None:
        """Lower it if it is time; end it if nobody waits for it, or if it uses more than it may."""
        self._demote()
        if self._demotion is not None and self._demotion.called_off:
            return self._too_late(has_read_all=False)
        if reason := self._excess():
            return self._end(Ended(kind="crashed", reason=reason))
        return None

    def _demote(self) -> None:
        if self._demotion is not None:
            self._demotion.look(self._spawned.pid)

    def _promote(self) -> bool:
        """Return whether it has a processor to die on."""
        return self._demotion is None or self._demotion.undo(self._spawned.pid)

    # ---------------------------------------------------------- the three descriptors

    def _write(self, pending: memoryview) -> memoryview:
        try:
            while pending:
                pending = pending[self._socket.send(pending) :]
        except (BlockingIOError, ConnectionError):
            return pending
        return pending

    def _wait(self, seconds: float, *, writing: bool) -> bool:
        """Wait until something happens, take in what came, and return whether it is dead."""
        if writing is not self._writing and not self._hung_up:
            self._writing = writing
            events = (
                select.POLLIN | select.POLLOUT if writing else select.POLLIN
            )
            self._poll.modify(self._socket, events)
        dead = False
        # Rounded up, or a wait of less than a millisecond would be none, over and over.
        for fd, event in self._poll.poll(int(seconds * 1000) + 1):
            if fd == self._spawned.output:
                if not self._read_output() and event & select.POLLHUP:
                    self._poll.unregister(
                        fd
                    )  # every copy of its other end is closed
                continue
            dead = dead or fd == self._spawned.pidfd
            self._drain()
        return dead

    def _drain(self) -> None:
        """Take what is on the socket, at most one chunk more than the longest frame."""
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
        """Take one chunk from the output pipe, keep what fits, and return whether more may come."""
        try:
            data = os.read(self._spawned.output, _CHUNK)
        except BlockingIOError:
            return False
        room = self._limits.output_kb * 1024 - len(self._kept)
        self._kept += data[: max(0, room)]
        return len(data) == _CHUNK and room > 0

    def _take(self) -> bytes | Ended | None:
        """Return the frame that was received, if it is whole."""
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

    # ------------------------------------------------------------------------ the end

    def _excess(self) -> str | None:
        """Return why the worker must not go on, if it uses more than it may."""
        tasks = f"/proc/{self._spawned.pid}/task"
        with contextlib.suppress(OSError):
            # A folder's link count is that of its subfolders, and two: the cheapest way to count.
            threads = os.stat(tasks).st_nlink - 2  # noqa: PTH116 - in a hot loop
            if threads > _MAX_THREADS:
                return f"started more than {_MAX_THREADS} threads"
        return excess(self._spawned.scratch, self._limits)

    def _last_words(self) -> bytes:
        """Ask a worker whose time is over in which line it is, and return its answer, if any."""
        if watching.ASKING is None:
            return b""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._spawned.pidfd, watching.ASKING)
        until = time.monotonic() + LAST_WORDS_S
        deaf = self._used_s() + _DEAF_S
        while (left := until - time.monotonic()) > 0 and self._used_s() < deaf:
            dead = self._wait(min(left, _WATCH_S), writing=False)
            answer = self._take()
            if answer is not None or dead:
                return answer if isinstance(answer, bytes) else b""
        return b""

    def _used_s(self) -> float:
        try:
            return used_s(self._spawned.pid)
        except OSError:  # it has ended, or this system has no such clock
            return 0.0

    def _end(self, ended: Ended) -> Ended:
        if self._promote() or not self._template.found().seccomp:
            self._kill()
            self._bury()
        else:
            # On a busy machine it may take seconds to die, which is nothing to wait for.
            self.close()
        return ended

    def _kill(self) -> None:
        self._promote()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._spawned.pidfd, signal.SIGKILL)

    def _autopsy(self) -> Ended:
        """Return what a worker died of that we did not kill."""
        received = bytes(self._received)
        death = self._bury()
        if not self._ready:
            return _not_confined(received)
        code = os.waitstatus_to_exitcode(death.status)
        if code >= 0:
            return Ended(kind="crashed", exit_code=code)
        return self._killed(-code, death)

    def _killed(self, number: int, death: Death) -> Ended:
        """Return what the signal that ended it means."""
        if number == signal.SIGKILL and death.cpu >= self._template.cpu_s - 1.0:
            return Ended(
                kind="timed_out",
                reason="the processor time of a submission was used up",
            )
        evidence = (self._limits.memory_mb << 10) * _MEMORY_EVIDENCE
        if number == signal.SIGKILL and death.maxrss >= evidence:
            return Ended(
                kind="out_of_memory",
                signal=number,
                reason="the kernel ended the process because no memory was left",
            )
        return Ended(kind="crashed", signal=number)

    def _bury(self) -> Death:
        """Wait for its death, reap it, and empty its scratch folder."""
        spawned, self._open = self._spawned, False
        try:
            if not is_dead(spawned.pidfd, _DEATH_S):
                raise TemplateLost("a worker does not die of SIGKILL")
            while self._read_output():
                pass
            death = self._template.reap(spawned.pid)
            if self._template.empty(spawned.scratch):
                self._template.free(spawned.scratch)
        finally:
            spawned.close()
        return death


def _not_confined(received: bytes) -> Ended:
    """Return why a worker died before any code of a student ran: our fault."""
    reason = "it died before it was"
    if received[:1] == frames.REFUSED:
        reason = received[1:].decode("utf-8", "replace")
    return Ended(
        kind="grader_error",
        reason=f"a worker could not be confined: {cleaning.clean(reason)}",
    )
