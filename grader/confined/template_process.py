"""The template process: it imports numpy once, and every worker is a fork of it. Linux only.

Theory of operation
-------------------
There is one thread, which does one thing at a time and blocks only on the control socket. That is a
`SOCK_SEQPACKET` with one JSON object per message, and descriptors attached with SCM_RIGHTS. A fork
is asked for and answered in a few bytes instead, because after each fork a worker would copy the
page of every object that JSON touches. The trusted side asks, and this process answers:

    {"op": "start", ...}                    for the fields, see `template.Template`
        -> {"ok": true, "landlock": ABI or 0, "seccomp": bool}
    `frames.FORK`, then `frames.DONE` for each dead worker, with two descriptors: socket and pipe
        -> `frames.FORKED` and a pidfd
    {"op": "reap", "pid": n}                once the pidfd says that it is dead
        -> {"status": n, "maxrss": KiB, "cpu": seconds}
    {"op": "free", "slot": n}               no answer; its folder is empty and may be used again

A slot is a scratch folder, named by its number, from 1 on.

An error is `{"error": "one line"}`. End of file on the socket means that the grader is gone, for
whatever reason. Then every worker is killed, the scratch root is removed, and the process ends. A
death signal from the parent would be the obvious way and is wrong: it is sent when the *thread*
that started this process ends.

`pidfd_open` follows the fork at once, and a worker is reaped only on request. So no pid that the
trusted side knows is ever reused. In the child, `serve` returns instead of going on, so that none
of its frames lies under a student's code.
"""

# pathlib takes 10 ms to import, and every process for student code imports this module:
# ruff: noqa: PTH102, PTH109, PTH123

import _socket
import contextlib
import errno
import gc
import importlib
import json
import os
import signal
import socket
import struct
from collections.abc import Callable
from typing import Any, NoReturn

from grader.confined import (
    confine,
    frames,
    pools,
    readable_paths,
    rlimits,
    seeds,
)
from grader.confined import scratch as folders

Json = dict[str, Any]

_MESSAGE_CAP = 1 << 16
"""Size of the one buffer for messages. A new one for each would touch all its pages again."""
_NOT_CONFINED = 113
"""Exit status of a worker that could not be confined."""


