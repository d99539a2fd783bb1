"""The template process: numpy is imported once, and every worker is a fork of it. Linux only.

Theory of operation ------------------- One thread, which does one thing at a time and blocks only
on the control socket (`SOCK_SEQPACKET`, one JSON object per message, descriptors attached with
SCM_RIGHTS). A fork is asked for and answered in a few bytes instead: the page of every object that
reading and writing JSON needs would be copied after each fork. The trusted side asks, and gets an
answer:

    {"op": "start", ...}                see `template.Template` for the fields
        -> {"ok": true, "landlock": ABI or 0, "seccomp": bool}
    `frames.FORK`, then `frames.DONE` for each dead worker         with two descriptors: socket,
    output pipe
        -> `frames.FORKED` and a pidfd
    {"op": "reap", "pid": n}            once the pidfd says that it is dead
        -> {"status": n, "maxrss": KiB, "cpu": seconds}
    {"op": "free", "slot": n}           no answer; its folder is empty and may be used again

A slot is a scratch folder, named by its number from 1 on.

An error is `{"error": "one line"}`. End of file on the socket means that the grader is gone,
however it went: then every worker is killed, the scratch root is removed, and the process ends. A
death signal from the parent would be the obvious way, and is wrong: it is sent when the *thread*
that started this process ends.

`pidfd_open` follows the fork directly, and a worker is reaped only when asked: so no pid is ever
reused under the trusted side. In the child `serve` returns instead of looping on, so that no frame
of it lies under a student's code.
"""

# pathlib takes 10 ms to import, and this is loaded in every process for student code:
# ruff: noqa: PTH102, PTH109, PTH123

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import struct
from collections.abc import Callable
from typing import Any, NoReturn

from grader.confined import confine, frames, readable_paths, rlimits, seeds
from grader.confined import scratch as folders

Json = dict[str, Any]

_MESSAGE_CAP = 1 << 16
"""One buffer of this size is used again and again: a fresh one for each message would fault in each of its pages."""
_NOT_CONFINED = 113


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
                bytes.fromhex(config["filter"]), config["seccomp"], config["own_pid"]
            )
        self._readable = (
            readable_paths.paths(
                config["search"], config["forbidden"], config["hidden"]
            )
            if self._landlock
            else []
        )
        self._rlimits = rlimits.pairs(
            cpu_s=config["cpu_s"],
            memory_mb=config["memory_mb"],
            scratch_mb=config["scratch_mb"],
            descriptors=config["descriptors"],
            no_fork=self._filter is None,
        )

    def found(self) -> Json:
        """Say what this kernel lets workers be confined by."""
        return {
            "ok": True,
            "landlock": self._landlock,
            "seccomp": self._filter is not None,
        }

    def serve(self) -> Callable[[], None] | None:
        """Answer requests until the grader is gone (None), or return in a new worker what it must do there."""
        while True:
            request, descriptors = _receive(self._control)
            if not request:
                return None
            forking = request.startswith(frames.FORK)
            try:
                if forking:
                    job = self._fork(request, descriptors)
                    if job:
                        return job
                else:
                    self._answer(json.loads(request))
            except OSError as error:
                _send(
                    self._control,
                    {
                        "error": f"{'fork' if forking else 'reap'}: {error.strerror or error}"
                    },
                )
            for fd in descriptors:
                os.close(fd)

    # ------------------------------------------------------------------------------------------------------ requests

    def _answer(self, request: Json) -> None:
        if request["op"] == "reap":
            self._reap(request["pid"])
        else:
            self._free.append(request["slot"])

    def _fork(
        self, request: bytes, descriptors: list[int]
    ) -> Callable[[], None] | None:
        """Fork a worker, and give what it must do in the worker itself."""
        for at in range(len(frames.FORK), len(request), frames.DONE.size):
            dead, empty = frames.DONE.unpack_from(request, at)
            self.workers.discard(dead)
            os.waitpid(dead, 0)
            if empty:
                self._free.append(empty)
        slot = self._slot()
        gc.disable()  # a collection in the child would copy the pages of every object that it visits
        try:
            pid = os.fork()
        finally:
            gc.enable()
        if pid == 0:
            self._control.detach()  # or its number, soon another descriptor's, would be closed with the object
            return lambda: self._become_worker(slot, descriptors)
        self.workers.add(pid)
        pidfd = os.pidfd_open(pid)
        try:
            _send_bytes(self._control, frames.FORKED.pack(pid, slot), pidfd)
        finally:
            os.close(pidfd)
        return None

    def _slot(self) -> int:
        """Give a slot that no worker uses, with its ruleset."""
        if self._free:
            return self._free.pop()
        slot = self._count + 1
        os.mkdir(self._scratch(slot), 0o700)
        self._count = slot
        if self._landlock:
            self._rules[slot] = confine.Ruleset(self._readable, self._scratch(slot))
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
        """Kill what a worker left running where nothing kept it from forking: this process inherits its orphans."""
        for _ in range(1000):
            orphans = _children() - self.workers
            if not orphans:
                return
            for pid in orphans:
                confine.kill_quietly(pid)
                os.waitpid(pid, 0)

    # -------------------------------------------------------------------------------------------------------- worker

    def _become_worker(self, slot: int, descriptors: list[int]) -> None:
        """Confine this process and run the job; never returns to the caller's loop."""
        config, rules, syscalls, pid = (
            self._config,
            self._rules.get(slot),
            self._filter,
            self._pid,
        )
        try:
            confine.drop(pid)
            confine.undumpable()
            os.chdir(self._scratch(slot))
            # Opened anew for each: locks and flags belong to an open file, and would be there for
            # the next worker.
            null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
            confine.attach(
                descriptors[0], descriptors[1], null, rules.fileno() if rules else None
            )
            if rules:
                rules.enforce(4)
            rlimits.enforce(self._rlimits)
            if syscalls:
                syscalls.load()
        except BaseException as error:  # noqa: BLE001 - whatever it is, no code of a student may run
            with contextlib.suppress(OSError):
                os.write(
                    3,
                    frames.REFUSED
                    + confine.explain(error).encode("utf-8", "replace")[:500],
                )
            os._exit(_NOT_CONFINED)
        os.write(3, frames.READY)
        self._config = {}
        config["run"](3, 3, config.get("prepared"))


