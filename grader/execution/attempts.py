"""What the probe tries from inside a throw-away worker: the honest way to know what is enforced.

Each attempt is something that a student's code must not be able to do, done as harmlessly as it can be done.
"""

import contextlib
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

from grader.execution import frames

Json = dict[str, Any]
Attempt = Callable[[], object]


def run(request: Json, send: Callable[[bytes], None]) -> None:
    """Try everything and send {attempt: blocked}; then try to become another program, which ends the process if it works.

    The first frame tells of all attempts but `exec`; the second comes only when `exec` was refused.
    """
    token = request["token"]
    results = {name: _blocked(attempt) for name, attempt in _attempts(request).items()}
    send(frames.pack_frame({"op": "probed", "token": token, "blocked": results}))
    blocked = _blocked(lambda: os.execv(sys.executable, [sys.executable, "-S", "-c", ""]))  # noqa: S606 - no shell wanted
    send(frames.pack_frame({"op": "probed", "token": token, "blocked": {"run another program": blocked}}))


def _attempts(request: Json) -> dict[str, Attempt]:
    hidden = request["hidden"]
    attempts: dict[str, Attempt] = {
        "read a file of the machine": lambda: _read(
            "/etc/passwd" if os.name == "posix" else os.environ["SYSTEMROOT"] + "\\win.ini"
        ),
        "read /proc": lambda: _read("/proc/self/status"),
        "write outside of the scratch folder": lambda: _write(request["outside"]),
        "open a network connection": lambda: _socket("AF_INET"),
        "open a local socket": lambda: _socket("AF_UNIX"),
        "start a process": _fork,
        "signal the template": lambda: os.kill(os.getppid(), 0),
        "see the environment of the grader": lambda: os.environ[request["variable"]],
    }
    if hidden:
        attempts = {"read the solutions": lambda: _read_any(hidden), **attempts}
    return attempts


def _blocked(attempt: Attempt) -> bool:
    try:
        attempt()
    except (OSError, KeyError, AttributeError, ValueError):
        return True
    return False


def _read(path: str) -> None:
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib takes 10 ms to import
        file.read(1)


def _read_any(paths: list[str]) -> None:
    """Raise only when none of the paths can be read."""
    for path in paths:
        with contextlib.suppress(OSError):
            _read(path)
            return
    raise PermissionError


def _write(path: str) -> None:
    with open(path, "wb") as file:  # noqa: PTH123 - as above
        file.write(b"x")


def _socket(family: str) -> None:
    socket.socket(getattr(socket, family), socket.SOCK_STREAM).close()


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