class Server:
    """The state of the template process."""

    def __init__(self, control: socket.socket, config: Json) -> None:
        self._control = control
        self._config = config
        self._pid = os.getpid()
        self.workers: set[int] = set()
        self._free: list[int] = []
        self._rules: dict[int, confine.Ruleset] = {}
        self._count = 0
        self._filter: confine.Filter | None = None
        self._landlock = confine.landlock_abi() if config["landlock"] else 0
        if config["filter"] and confine.filters_work(config["seccomp"]):
            self._filter = confine.Filter(
                bytes.fromhex(config["filter"]),
                config["seccomp"],
                config["own_pid"],
            )
        self._readable: list[str] = []
        if self._landlock:
            self._readable = readable_paths.paths(
                config["search"], config["forbidden"], config["hidden"]
            )
        self._rlimits = rlimits.pairs(
            config["limits"],
            cpu_s=config["cpu_s"],
            descriptors=config["descriptors"],
            no_fork=self._filter is None,
        )
        self._free.append(
            self._new_slot()
        )  # the first fork need not wait for it

    def found(self) -> Json:
        """Return what this kernel offers to confine workers."""
        return {
            "ok": True,
            "landlock": self._landlock,
            "seccomp": self._filter is not None,
        }

    def serve(self) -> Callable[[], None] | None:
        """Answer requests until the grader is gone, and then return None.

        In a new worker, return what that worker must do.
        """
        while True:
            request, descriptors = _receive(self._control)
            if not request:
                return None
            try:
                job = self._answer(request, descriptors)
            except OSError as error:
                job = None
                what = "fork" if request.startswith(frames.FORK) else "reap"
                _send(
                    self._control,
                    {"error": f"{what}: {error.strerror or error}"},
                )
            if job:
                return job
            for fd in descriptors:
                os.close(fd)

    # ------------------------------------------------------------------ requests

    def _answer(
        self, request: bytes, descriptors: list[int]
    ) -> Callable[[], None] | None:
        if request.startswith(frames.FORK):
            return self._fork(request, descriptors)
        message = json.loads(request)
        if message["op"] == "reap":
            self._reap(message["pid"])
        else:
            self._free.append(message["slot"])
        return None

    def _fork(
        self, request: bytes, descriptors: list[int]
    ) -> Callable[[], None] | None:
        """Fork a worker; in the worker itself, return what it must do."""
        for at in range(len(frames.FORK), len(request), frames.DONE.size):
            dead, empty = frames.DONE.unpack_from(request, at)
            self.workers.discard(dead)
            os.waitpid(dead, 0)
            if empty:
                self._free.append(empty)
        slot = self._slot()
        # A collection in the child would copy the page of every object that it visits.
        gc.disable()
        try:
            pid = os.fork()
        finally:
            gc.enable()
        if pid == 0:
            # Otherwise the object would close its number, which is soon another descriptor's.
            # By the base class, which needs nothing that a worker has not used yet.
            _socket.socket.detach(self._control)
            return lambda: self._become_worker(slot, descriptors)
        self.workers.add(pid)
        pidfd = os.pidfd_open(pid)
        try:
            _send_bytes(self._control, frames.FORKED.pack(pid, slot), pidfd)
        finally:
            os.close(pidfd)
        return None

    def _slot(self) -> int:
        """Return a slot that no worker uses; its ruleset is prepared."""
        return self._free.pop() if self._free else self._new_slot()

    def _new_slot(self) -> int:
        slot = self._count + 1
        os.mkdir(self._scratch(slot), 0o700)
        self._count = slot
        if self._landlock:
            files = self._config["files"]
            readable = [*self._readable, files] if files else self._readable
            self._rules[slot] = confine.Ruleset(readable, self._scratch(slot))
        return slot

    def _scratch(self, slot: int) -> str:
        return f"{self._config['root']}/{slot}"

    def _reap(self, pid: int) -> None:
        self.workers.discard(pid)
        _, status, usage = os.wait4(pid, 0)
        if not self._filter:
            self._kill_orphans()
        answer = {
            "status": status,
            "maxrss": usage.ru_maxrss,
            "cpu": usage.ru_utime + usage.ru_stime,
        }
        _send(self._control, answer)

    def _kill_orphans(self) -> None:
        """Kill what a worker left running, where nothing kept it from forking.

        This process inherits its orphans.
        """
        for _ in range(1000):
            orphans = _children() - self.workers
            if not orphans:
                return
            for pid in orphans:
                confine.kill_quietly(pid)
                os.waitpid(pid, 0)

    # ------------------------------------------------------------------ worker

    def _become_worker(self, slot: int, descriptors: list[int]) -> None:
        """Confine this process and run the job; never return to the caller's loop."""
        config = self._config
        rules = self._rules.get(slot)
        syscalls = self._filter
        try:
            confine.drop(self._pid)
            confine.undumpable()
            self._enter_folder(slot)
            # Opened anew for each worker: locks and flags belong to an open file, and the next
            # worker would find them.
            null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
            confine.attach(
                descriptors[0],
                descriptors[1],
                null,
                rules.fileno() if rules else None,
            )
            if rules:
                rules.enforce(4)
            rlimits.enforce(self._rlimits)
            if syscalls:
                syscalls.load()
        except BaseException as error:  # noqa: BLE001 - no code of a student may run now
            reason = confine.explain(error).encode("utf-8", "replace")[:500]
            with contextlib.suppress(OSError):
                os.write(3, frames.REFUSED + reason)
            os._exit(_NOT_CONFINED)
        os.write(3, frames.READY)
        self._config = {}
        config["run"](3, 3, config.get("prepared"))

    def _enter_folder(self, slot: int) -> None:
        """Work in the scratch folder; where there are files to read, beside them.

        Without Landlock they would not be safe there.
        """
        scratch, files = self._scratch(slot), self._config["files"]
        if not files or not self._landlock:
            os.chdir(scratch)
            return
        os.chdir(files)
        for name, value in os.environ.items():
            if value == ".":
                os.environ[name] = scratch


