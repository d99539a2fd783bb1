"""What this machine can isolate, what it cannot, and how to get it: the lines of `grader doctor`."""

import platform
from collections.abc import Iterator
from pathlib import Path

from grader.execution.runner import open_runner
from grader.model import Exercise

_MEANING = {
    "full": "full: everything that a submission must not do was refused",
    "partial": "partial: some of what a submission must not do was refused",
    "none": "none: submissions run with the rights of whoever runs the grader",
}


def examine(exercise: Exercise, solutions: Path | None) -> Iterator[str]:
    """Try what student code must not do, from inside a worker, and tell of it line by line."""
    with open_runner(exercise, solutions=solutions) as runner:
        isolation = runner.isolation
        yield f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
        yield f"isolation: {_MEANING[isolation.level]}"
        yield f"mechanisms: {', '.join(isolation.mechanisms)}"
        yield ""
        yield "A worker tried to"
        width = max(len(attempt.name) for attempt in runner.attempts)
        for attempt in runner.attempts:
            result = (
                f"refused ({attempt.mechanism})"
                if attempt.blocked
                else f"NOT REFUSED (it takes {attempt.mechanism})"
            )
            yield f"  {attempt.name:<{width}}  {result}"
        if solutions is None:
            yield "  (the solutions were not found, so it was not tried to read them: --solutions DIR)"
        if runner.missing:
            yield ""
            yield "Missing"
            yield from (f"  {line}" for line in runner.missing)
