"""The trusted side of the fork server: a template process that workers are forked from. Linux only.

For workers of another kind (notebooks use it):

    settings = Settings(limits=..., run="grader.confined.kernel:run", ...)
    template = Template(settings)          start the process, and do not wait for it
    worker = forked_worker.Worker(template, template.spawn())      fork a confined process
    answer = worker.ask(frame, seconds)    the bytes of one frame, or a `contracts.Ended`
    worker.close()                         it is dead before its scratch folder is used again
    template.close()                       no process and no file is left

Each worker calls `run(incoming, outgoing, prepared)`, confined, with the descriptors to read from
and to write to. The template calls `prepare(config)` once, before it forks, with the fields of the
start message; `prepared` is what that returned.

All requests go through one lock, so any number of threads may use a `Template`. Requests are
answered in order. So a fork can be requested ahead, even before the template has started, and its
answer is read when somebody needs the worker.
"""

import contextlib
import os
import socket
import threading
from pathlib import Path
from typing import Any

import msgspec

from grader.confined import frames, scratch
from grader.errors import GraderError
from grader.execution import given_files, syscalls
from grader.execution.contracts import processor_time
from grader.execution.launch import search_path
from grader.execution.prestart import PrestartedTemplate
from grader.execution.settings import (
    Death,
    Found,
    Settings,
    Spawned,
    is_dead,
)
from grader.execution.template_control import Control

_PATIENCE_S = 60.0
_MAX_DYING = 32
"""Lowered workers of many submissions may take seconds to die."""