def main(forget: Callable[[], None]) -> NoReturn:
    """Be a template, on the control socket that was inherited as standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open("/dev/null", os.O_RDWR), 0)
    _begin()
    message, _ = _receive(control)
    if not message:
        # The grader ended before it said anything. It started this process in the scratch root.
        _end(os.getcwd(), set())
    config = json.loads(message)
    server = _start(control, config, forget)
    job: Callable[[], None] | None = None
    try:
        job = server.serve() if server else None
    finally:
        if job is None:
            _end(config["root"], server.workers if server else set())
    del server, control
    job()
    os._exit(0)


def _begin() -> None:
    """Do what every template does, while the grader finds out what this one is for."""
    from grader.confined import watching, worker

    watching.listen()
    worker.rehearse()


def _start(
    control: socket.socket,
    config: Json,
    forget: Callable[[], None],
) -> Server | None:
    variables = dict(os.environ)
    try:
        if config["same_session"]:
            _leave_terminal()
        confine.adopt_orphans()
        module, _, name = config["run"].partition(":")
        config["run"] = getattr(importlib.import_module(module), name)
        if config["prepare"]:
            module, _, name = config["prepare"].partition(":")
            config["prepared"] = getattr(importlib.import_module(module), name)(
                config
            )
        server = Server(control, config)
    except Exception as error:  # noqa: BLE001 - the trusted side raises it
        _send(control, {"error": confine.explain(error)})
        return None
    # Preparing may have set variables to folders of its own.
    os.environ.update(variables)
    seeds.fix()
    forget()
    if not config["single"]:
        # This takes 10 ms, which a single submission does not get back.
        gc.collect()
        pools.fill()
        pools.trim()
    gc.freeze()
    _send(control, server.found())
    return server


def _leave_terminal() -> None:
    """Leave the grader's terminal, as a session of its own would: it has none to be opened."""
    import fcntl
    import termios

    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.ENOENT):
            return  # there is none
        raise
    try:
        fcntl.ioctl(terminal, termios.TIOCNOTTY)
    finally:
        os.close(terminal)


def _end(root: str, workers: set[int]) -> NoReturn:
    """Leave no worker and no file: the grader is gone."""
    pending = set(workers)
    while pending:
        for pid in pending:
            confine.kill_quietly(pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        pending = _children()
    folders.remove(root)
    os._exit(0)


def _children() -> set[int]:
    """Return the pids of this process's children; none if the kernel does not tell."""
    try:
        with open(
            f"/proc/self/task/{os.getpid()}/children", encoding="ascii"
        ) as file:
            return {int(word) for word in file.read().split()}
    except OSError:
        return set()


_buffer = bytearray(_MESSAGE_CAP)


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """Return one message and the descriptors that came with it; nothing at the end."""
    try:
        length, ancillary, _, _ = control.recvmsg_into(
            [_buffer], socket.CMSG_SPACE(2 * 4), socket.MSG_CMSG_CLOEXEC
        )
    except ConnectionError:
        return b"", []  # the grader hung up before it had read everything
    descriptors: list[int] = []
    for _, _, received in ancillary:
        descriptors += struct.unpack(f"={len(received) // 4}i", received)
    return bytes(_buffer[:length]), descriptors


def _send(control: socket.socket, message: Json) -> None:
    _send_bytes(control, json.dumps(message).encode("ascii"))


def _send_bytes(
    control: socket.socket,
    message: bytes,
    *descriptors: int,
) -> None:
    packed = struct.pack(f"={len(descriptors)}i", *descriptors)
    try:
        control.sendmsg(
            [message],
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, packed)]
            if descriptors
            else [],
        )
    except ConnectionError:
        return  # the next read finds the end
