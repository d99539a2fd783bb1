"""Grading from Python: typed records in and out, no global state.

The command line, the batch, the pytest plugin and other people's programs all start here.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from grader.cases import Secret, read_secret
from grader.errors import LEVELS, IsolationError
from grader.execution import Early, open_runner
from grader.exercise import find_solutions, load_exercise, load_solutions
from grader.grading import Grader
from grader.model import Exercise, Isolation, Report
from grader.submission import parse_submission, read_submission


@contextlib.contextmanager
def open_grader(
    exercise: Exercise | str | Path = "convolution",
    *,
    solutions: Path | str | None = None,
    secret: bytes | Path | None = None,
    require_isolation: str | None = None,
    early: Early | None = None,
) -> Iterator[Grader]:
    """Open a grader with a warm worker template, for one submission or for a hundred thousand.

    `solutions` is the folder of the hidden half (found beside the exercise where it can be).
    `secret` is the secret itself, or the file that holds it; by default `GRADER_SECRET`, else a
    well-known value. `early` is an interpreter that has already been started
    (`grader.execution.prestart`). The grader may be shared between threads; `await
    asyncio.to_thread(grader.grade, submission)` serves asyncio. Raises UsageError, ExerciseError,
    or IsolationError where the machine gives less than `require_isolation`.
    """
    loaded = exercise if isinstance(exercise, Exercise) else load_exercise(exercise)
    folder = find_solutions(loaded, Path(solutions) if solutions is not None else None)
    hidden = load_solutions(loaded, folder)
    key = (
        Secret(secret, "file")
        if isinstance(secret, bytes)
        else read_secret(secret, os.environ)
    )
    with open_runner(loaded, solutions=hidden.folder, early=early) as runner:
        require(runner.isolation, require_isolation)
        yield Grader(loaded, hidden, key, runner)


def grade(
    submission: Path | str | bytes,
    exercise: Exercise | str | Path = "convolution",
    *,
    name: str = "submission.py",
    solutions: Path | str | None = None,
    secret: bytes | Path | None = None,
    require_isolation: str | None = None,
    early: Early | None = None,
) -> Report:
    """Grade one submission, a file's path or a file's bytes called `name`, and return its report.

    Starts and ends a worker template (about a quarter of a second): use `open_grader` for more than
    one.
    """
    loaded = exercise if isinstance(exercise, Exercise) else load_exercise(exercise)
    if isinstance(submission, bytes):
        parsed = parse_submission(name, submission, loaded)
    else:
        parsed = read_submission(Path(submission), loaded)
    with open_grader(
        loaded,
        solutions=solutions,
        secret=secret,
        require_isolation=require_isolation,
        early=early,
    ) as grader:
        return grader.grade(parsed)


def require(isolation: Isolation, level: str | None) -> None:
    """Raise IsolationError where `isolation` is less than `level`."""
    if level is not None and LEVELS.index(isolation.level) < LEVELS.index(level):
        raise IsolationError(
            f"isolation {level} is required, this machine gives {isolation.level}; "
            "nothing was run; `grader doctor` says what is missing and how to get it"
        )
