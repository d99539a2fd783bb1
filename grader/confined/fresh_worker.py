"""A worker in an interpreter of its own: for macOS, Windows, and a Linux that offers too little.

It has three pipes. Requests come in on standard input and replies go out on standard output. Both
are moved to other descriptors before any code of a student runs, and what that code prints goes to
standard error.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from grader.confined import frames, rlimits, seeds, worker

Json = dict[str, Any]


def main(forget: Callable[[], None], settings: str) -> None:
    """Move the pipes away from where student code would look for them, and serve."""
    wanted = json.loads(settings)
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    if sys.platform == "win32":
        import msvcrt  # exists on Windows only

        for fd in (incoming, outgoing):
            msvcrt.setmode(fd, os.O_BINARY)
    run, prepared = _what_to_run(wanted)
    _limit(wanted)
    seeds.fix()
    forget()
    os.write(outgoing, frames.READY)
    run(incoming, outgoing, prepared)


def _what_to_run(settings: Json) -> tuple[Callable[..., NoReturn], object]:
    """Return what answers on the pipes, and what it needs: a kernel for a notebook."""
    if settings.get("kernel") is None:
        return worker.run, None
    from grader.confined import kernel  # loads IPython

    config = {**settings["kernel"], "root": settings["scratch"]}
    return kernel.run, kernel.prepare(config)


def _limit(settings: Json) -> None:
    if sys.platform == "win32":
        return
    kernel = settings.get("kernel") is not None
    limits = rlimits.pairs(
        settings["limits"],
        cpu_s=settings["cpu_s"],
        descriptors=rlimits.KERNEL_DESCRIPTORS
        if kernel
        else rlimits.DESCRIPTORS,
        no_fork=False,
    )
    for limit in limits:
        # macOS refuses some of the values.
        with contextlib.suppress(OSError, ValueError):
            rlimits.enforce((limit,))
