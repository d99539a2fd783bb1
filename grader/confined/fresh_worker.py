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

from grader.confined import frames, seeds, worker

_IDLE_MEMORY = 256 << 20
_DESCRIPTORS = 64


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


def _limit(limits: dict[str, Any]) -> None:
    try:
        import resource  # not on Windows
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits["cpu_s"],
        resource.RLIMIT_FSIZE: limits["scratch_mb"] << 20,
        resource.RLIMIT_NOFILE: _DESCRIPTORS,
        resource.RLIMIT_AS: (limits["memory_mb"] << 20) + _IDLE_MEMORY,
    }
    for which, value in wanted.items():
        # macOS has the names and refuses some of the values.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(which, (value, value))
