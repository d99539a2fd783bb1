"""The lines of `grader doctor`: what this machine can isolate, what it cannot, how to get it."""

import platform
from collections.abc import Iterator
from pathlib import Path

from grader.execution.machine import known_causes, this_machine
from grader.execution.runner import open_runner
from grader.model import Exercise
from grader.vocabulary import LEVELS


def examine(exercise: Exercise, solutions: Path | None) -> Iterator[str]:
    """Try from inside a worker what student code must not do, and yield what came of it."""
    with open_runner(exercise, solutions=solutions) as runner:
        isolation = runner.isolation
        yield f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
        yield f"isolation: {isolation.level}: {LEVELS[isolation.level]}"
        yield f"mechanisms: {', '.join(isolation.mechanisms)}"
        yield ""
        yield "A worker tried to"
        width = max(len(attempt.name) for attempt in runner.attempts)
        for attempt in runner.attempts:
            refused, needed = (
                f"refused ({attempt.mechanism})",
                attempt.mechanism,
            )
            result = (
                refused
                if attempt.blocked
                else f"NOT REFUSED (it takes {needed})"
            )
            yield f"  {attempt.name:<{width}}  {result}"
        if solutions is None:
            yield (
                "  (the solutions were not found, so reading them was not tried: "
                "--solutions DIR)"
            )
        if runner.missing:
            yield ""
            yield "Missing"
            causes = known_causes(this_machine())
            yield from (f"  {line}" for line in (*runner.missing, *causes))
