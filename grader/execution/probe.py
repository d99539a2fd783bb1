"""How much isolation there really is, found by trying.

A throw-away worker attempts what student code must not do.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from grader.errors import GraderError
from grader.execution import wire
from grader.execution.contracts import Ended, Worker, Workers, nothing
from grader.execution.launch import environment
from grader.model import Isolation

_SECONDS = 20.0
_EXEC = "run another program"
_GROUPS: dict[str, tuple[str, ...]] = {
    "Landlock": (
        "read the solutions",
        "read a file of the machine",
        "read /proc",
        "write outside of the scratch folder",
    ),
    "seccomp": (
        "open a network connection",
        "open a local socket",
        "start a process",
        _EXEC,
    ),
    "Landlock or seccomp": ("signal the template",),
    "the fork server": ("see the environment of the grader",),
}


class Attempt(msgspec.Struct, frozen=True):
    """One thing that was tried, whether it was refused, and which mechanism would refuse it."""

    name: str
    blocked: bool
    mechanism: str


def probe(workers: Workers, solutions: Path | None) -> tuple[Attempt, ...]:
    """Try everything in one worker, which is then thrown away.

    GraderError where the worker does not answer.
    """
    fields = {
        "hidden": _readable_files(solutions),
        "outside": workers.outside,
        "variables": sorted(set(os.environ) - set(environment())),
    }
    worker = workers.worker()
    try:
        found = _ask(worker, workers.prepare, exec=False, **fields)
        if found is None:
            raise GraderError(
                "the isolation could not be probed: no answer came"
            )
        # If this works, the worker is another program by now and does not answer.
        found |= _ask(worker, nothing, exec=True, **fields) or {_EXEC: False}
    finally:
        worker.close()
    mechanism = {
        name: group for group, names in _GROUPS.items() for name in names
    }
    return tuple(
        Attempt(name, blocked, mechanism[name])
        for name, blocked in found.items()
        if name in mechanism
    )


def level(attempts: tuple[Attempt, ...]) -> Literal["full", "partial", "none"]:
    """Return `full` where all was refused, `partial` where all files or all system calls were."""
    if all(attempt.blocked for attempt in attempts):
        return "full"
    closed = [
        all(
            attempt.blocked
            for attempt in attempts
            if attempt.mechanism == group
        )
        for group in ("Landlock", "seccomp")
    ]
    return "partial" if any(closed) else "none"


def isolation(attempts: tuple[Attempt, ...], workers: Workers) -> Isolation:
    """Return the level and the mechanisms as a report has them."""
    return Isolation(level(attempts), workers.mechanisms)


def _ask(
    worker: Worker, meanwhile: Callable[[], object], **fields: object
) -> dict[str, bool] | None:
    token = wire.new_token()
    request = wire.probe_request(token, **fields)
    answer = worker.ask(request, _SECONDS, meanwhile)
    record = (
        answer if isinstance(answer, Ended) else wire.decode(answer, token, 0)
    )
    return dict(record.blocked) if isinstance(record, wire.Probed) else None


def _readable_files(solutions: Path | None) -> list[str]:
    if solutions is None:
        return []
    return [
        str(path.resolve())
        for path in sorted(solutions.iterdir())
        if path.is_file()
    ]
