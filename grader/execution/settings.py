"""Records about templates and workers: settings, what a template found, how a worker ended.

Linux only.
"""

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
    files: dict[str, bytes] = {}
    """What workers can read where they work, by name."""
    forbidden: tuple[str, ...] = ()
    """Libraries that a worker must not import."""
    hidden: tuple[str, ...] = ()
    """Paths that must not be readable even where they lie in the Python installation."""
    landlock: bool = True
    seccomp: bool = True
    run: str = "grader.confined.worker:run"
    prepare: str | None = "grader.confined.worker:prepare"
    preload: tuple[str, ...] = ()
    """Modules that the template imports, where they are installed, before it forks."""
    descriptors: int = DESCRIPTORS
    cpu_s: int | None = None
    """Processor time of one worker; None for the sum of the limits for .py files."""
    same_session: bool = False
    """Whether the template belongs to the grader's session.

    Where Linux shares the processor between sessions (sched_autogroup), a lowered worker gives way
    only within its own.
    """
    single: bool = False
    """Whether one submission is all that will come, so that warming up does not pay."""


class TemplateLost(GraderError):  # noqa: N818 - nobody's error: the template was killed
    """The template process is gone or does not answer: no submission is to blame."""


class Found(msgspec.Struct, frozen=True):
    """Which kernel mechanisms the template found to confine workers."""

    landlock: int
    """The version of Landlock; 0 for none."""
    seccomp: bool


class Spawned(msgspec.Struct, frozen=True):
    """A worker's process as the template announced it; the receiver closes the descriptors."""

    pid: int
    pidfd: int
    socket: socket.socket
    output: int
    scratch: str

    def close(self) -> None:
        """Close the descriptors."""
        self.socket.close()
        os.close(self.output)
        os.close(self.pidfd)


class Death(msgspec.Struct, frozen=True):
    """How a process ended."""

    status: int
    """The wait status, from `os.wait4`."""
    maxrss: int
    """Kibibytes."""
    cpu: float
    """Seconds."""


def is_dead(pidfd: int, patience_s: float = 0.0) -> bool:
    """Return whether a process has ended, waiting at most `patience_s` for it."""
    waiting = select.poll()
    waiting.register(pidfd, select.POLLIN)
    return bool(waiting.poll(int(patience_s * 1000)))