class Template:
    """A running template process.

    `program` is the seccomp filter of its workers, or says why there is none.
    """

    def __init__(
        self, settings: Settings, prestarted: PrestartedTemplate | None = None
    ) -> None:
        self.settings = settings
        self.cpu_s = settings.cpu_s or processor_time(settings.limits)
        self._lock = threading.Lock()
        self._found: Found | None = None
        self._closed = False
        self._forking: tuple[socket.socket, int] | None = None
        self._fresh_size = 0
        self._spares: list[Spawned] = []
        self._dying: list[Spawned] = []
        try:
            self._start(prestarted)
        except OSError as error:
            raise GraderError(
                f"cannot start the template process: {error.strerror or error}"
            ) from error

    def _start(self, prestarted: PrestartedTemplate | None) -> None:
        started = prestarted or PrestartedTemplate(
            same_session=self.settings.same_session
        )
        try:
            started.control.settimeout(_PATIENCE_S)
            self.program = (
                syscalls.build() if self.settings.seccomp else "switched off"
            )
            self.root, self._process = started.root, started.process
            self._control = Control(started.control, started.process)
            self._put_files()
            self._control.send(self._config())
        except (OSError, GraderError):
            scratch.remove(self._files_folder())
            started.discard()
            raise
        started.taken = True

    def _files_folder(self) -> str:
        return f"{self.root}/{given_files.FOLDER}"

    def _put_files(self) -> None:
        if self.settings.files:
            folder = Path(self._files_folder())
            folder.mkdir(0o700)
            given_files.restore(str(folder), self.settings.files)

    def found(self) -> Found:
        """Return which mechanisms confine the workers; waits until the template has started."""
        if (
            self._found is not None
        ):  # without a turn: it is asked more often than anything else
            return self._found
        with self._lock:
            return self._wait_for_start()

    def spawn(self) -> Spawned:
        """Fork a worker, or take one that was forked ahead.

        Raises GraderError where the machine has no process, descriptor or disk left, and
        TemplateLost.
        """
        with self._lock:
            self._wait_for_start()
            self._finish_ahead()
            while self._spares:
                spare = self._spares.pop()
                if not is_dead(spare.pidfd):
                    return spare
                # Something outside killed it before it had anything to do.
                self._dying.append(spare)
            self._begin_fork()
            return self._end_fork()

    def spawn_ahead(self) -> None:
        """Request a worker for the next `spawn`, and do not wait for it."""
        with self._lock, contextlib.suppress(GraderError):
            if not self._spares and not self._forking:
                self._begin_fork()

    def bury_later(self, spawned: Spawned) -> None:
        """Take over a worker that was sent SIGKILL, to reap it and empty its folder later on."""
        with self._lock:
            self._dying.append(spawned)

    def reap(self, pid: int) -> Death:
        """Return how a dead worker ended; its pid is free afterwards."""
        answer = self._request({"op": "reap", "pid": pid})
        return Death(answer["status"], answer["maxrss"], answer["cpu"])

    def empty(self, folder: str) -> bool:
        """Empty a scratch folder; return whether it looks new.

        Some file systems never shrink a folder. One that has grown is not used again: its size
        would tell the next worker that something had been there.
        """
        with contextlib.suppress(OSError):
            return (
                scratch.empty(folder)
                and os.stat(folder).st_size <= self._fresh_size  # noqa: PTH116 - for every worker
            )
        return False

    def free(self, scratch: str) -> None:
        """Let an empty scratch folder be used again."""
        with self._lock:
            self._control.send({"op": "free", "slot": _slot(scratch)})

    def hang_up(self) -> None:
        """Let the template end, with its workers, and do not wait for it: `close` does."""
        with self._lock:
            if not self._control.hang_up():
                return
            for spawned in (*self._spares, *self._dying):
                spawned.close()
            if self._forking:
                self._forking[0].close()
                os.close(self._forking[1])

    def close(self) -> None:
        """End the template, its workers and their files; when this returns, nothing is left."""
        self.hang_up()
        with self._lock:
            if self._closed:
                return
            self._closed = True
        if self._process.poll() is None:
            self._wait_for_death()
        scratch.remove(self.root)

    def _wait_for_death(self) -> None:
        # Popen.wait with a timeout would sleep up to 50 ms too long.
        pidfd = os.pidfd_open(self._process.pid)
        try:
            if not is_dead(pidfd, _PATIENCE_S):
                self._process.kill()
        finally:
            os.close(pidfd)
        self._process.wait()

    # ---------------------------------------------------------------------------- forking

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
            "descriptors": settings.descriptors,
            "cpu_s": self.cpu_s,
            "limits": msgspec.to_builtins(limits),
            "files": self._files_folder() if settings.files else None,
            "same_session": settings.same_session,
            "single": settings.single,
        }

    def _begin_fork(self) -> None:
        try:
            ours, theirs = socket.socketpair()
            reading, writing = os.pipe()
        except OSError as error:
            raise GraderError(
                f"cannot start a worker: {error.strerror}"
            ) from error
        ours.setblocking(False)
        os.set_blocking(reading, False)
        self._forking = ours, reading
        try:
            # The template frees a dead worker's slot and pid with the next fork.
            done = b"".join(
                frames.DONE.pack(pid, slot) for pid, slot in self._harvest()
            )
            self._control.send_bytes(
                frames.FORK + done, theirs.fileno(), writing
            )
        finally:
            theirs.close()
            os.close(writing)

    def _end_fork(self) -> Spawned:
        if self._forking is None:
            raise GraderError("no worker was asked for")
        (ours, reading), self._forking = self._forking, None
        try:
            answer, descriptors = self._control.receive_bytes(descriptors=1)
        except BaseException:
            ours.close()
            os.close(reading)
            raise
        pid, slot = frames.FORKED.unpack(answer)
        folder = f"{self.root}/{slot}"
        if not self._fresh_size:
            # If the template was killed just now, whoever asks the worker will find out.
            with contextlib.suppress(OSError):
                self._fresh_size = Path(folder).stat().st_size
        return Spawned(pid, descriptors[0], ours, reading, folder)

    def _finish_ahead(self) -> None:
        """Take in the worker that was requested ahead: its answer comes before any other."""
        if self._forking:
            # If this fork failed, the next one says so, when it is needed.
            with contextlib.suppress(GraderError):
                self._spares.append(self._end_fork())

    def _harvest(self) -> list[tuple[int, int]]:
        """Return the pids of the workers that have died by now, each with its slot.

        The slot is 0 where the scratch folder must not be used again.
        """
        done, dying = [], self._dying
        self._dying = []
        patience = 0.0 if len(dying) <= _MAX_DYING else _PATIENCE_S
        for spawned in dying:
            if not is_dead(spawned.pidfd, patience):
                self._dying.append(spawned)
                continue
            spawned.close()
            usable = self.empty(spawned.scratch)
            done.append((spawned.pid, _slot(spawned.scratch) if usable else 0))
        return done

    def _request(self, message: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            self._wait_for_start()
            self._finish_ahead()
            self._control.send(message)
            return self._control.receive()

    def _wait_for_start(self) -> Found:
        if self._found is None:
            answer = self._control.receive()
            self._found = Found(answer["landlock"], answer["seccomp"])
        return self._found


def _slot(scratch: str) -> int:
    """Return the number of a slot, given its folder."""
    return int(scratch.rpartition("/")[2])