def main(forget: Callable[[], None]) -> NoReturn:
    """Run a template on the control socket that was inherited as standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open("/dev/null", os.O_RDWR), 0)
    message, _ = _receive(control)
    if not message:
        _end(
            os.getcwd(), set()
        )  # the grader ended before it said anything; it started this process in the root
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


def _start(
    control: socket.socket, config: Json, forget: Callable[[], None]
) -> Server | None:
    variables = dict(os.environ)
    try:
        confine.adopt_orphans()
        module, _, name = config["run"].partition(":")
        config["run"] = getattr(importlib.import_module(module), name)
        if config["prepare"]:
            module, _, name = config["prepare"].partition(":")
            config["prepared"] = getattr(importlib.import_module(module), name)(config)
        server = Server(control, config)
    except Exception as error:  # noqa: BLE001 - told to the trusted side, which raises it
        _send(control, {"error": confine.explain(error)})
        return None
    os.environ.update(variables)  # preparing may have put folders of its own there
    seeds.fix()
    forget()
    gc.collect()
    gc.freeze()
    _send(control, server.found())
    return server


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
    """Give the pids of this process's children; none where the kernel does not tell."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            return {int(word) for word in file.read().split()}
    except OSError:
        return set()


_buffer = bytearray(_MESSAGE_CAP)


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """Give one message and the descriptors that came with it; nothing at the end."""
    try:
        length, ancillary, _, _ = control.recvmsg_into(
            [_buffer], socket.CMSG_SPACE(2 * 4), socket.MSG_CMSG_CLOEXEC
        )
    except ConnectionError:
        return b"", []  # the grader hung up without reading all that it was sent
    descriptors: list[int] = []
    for _, _, received in ancillary:
        descriptors += struct.unpack(f"={len(received) // 4}i", received)
    return bytes(_buffer[:length]), descriptors


def _send(control: socket.socket, message: Json) -> None:
    _send_bytes(control, json.dumps(message).encode("ascii"))


def _send_bytes(control: socket.socket, message: bytes, *descriptors: int) -> None:
    packed = struct.pack(f"={len(descriptors)}i", *descriptors)
    try:
        control.sendmsg(
            [message],
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, packed)] if descriptors else [],
        )
    except ConnectionError:
        return  # then the next read finds the end
