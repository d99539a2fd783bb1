"""Machines that are known to isolate less, and what to do about it.

Nothing is decided here: a level is always found by trying. `grader doctor` names these where
something is missing, because the usual advice does not help on them.
"""

import platform
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_VERSION = Path("/proc/version")
_GVISOR = ("gvisor", "Sun Jan 10 15:06:54 PST 2016")
"""gVisor's own kernel has the release 4.19.0-gvisor, once 4.4.0, and always this date."""
_FIRST_WITH_LANDLOCK = 8
"""Amazon Linux 2023.8 is the first whose kernel has Landlock switched on."""
_QUARTER = re.compile(r"\bAmazon Linux 2023\.(\d{1,3})\b")


class Machine(NamedTuple):
    """What a machine says that it is."""

    version: str
    """The line in `/proc/version`."""
    system: str
    """`ID` in os-release, such as `amzn`."""
    system_version: str
    """`VERSION_ID`: `2023` for every Amazon Linux 2023."""
    title: str
    """`PRETTY_NAME`, such as `Amazon Linux 2023.6.20250218`."""


def this_machine() -> Machine:
    """Return what this machine says; what it does not say is empty."""
    try:
        version = _VERSION.read_text("utf-8", "replace")
    except OSError:
        version = platform.release()
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    texts = (
        system.get(name, "") for name in ("ID", "VERSION_ID", "PRETTY_NAME")
    )
    return Machine(version, *texts)


def known_causes(machine: Machine) -> Iterator[str]:
    """Yield a line for each known cause of less isolation, with what to do."""
    if any(mark in machine.version for mark in _GVISOR):
        yield (
            "gVisor: this is its kernel and not Linux's, and lacks what isolates submissions; "
            "use another container runtime here, such as runc"
        )
    is_amazon = machine.system == "amzn" and machine.system_version == "2023"
    # A container has its own os-release, but the kernel of the machine around it.
    if not is_amazon and ".amzn2023" not in machine.version:
        return
    quarter = _QUARTER.search(machine.title) if is_amazon else None
    if quarter is None or int(quarter[1]) < _FIRST_WITH_LANDLOCK:
        name = quarter[0] if quarter else "Amazon Linux 2023"
        yield (
            f"{name}: its kernel has Landlock since 2023.{_FIRST_WITH_LANDLOCK}; "
            "run `dnf upgrade --releasever=latest` on the machine itself, and restart it"
        )
