"""The author's self-check: everything that a course relies on is tried, and each check says what it found.

Where it can, a check goes the way that a student's file goes: through the reader, the worker, the
comparison and the diagnosis. Only which known mistakes could be mistaken for one another is
computed directly, since it takes a hundred secrets and every pair.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.authoring.bench import Bench, Check
from grader.authoring.hidden import (
    check_inputs,
    check_misconceptions,
    check_pairs,
    check_reference,
)
from grader.authoring.public import (
    check_examples,
    check_hints,
    check_statement,
    check_stub,
)
from grader.cases import DEFAULT_SECRET, Secret
from grader.diagnose.public import write_public_catalogue
from grader.errors import ExerciseError
from grader.execution import open_runner
from grader.exercise import find_solutions, load_exercise, load_solutions
from grader.grading import Grader
from grader.model import Exercise, Solutions

CHECKS = (
    check_statement, check_stub, check_examples, check_reference, check_inputs, check_misconceptions, check_pairs,
    check_hints,
)  # fmt: skip


def validate(
    exercise: str | Path,
    solutions: Path | None = None,
    *,
    secrets: int = 100,
    write_hints: bool = False,
) -> None:
    """Check an exercise and print one line per check to standard output, progress to standard error.

    Raises `ExerciseError` with every fault that was found. With `write_hints`, what diagnosis needs
    for the public examples is written anew before.
    """
    loaded = load_exercise(exercise)
    hidden = load_solutions(loaded, find_solutions(loaded, solutions))
    if write_hints:
        _progress("hints: computing")
        path = write_public_catalogue(loaded, hidden)
        _progress("")
        sys.stdout.write(f"wrote {path.parent.name}/{path.name}\n")
    faults = []
    for done in checks(loaded, hidden, secrets=secrets, progress=_progress):
        _progress("")
        sys.stdout.write(
            f"{'FAILED' if done.faults else 'ok':7}{done.name}: {done.found}\n"
        )
        sys.stdout.flush()
        faults += [f"{loaded.name}: {done.name}: {fault}" for fault in done.faults]
    if faults:
        raise ExerciseError(*faults)


def checks(
    exercise: Exercise,
    solutions: Solutions,
    *,
    secrets: int = 100,
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[Check]:
    """Try everything, and give what each check found, one after the other."""
    with open_runner(exercise, solutions=solutions.folder) as runner:
        grader = Grader(exercise, solutions, Secret(DEFAULT_SECRET, "default"), runner)
        bench = Bench(exercise, solutions, grader, secrets, progress)
        yield Check(
            "files",
            f"exercise.toml, {exercise.function}.py, reference.py and cases.toml are valid",
        )
        for each in CHECKS:
            try:
                yield each(bench)
            except ExerciseError as error:
                yield Check(
                    each.__name__.removeprefix("check_"),
                    "could not be tried",
                    error.faults,
                )


def _progress(text: str) -> None:
    """Show what is being done, on a terminal alone: one line that the next one replaces."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
