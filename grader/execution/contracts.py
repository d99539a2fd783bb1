"""What every way of running a worker has in common: it is asked, and it answers or has ended."""

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from grader.confined import scratch
from grader.model import Limits

_MAX_FILES = 1000


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """There was no answer, and the worker is gone."""

    kind: Literal[
        "timed_out", "out_of_memory", "crashed", "invalid_output", "grader_error"
    ]
    signal: int | None = None
    exit_code: int | None = None
    reason: str | None = None


def nothing() -> None:
    """Do nothing."""


class Worker(Protocol):
    """A process with a student's code in it."""

    @property
    def output(self) -> bytes:
        """The first of what it printed."""

    def ask(
        self, frame: bytes, seconds: float, meanwhile: Callable[[], object] = nothing
    ) -> bytes | Ended:
        """Send one frame and wait for one; after an `Ended` the worker is gone and nothing of it is left.

        `meanwhile` is called in between: work of ours that can be done while the worker does its
        own. The seconds begin after it.
        """

    def close(self) -> None:
        """End it and leave nothing of it. May be called again."""


class Workers(Protocol):
    """Where workers come from."""

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """What they are confined by."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What they are not confined by, and how to get it."""

    outside: str
    """A path in a folder that is not a scratch folder: nothing can be written there."""

    def worker(self) -> Worker:
        """Start one. GraderError when the machine cannot."""

    def prepare(self) -> None:
        """Do beforehand what can be done of starting the next one; called while the last one is busy."""

    def close(self) -> None:
        """End them all, and leave no process and no file."""


def excess(folder: str, limits: Limits) -> str | None:
    """Why a worker that filled this folder must not go on; None when it may."""
    files, size = scratch.usage(folder, _MAX_FILES)
    if size > limits.scratch_mb << 20:
        return f"wrote more than {limits.scratch_mb} MB of files"
    if files > _MAX_FILES:
        return f"made more than {_MAX_FILES} files"
    return None
