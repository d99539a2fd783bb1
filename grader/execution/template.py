"""The trusted side of the fork server: starts a template, asks it for workers, notices when it dies. Linux only.

For whoever needs workers of another kind (notebooks):

    settings = Settings(limits=..., run="grader.confined.kernel:run",
    prepare="grader.confined.kernel:prepare", ...)
    template = Template(settings)             starts the process and does not wait for it
    worker = clock.Worker(template, template.spawn())     a forked, confined process
    answer = worker.ask(frame, seconds)       bytes of one frame, or an `asking.Ended`
    worker.close()                            it is dead, or will be before its scratch folder is
    used again
    template.close()                          no process and no file is left

`run(incoming, outgoing, prepared)` is called in each worker, confined, with the descriptors to read
and to write. `prepare(config)` is called once in the template, before any fork, with the fields of
the start message; `prepared` is what it returned.

All requests go through one lock; a `Template` may be used from any number of threads.
"""

import array
import contextlib
import json
import os
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import msgspec

from grader.confined import frames, scratch
from grader.errors import GraderError
from grader.execution import syscalls
from grader.execution.launch import search_path
from grader.execution.prestart import Early
from grader.execution.settings import (
    Death,
    Found,
    Settings,
    Spawned,
    TemplateLost,
    is_dead,
)

_PATIENCE_S = 60.0
_MESSAGE_CAP = 1 << 16
_GRACE_CPU_S = 5
_MAX_DYING = 8
_ERROR = b'{"error": '
_DYING_S = 1.0
"""A process that is killed closes its sockets a little before it can be asked how it ended."""


