"""Run an author's code in child processes, so that whatever it does ends.

A reference that hangs, a case that never ends, a mutant that takes all memory: each is a fault of
one thing, and must not cost the others. A child is a fork, so nothing has to be sent to it. What it
finds comes back as plain data, a frame for each piece of work, and a piece that does not end in its
time ends its child; the next child goes on behind it.

Where processes cannot be forked (Windows), the work is done here, without a limit.
"""

import contextlib
import faulthandler
import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import msgspec

_MEMORY = 2 * 2**30
"""Bytes of address space that a child may take beyond what it has at its start."""
_HEAD = 4

Work = Callable[[], Any]
"""Something to do; it returns plain data."""


class Ended(msgspec.Struct, frozen=True):
    """What stands for a result that did not come."""

    why: str
    """As in: the reference `takes longer than 10 s`."""


def in_child(
    work: Work,
    seconds: float,
) -> Any:  # noqa: ANN401 - what work returns
    """Return what `work` returns, computed in a child; `Ended` if it ends without."""
    return next(found for _, found in spread([work], seconds))


def spread(
    works: Sequence[Work], seconds: float, jobs: int = 1
) -> Iterator[tuple[int, Any]]:
    """Yield the number and the result of each piece of work, as they come; `Ended` for some.

    `seconds` is the longest that one piece may take. `jobs` children share the work.
    """
    if sys.platform == "win32":
        yield from ((number, work()) for number, work in enumerate(works))
        return
    waiting = [list(range(first, len(works), jobs)) for first in range(jobs)]
    children = [_Child(works, numbers) for numbers in waiting if numbers]
    try:
        while children:
            for child in _ready(children, seconds):
                found = None
                for found in child.receive(seconds):
                    yield child.numbers.pop(0), found
                if isinstance(found, Ended) or not child.numbers:
                    _replace(children, child, works)
    finally:
        for child in children:
            child.end()


def _replace(
    children: list["_Child"], child: "_Child", works: Sequence[Work]
) -> None:
    """End a child; another one does what it has left."""
    children.remove(child)
    child.end()
    if child.numbers:
        children.append(_Child(works, child.numbers))


def _ready(
    children: Sequence["_Child"],
    seconds: float,
) -> list["_Child"]:
    """Wait, and return the children that have something to say or have no time left."""
    now = time.monotonic()
    patience = min(child.since + seconds - now for child in children)
    poll = select.poll()
    for child in children:
        poll.register(child.pipe, select.POLLIN)
    heard = {fd for fd, _ in poll.poll(max(0.0, patience) * 1000)}
    now = time.monotonic()
    return [
        child
        for child in children
        if child.pipe in heard or now >= child.since + seconds
    ]


class _Child:
    """A child process that does some of the work, one piece after the other."""

    def __init__(
        self,
        works: Sequence[Work],
        numbers: list[int],
    ) -> None:
        self.numbers = list(numbers)
        self.since = time.monotonic()
        self._buffer = b""
        self.pipe, theirs = os.pipe()
        with warnings.catch_warnings():
            # The libraries' own threads do nothing while no linear algebra is under way.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            _work(theirs, [works[number] for number in self.numbers])
        os.close(theirs)

    def receive(
        self,
        seconds: float,
    ) -> list[Any]:
        """Return the results that are here, the last of them `Ended` if no more will come."""
        if time.monotonic() >= self.since + seconds and not self._heard():
            return [Ended(f"takes longer than {seconds:g} s")]
        data = os.read(
            self.pipe,
            1 << 20,
        )
        if not data:
            return [Ended(self._ending())]
        self._buffer += data
        found = []
        while len(self._buffer) >= _HEAD:
            end = _HEAD + int.from_bytes(
                self._buffer[:_HEAD],
                "big",
            )
            if len(self._buffer) < end:
                break
            found.append(msgspec.msgpack.decode(self._buffer[_HEAD:end]))
            self._buffer = self._buffer[end:]
            self.since = time.monotonic()
        return found

    def _heard(self) -> bool:
        return bool(select.select([self.pipe], [], [], 0)[0])

    def _ending(self) -> str:
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.pid = 0
        if status < 0:
            return (
                f"ends its process with signal {signal.Signals(-status).name}"
            )
        return f"ends its process with status {status}"

    def end(self) -> None:
        """End it, and what it has started."""
        os.close(self.pipe)
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


def _work(
    pipe: int,
    works: Sequence[Work],
) -> NoReturn:
    """Do the work, and send a frame for each piece; never return into the parent's code."""
    status = 1
    try:
        _settle()
        for work in works:
            data = msgspec.msgpack.encode(work())
            frame = (
                len(data).to_bytes(
                    _HEAD,
                    "big",
                )
                + data
            )
            while frame:
                frame = frame[os.write(pipe, frame) :]
        status = 0
    finally:
        os._exit(status)


def _settle() -> None:
    """Leave the terminal and the parent's streams alone, and take a bounded share of memory."""
    import resource

    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    nowhere = os.open(
        os.devnull,
        os.O_RDWR,
    )
    for stream in range(3):
        os.dup2(nowhere, stream)
    # What a parent has for a terminal, or pytest for a capture, would be written twice.
    silent = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until its process ends
    sys.stdout = sys.stderr = silent
    faulthandler.disable()
    # Warnings of an author's code are the author's; as errors they would be other results.
    warnings.simplefilter("ignore")
    with contextlib.suppress(ValueError, OSError):
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - a file of the kernel
            taken = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(
            resource.RLIMIT_AS, (taken + _MEMORY, taken + _MEMORY)
        )
