"""What the probe tries from inside a throw-away worker: the honest way to know what is enforced.

Each attempt is something that a student's code must not be able to do, done as harmlessly as it can
be done.
"""

# pathlib takes 10 ms to import, and this is loaded in every process for student code:
# ruff: noqa: PTH123

import contextlib
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Attempt = Callable[[], object]


def run(request: Json) -> Json:
    """Make the attempts that the request asks for: {attempt: refused}. `exec`, if it works, ends this process."""
    if request["exec"]:
        command = [sys.executable, "-S", "-c", ""]
        return {
            "run another program": _blocked(lambda: os.execv(sys.executable, command))
        }  # noqa: S606 - no shell wanted
    return {name: _blocked(attempt) for name, attempt in _attempts(request).items()}


def _attempts(request: Json) -> dict[str, Attempt]:
    hidden = request["hidden"]
    attempts: dict[str, Attempt] = {
        "read a file of the machine": lambda: _read(
            "/etc/passwd"
            if os.name == "posix"
            else os.environ["SYSTEMROOT"] + "\\win.ini"
        ),
        "read /proc": lambda: _read("/proc/self/status"),
        "write outside of the scratch folder": lambda: _write(request["outside"]),
        "open a network connection": lambda: _socket("AF_INET"),
        "open a local socket": lambda: _socket("AF_UNIX"),
        "start a process": _fork,
        "signal the template": lambda: os.kill(os.getppid(), 0),
        "see the environment of the grader": lambda: _any_variable(
            request["variables"]
        ),
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
    with open(path, "rb") as file:
        file.read(1)


def _read_any(paths: list[str]) -> None:
    """Raise only when none of the paths can be read."""
    for path in paths:
        with contextlib.suppress(OSError):
            _read(path)
            return
    raise PermissionError


def _any_variable(names: list[str]) -> None:
    if not any(name in os.environ for name in names):
        raise KeyError


def _write(path: str) -> None:
    with open(path, "wb") as file:
        file.write(b"x")


def _socket(family: str) -> None:
    socket.socket(getattr(socket, family), socket.SOCK_STREAM).close()


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
