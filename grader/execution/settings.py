"""What is said about templates and workers: their settings, how one was started, how it ended. Linux only."""

import os
import select
import socket

import msgspec

from grader.confined.rlimits import DESCRIPTORS
from grader.errors import GraderError
from grader.model import Limits


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a template and its workers are."""

    limits: Limits
    forbidden: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    """Paths that must not be readable even if they lie in the Python installation."""
    landlock: bool = True
    seccomp: bool = True
    run: str = "grader.confined.worker:run"
    prepare: str | None = "grader.confined.worker:prepare"
    preload: tuple[str, ...] = ()
    descriptors: int = DESCRIPTORS
    cpu_s: int | None = None
    """Processor time of one worker; None for what the limits for .py files come to."""


class TemplateLost(GraderError):  # noqa: N818 - it is no error of anybody's
    """The template process is gone or does not answer: nobody's submission is to blame."""


class Found(msgspec.Struct, frozen=True):
    """What the kernel lets workers be confined by, as the template found it."""

    landlock: int
    """The version of Landlock; 0 for none."""
    seccomp: bool


class Spawned(msgspec.Struct, frozen=True):
    """A worker's process as the template announced it; whoever gets this closes the descriptors."""

    pid: int
    pidfd: int
    socket: socket.socket
    output: int
    scratch: str

    def close(self) -> None:
        """Give back the descriptors."""
        self.socket.close()
        os.close(self.output)
        os.close(self.pidfd)


class Death(msgspec.Struct, frozen=True):
    """How a process ended."""

    status: int
    """As `os.wait4` gives it."""
    maxrss: int
    """Kibibytes."""
    cpu: float
    """Seconds."""


def is_dead(pidfd: int, patience_s: float = 0.0) -> bool:
    """Whether a process has ended, at the latest after some patience."""
    waiting = select.poll()
    waiting.register(pidfd, select.POLLIN)
    return bool(waiting.poll(int(patience_s * 1000)))
