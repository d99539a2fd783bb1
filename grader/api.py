"""Grading from Python: typed records in and out, and no global state.

The command line, the batch, the pytest plugin and other people's programs all start here.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import IsolationError
from grader.execution import Interactive, PrestartedTemplate, open_runner
from grader.exercise import (
    find_solutions,
    load_exercise,
    load_solutions,
    public_half_to_grade,
    require_validated,
)
from grader.exercise.choice import Defined
from grader.isolation import is_less, required_level
from grader.model import Exercise, Isolation, Report

if TYPE_CHECKING:
    from grader.cases import Secret
    from grader.grading import Grader


@contextlib.contextmanager
def open_grader(
    exercise: Exercise | str | Path | None = None,
    *,
    solutions: Path | str | None = None,
    secret: bytes | Path | None = None,
    require_isolation: str | None = None,
    single: bool = False,
    prestarted: PrestartedTemplate | None = None,
    interactive: Interactive | None = None,
) -> Iterator["Grader"]:
    """Open a grader with a warm worker template, for one submission or for a hundred thousand.

    `solutions` is the folder of the hidden half; by default it is what `GRADER_SOLUTIONS` names,
    else what `grader trust` wrote. The name of an exercise means the public half beside it; without
    one it is the only exercise there, else `convolution`.
    `secret` is the secret itself, or the file that holds it; by default it is `GRADER_SECRET`, else
    a well-known value. `single` says that one submission is all that will come: then nothing is
    warmed up for more. `prestarted` is a template's interpreter that already starts
    (`grader.execution.prestart`). `interactive` says that somebody waits for each answer: a
    submission then gets a budget of its own, and `Grader.judge` says which were cut short by it.

    The grader may be shared between threads; with asyncio, use
    `await asyncio.to_thread(grader.grade, submission)`. Raises `UsageError`, `ExerciseError`, or
    `IsolationError` if the machine gives less than `require_isolation`; None requires `full` on
    Linux, and nothing where there is no isolation to have.
    """
    given = None if solutions is None else Path(solutions)
    loaded = _loaded(exercise, given)
    folder = find_solutions(loaded, given)
    require_validated(loaded, folder)
    with open_runner(
        loaded,
        solutions=folder,
        single=single,
        prestarted=prestarted,
        interactive=interactive,
    ) as runner:
        # The template gets ready in the meantime, so everything else comes after it.
        from grader.grading import Grader

        key = _read_secret(secret)
        hidden = load_solutions(loaded, folder)
        require(runner.isolation, require_isolation)
        yield Grader(loaded, hidden, key, runner)


def grade(
    submission: Path | str | bytes,
    exercise: Exercise | str | Path | None = None,
    *,
    name: str = "submission.py",
    solutions: Path | str | None = None,
    secret: bytes | Path | None = None,
    require_isolation: str | None = None,
) -> Report:
    """Grade one submission and return its report.

    `submission` is the path of a file, or the bytes of a file that is called `name`. Without
    `exercise` it is the only one there, else the one whose function the submission defines, else
    `convolution`. This starts
    and ends a worker template, about a quarter of a second: for more than one, use `open_grader`.
    """
    from grader.submission import HandedIn

    given = None if solutions is None else Path(solutions)
    if isinstance(submission, bytes):
        handed_in = HandedIn(name, submission)
    else:
        handed_in = HandedIn.at(Path(submission))
    loaded = _loaded(exercise, given, handed_in.names)
    parsed = handed_in.submission(loaded)
    with open_grader(
        loaded,
        solutions=given,
        secret=secret,
        require_isolation=require_isolation,
        single=True,
    ) as grader:
        return grader.grade(parsed)


def _loaded(
    exercise: Exercise | str | Path | None,
    solutions: Path | None,
    defined: Defined = tuple,
) -> Exercise:
    if isinstance(exercise, Exercise):
        return exercise
    return load_exercise(public_half_to_grade(exercise, solutions, defined))


def _read_secret(secret: bytes | Path | None) -> "Secret":
    from grader.cases import Secret, read_secret

    if isinstance(secret, bytes):
        return Secret(secret, "file")
    return read_secret(secret, os.environ)


def require(isolation: Isolation, level: str | None) -> None:
    """Raise `IsolationError` if this is less than `level`; None means `full` on Linux."""
    required = required_level(level)
    if is_less(isolation.level, required):
        raise IsolationError(
            f"isolation {required} is required, this machine gives {isolation.level}; "
            "nothing was run; `grader doctor` says what is missing and how to get it"
        )
