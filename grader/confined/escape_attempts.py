"""What the probe tries inside a throw-away worker: the honest way to know what is enforced.

Each attempt is something that a student's code must not be able to do, done as harmlessly as
possible.
"""

# pathlib takes 10 ms to import, and every process for student code imports this module:
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
    """Make the attempts that the request asks for: {attempt: whether it was refused}.

    An `exec` that works ends this process.
    """
    if request["exec"]:
        return {"run another program": _blocked(_exec)}
    return {
        name: _blocked(attempt) for name, attempt in _attempts(request).items()
    }


def _attempts(request: Json) -> dict[str, Attempt]:
    attempts: dict[str, Attempt] = {}
    hidden = request["hidden"]
    if hidden:
        attempts["read the solutions"] = lambda: _read_any(hidden)
    return attempts | {
        "read a file of the machine": lambda: _read(_machine_file()),
        "read /proc": lambda: _read("/proc/self/status"),
        "write outside of the scratch folder": lambda: _write(
            request["outside"]
        ),
        "open a network connection": lambda: _socket("AF_INET"),
        "open a local socket": lambda: _socket("AF_UNIX"),
        "start a process": _fork,
        "signal the template": lambda: os.kill(os.getppid(), 0),
        "see the environment of the grader": lambda: _any_variable(
            request["variables"]
        ),
    }


def _blocked(attempt: Attempt) -> bool:
    try:
        attempt()
    except (OSError, KeyError, AttributeError, ValueError):
        return True
    return False


def _exec() -> None:
    os.execv(sys.executable, [sys.executable, "-S", "-c", ""])  # noqa: S606 - no shell is wanted


def _machine_file() -> str:
    if os.name == "posix":
        return "/etc/passwd"
    return os.environ["SYSTEMROOT"] + "\\win.ini"


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
