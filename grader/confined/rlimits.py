"""The resource limits of a worker, the same however it was started. Windows has none.

They are the second line: the grader's clock, and what it sees in the scratch folder, come first.
"""

import contextlib
from collections.abc import Mapping
from typing import Any

with contextlib.suppress(ImportError):  # Windows
    import resource

    # Looked up once, here: a worker that did so for itself would copy a page of the template.
    _setrlimit = resource.setrlimit

DESCRIPTORS = 64
"""How many descriptors the worker of a .py file may have open."""
KERNEL_DESCRIPTORS = 128
"""The same for a notebook's worker: an event loop and plots need some of their own."""

_STACK = 8 << 20
_SIGNALS = 64
"""How many signals may wait in the kernel; all processes of a user share what it has room for."""
_IDLE_MEMORY = 256 << 20
"""What an idle worker is taken to use where there is no /proc to ask."""

Pairs = tuple[tuple[int, tuple[int, int]], ...]
"""Arguments for `setrlimit`."""


def pairs(
    limits: Mapping[str, Any],
    *,
    cpu_s: int,
    descriptors: int,
    no_fork: bool,
) -> Pairs:
    """Return the limits of a worker that is a copy of this process.

    `limits` are the exercise's, by the names of `model.Limits`; `memory_mb` comes on top of the
    address space that this process has now. `no_fork` forbids processes, and threads with them: use
    it where there is no seccomp. Root is not bound by it.
    """
    wanted = {
        "CORE": 0,
        "AS": _address_space() + (limits["memory_mb"] << 20),
        "FSIZE": limits["scratch_mb"] << 20,
        "NOFILE": descriptors,
        "STACK": _STACK,
        "MSGQUEUE": 0,
        "MEMLOCK": 0,
        "SIGPENDING": _SIGNALS,
        "CPU": cpu_s,
    }
    if no_fork:
        # The kernel counts every process of the user, not only ours, so 0 is the only useful value.
        wanted["NPROC"] = 0
    found = []
    for name, value in wanted.items():
        which = getattr(
            resource, f"RLIMIT_{name}", None
        )  # macOS lacks some of them
        if which is None:
            continue
        hard = resource.getrlimit(which)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        found.append((which, (lowest, lowest)))
    return tuple(found)


def enforce(limits: Pairs) -> None:
    """Bound what this process may use."""
    for which, pair in limits:
        _setrlimit(which, pair)


def _address_space() -> int:
    try:
        # Pathlib costs 10 ms.
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return _IDLE_MEMORY
