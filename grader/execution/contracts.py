"""What all kinds of workers have in common: one is asked, and it answers or has ended."""

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from grader.confined import scratch
from grader.execution.interactive import Demotion
from grader.model import Limits

_MAX_FILES = 1000
_GRACE_CPU_S = 5


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """Why there was no answer; the worker is gone."""

    kind: Literal[
        "timed_out",
        "out_of_memory",
        "crashed",
        "invalid_output",
        "grader_error",
    ]
    signal: int | None = None
    exit_code: int | None = None
    reason: str | None = None
    last_words: bytes = b""
    """`timed_out`: what the worker answered to the question where it is, if it did."""


LAST_WORDS_S = 1.0
"""How long a worker may take to say in which line it is; nearly all need a twentieth of that."""


def nothing() -> None:
    """Do nothing."""


class Worker(Protocol):
    """A process with a student's code in it."""

    @property
    def output(self) -> bytes:
        """The first of what it printed."""

    def ask(
        self,
        frame: bytes,
        seconds: float,
        meanwhile: Callable[[], object] = nothing,
    ) -> bytes | Ended:
        """Send one frame and wait for one; after an `Ended` nothing is left of the worker.

        `meanwhile` is called in between, for work of ours that can be done while the worker does
        its own. The seconds count from its end.
        """

    def close(self) -> None:
        """End it and leave nothing of it. May be called again."""


class Workers(Protocol):
    """A source of workers."""

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """What confines them."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What does not confine them, and how to get it."""

    outside: str
    """A path outside every scratch folder: nothing can be written there."""

    def worker(self, demotion: Demotion | None = None) -> Worker:
        """Start one; GraderError where the machine cannot.

        `demotion` lowers it once it has used its share, where there is a way to.
        """

    def prepare(self) -> None:
        """Begin to start the next one, while another one is busy."""

    def hang_up(self) -> None:
        """Let them all end, and do not wait for it."""

    def close(self) -> None:
        """End them all, and leave no process and no file."""


def excess(folder: str, limits: Limits) -> str | None:
    """Return why a worker that filled this folder must not go on; None where it may."""
    files, size = scratch.usage(folder, _MAX_FILES)
    if size > limits.scratch_mb << 20:
        return f"wrote more than {limits.scratch_mb} MB of files"
    if files > _MAX_FILES:
        return f"made more than {_MAX_FILES} files"
    return None


def processor_time(limits: Limits, *, kernel: bool = False) -> int:
    """Return how many seconds of processor time a worker may use.

    The clock of the trusted side comes first: this is all its limits together, and some grace.
    """
    seconds = limits.load_s + limits.total_s
    if kernel:
        seconds += limits.notebook_s
    return int(seconds) + _GRACE_CPU_S