class Template:
    """A running template process; `program` is the seccomp filter of its workers, or says why there is none."""

    def __init__(self, settings: Settings, early: Early | None = None) -> None:
        self.settings = settings
        self.cpu_s = (
            settings.cpu_s
            or int(settings.limits.load_s + settings.limits.total_s) + _GRACE_CPU_S
        )
        self._lock = threading.Lock()
        self._found: Found | None = None
        self._closed = False
        self._forking: tuple[socket.socket, int] | None = None
        self._fresh_size = 0
        self._spares: list[Spawned] = []
        self._dying: list[Spawned] = []
        try:
            early = early or Early()
        except OSError as error:
            raise GraderError(
                f"cannot start the template process: {error.strerror or error}"
            ) from error
        early.taken = True
        self.root, self._control, self._process = (
            early.root,
            early.control,
            early.process,
        )
        try:
            self._control.settimeout(_PATIENCE_S)
            self.program = syscalls.build() if settings.seccomp else "switched off"
            self._send(self._config())
        except OSError as error:
            early.end()
            raise GraderError(
                f"cannot start the template process: {error.strerror or error}"
            ) from error

    def found(self) -> Found:
        """Say what the kernel lets workers be confined by."""
        with self._lock:
            return self._wait_for_start()

    def spawn(self) -> Spawned:
        """Fork a worker. GraderError when the machine has no process, descriptor or disk left; TemplateLost."""
        with self._lock:
            self._wait_for_start()
            self._finish_ahead()
            while self._spares:
                spare = self._spares.pop()
                if not is_dead(spare.pidfd):
                    return spare
                self._dying.append(
                    spare
                )  # killed from outside before it had anything to do
            self._begin_fork()
            return self._end_fork()

    def spawn_ahead(self) -> None:
        """Begin to fork a worker for the next `spawn`, and do not wait for it."""
        with self._lock, contextlib.suppress(GraderError):
            if not self._spares and not self._forking:
                self._begin_fork()

    def bury_later(self, spawned: Spawned) -> None:
        """Take over a worker that was sent SIGKILL: it is reaped, and its folder emptied, while others are started."""
        with self._lock:
            self._dying.append(spawned)

    def reap(self, pid: int) -> Death:
        """Say how a worker ended whose pidfd says that it has; its pid is free afterwards."""
        answer = self._request({"op": "reap", "pid": pid})
        return Death(answer["status"], answer["maxrss"], answer["cpu"])

    def empty(self, folder: str) -> bool:
        """Empty a scratch folder; True where it is as new. Some file systems never make a folder small again.

        One that has grown is not used again: its size would tell the next worker that something had
        been there.
        """
        with contextlib.suppress(OSError):
            return (
                scratch.empty(folder)
                and Path(folder).stat().st_size <= self._fresh_size
            )
        return False

    def free(self, scratch: str) -> None:
        """Let a scratch folder be used again, because it is empty."""
        with self._lock:
            self._send({"op": "free", "slot": _slot(scratch)})

    def close(self) -> None:
        """End the template, its workers and their files; when this returns, nothing is left."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._control.close()
            for spawned in (*self._spares, *self._dying):
                spawned.close()
            if self._forking:
                self._forking[0].close()
                os.close(self._forking[1])
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    # -------------------------------------------------------------------------------------------------------- talking

    def _config(self) -> dict[str, Any]:
        settings, limits = self.settings, self.settings.limits
        program = None if isinstance(self.program, str) else self.program
        return {
            "root": self.root,
            "search": search_path(),
            "forbidden": settings.forbidden,
            "hidden": [str(Path(__file__).parents[1]), *settings.hidden],
            "landlock": settings.landlock,
            "filter": program.code.hex() if program else "",
            "seccomp": program.number if program else 0,
            "own_pid": syscalls.OWN_PID,
            "run": settings.run,
            "prepare": settings.prepare,
            "preload": settings.preload,
            "memory_mb": limits.memory_mb,
            "scratch_mb": limits.scratch_mb,
            "descriptors": settings.descriptors,
            "cpu_s": self.cpu_s,
            "limits": msgspec.to_builtins(limits),
        }

    def _begin_fork(self) -> None:
        try:
            ours, theirs = socket.socketpair()
            reading, writing = os.pipe()
        except OSError as error:
            raise GraderError(f"cannot start a worker: {error.strerror}") from error
        ours.setblocking(False)
        os.set_blocking(reading, False)
        self._forking = ours, reading
        try:
            # Before the folder of a dead worker is empty, no other may have it: so this is told
            # together.
            done = b"".join(
                frames.DONE.pack(pid, slot) for pid, slot in self._harvest()
            )
            self._send_bytes(frames.FORK + done, theirs.fileno(), writing)
        finally:
            theirs.close()
            os.close(writing)

    def _end_fork(self) -> Spawned:
        if self._forking is None:
            raise GraderError("no worker was asked for")
        (ours, reading), self._forking = self._forking, None
        try:
            answer, descriptors = self._receive_bytes(descriptors=1)
        except BaseException:
            ours.close()
            os.close(reading)
            raise
        pid, slot = frames.FORKED.unpack(answer)
        folder = f"{self.root}/{slot}"
        if not self._fresh_size:
            with contextlib.suppress(
                OSError
            ):  # the template was killed just now, as whoever asks the worker will find
                self._fresh_size = Path(folder).stat().st_size
        return Spawned(pid, descriptors[0], ours, reading, folder)

    def _finish_ahead(self) -> None:
        """Take in the worker whose fork was begun ahead: its answer comes before any other."""
        if self._forking:
            with contextlib.suppress(
                GraderError
            ):  # if it was not possible, then it will be told when it is wanted
                self._spares.append(self._end_fork())

    def _harvest(self) -> list[tuple[int, int]]:
        """Give the workers that have died by now, each with its slot, or 0 where the folder must not be used again."""
        done, dying = [], self._dying
        self._dying = []
        patience = 0.0 if len(dying) <= _MAX_DYING else _PATIENCE_S
        for spawned in dying:
            if is_dead(spawned.pidfd, patience):
                spawned.close()
                done.append(
                    (
                        spawned.pid,
                        _slot(spawned.scratch) if self.empty(spawned.scratch) else 0,
                    )
                )
            else:
                self._dying.append(spawned)
        return done

    def _request(self, message: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            self._wait_for_start()
            self._finish_ahead()
            self._send(message)
            return self._receive()

    def _wait_for_start(self) -> Found:
        if self._found is None:
            answer = self._receive()
            self._found = Found(answer["landlock"], answer["seccomp"])
        return self._found

    def _send(self, message: dict[str, Any]) -> None:
        self._send_bytes(json.dumps(message).encode("ascii"))

    def _send_bytes(self, message: bytes, *descriptors: int) -> None:
        ancillary = (
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
            if descriptors
            else []
        )
        try:
            self._control.sendmsg([message], ancillary)
        except OSError as error:
            raise self._lost() from error

    def _receive(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._receive_bytes()[0])
        return answer

    def _receive_bytes(self, descriptors: int = 0) -> tuple[bytes, list[int]]:
        """Give one answer, which is an error if it begins as one, and the descriptors that must come with it."""
        try:
            data, ancillary, _, _ = self._control.recvmsg(
                _MESSAGE_CAP, socket.CMSG_SPACE(4), socket.MSG_CMSG_CLOEXEC
            )
        except OSError as error:
            raise self._lost() from error
        if not data:
            raise self._lost()
        received = array.array("i")
        for _, _, some in ancillary:
            received.frombytes(some)
        if data.startswith(_ERROR):
            raise GraderError(
                f"the template process could not do its work: {json.loads(data)['error']}"
            )
        if len(received) != descriptors:
            raise GraderError("no file descriptor is left for a worker")
        return data, list(received)

    def _lost(self) -> TemplateLost:
        """Say why the template does not answer; it is ended for good, and its workers with it."""
        if self._closed:
            return TemplateLost("the template process was closed")
        code = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(_DYING_S)
        with contextlib.suppress(OSError):
            self._process.kill()
        how = (
            "does not answer"
            if code is None
            else f"was killed by signal {-code}"
            if code < 0
            else f"ended ({code})"
        )
        return TemplateLost(f"the template process {how}")


def _slot(scratch: str) -> int:
    """Give the number of a slot by its folder."""
    return int(scratch.rpartition("/")[2])
