"""A worker where there is no fork server: a process of its own, on macOS, Windows, and Linux that offers too little.

It has three pipes: requests come in on standard input and replies go out on standard output, which
are both moved to other descriptors before any code of a student runs, and what that code prints
goes to standard error.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from grader.confined import frames, rlimits, seeds, worker


def main(forget: Callable[[], None], settings: str) -> None:
    """Take the pipes away from where student code would look for them, and serve."""
    limits = json.loads(settings)
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    if sys.platform == "win32":
        import msvcrt  # exists on Windows only

        for fd in (incoming, outgoing):
            msvcrt.setmode(fd, os.O_BINARY)
    run, prepared = _what_to_run(limits)
    _limit(limits)
    seeds.fix()
    forget()
    os.write(outgoing, frames.READY)
    run(incoming, outgoing, prepared)


def _what_to_run(settings: dict[str, Any]) -> tuple[Callable[..., NoReturn], object]:
    """Give what answers on the pipes, a kernel for a notebook, else the plain worker, and what it needs."""
    if settings.get("kernel") is None:
        return worker.run, None
    from grader.confined import kernel  # loads IPython

    return kernel.run, kernel.prepare(
        {**settings["kernel"], "root": settings["scratch"]}
    )


def _limit(settings: dict[str, Any]) -> None:
    if sys.platform == "win32":
        return
    kernel = settings.get("kernel") is not None
    limits = rlimits.pairs(
        cpu_s=settings["cpu_s"],
        memory_mb=settings["memory_mb"],
        scratch_mb=settings["scratch_mb"],
        descriptors=rlimits.KERNEL_DESCRIPTORS if kernel else rlimits.DESCRIPTORS,
        no_fork=False,
    )
    for limit in limits:
        # macOS refuses some of the values.
        with contextlib.suppress(OSError, ValueError):
            rlimits.enforce((limit,))
