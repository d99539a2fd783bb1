"""The author's self-check: try everything that a course relies on, and say what was found.

Where it can, a check goes the way of a student's file: through the reader, the worker, the
comparison and the diagnosis. Only the search for mistakes that could be taken for one another is
computed directly, because it takes a hundred secrets and every pair.
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
from grader.diagnose.precompute import write_public_catalogue
from grader.errors import ExerciseError, UsageError
from grader.execution import open_runner
from grader.exercise import (
    find_public_half,
    load_exercise,
    load_solutions,
    record_validation,
)
from grader.exercise.lookup import beside, find_exercise
from grader.exercise.trust import require_trusted, trusted
from grader.grading import Grader
from grader.model import Exercise, Solutions

CHECKS: tuple[Callable[[Bench], Check], ...] = (
    check_statement,
    check_stub,
    check_examples,
    check_reference,
    check_inputs,
    check_misconceptions,
    check_pairs,
    check_hints,
)


def validate(
    exercise: str | Path,
    solutions: Path | None = None,
    *,
    secrets: int = 100,
    write_hints: bool = False,
) -> None:
    """Check an exercise; print a line per check, and progress to standard error.

    Runs the author's `reference.py` and `misconceptions.py`. With `write_hints`, first write again
    what `grader check` needs for its hints. If every check passes, record in the hidden half that
    it was validated with this public half. Raises `ExerciseError` with every fault.
    """
    public_half, hidden_half = find_both_halves(exercise, solutions)
    sys.stdout.write(f"{public_half} with {hidden_half}\n")
    loaded = load_exercise(public_half)
    hidden = load_solutions(loaded, hidden_half, validated=False)
    if write_hints:
        _progress("hints: computing")
        path = write_public_catalogue(loaded, hidden)
        _progress("")
        sys.stdout.write(f"wrote {path.parent.name}/{path.name}\n")
    faults = []
    for done in checks(loaded, hidden, secrets=secrets, progress=_progress):
        _progress("")
        state = "FAILED" if done.faults else "ok"
        sys.stdout.write(f"{state:7}{done.name}: {done.found}\n")
        sys.stdout.flush()
        faults += [
            f"{loaded.name}: {done.name}: {fault}" for fault in done.faults
        ]
    if faults:
        raise ExerciseError(*faults)
    written = record_validation(loaded, hidden.folder)
    if written is not None:
        sys.stdout.write(f"wrote {written.parent.name}/{written.name}\n")


def find_both_halves(
    exercise: str | Path, solutions: Path | None = None
) -> tuple[Path, Path]:
    """Return the folders of the public and the hidden half that an author means.

    An author stands in their own checkout, so a name is looked up from there, and the hidden half
    is the one beside it. With `solutions`, or if there is none beside it, both are found as they
    are for grading.
    """
    if solutions is None:
        try:
            public_half = find_exercise(exercise)
        except UsageError:
            if trusted() is None:
                raise
        else:
            if beside(public_half).is_dir():
                return public_half, beside(public_half)
    public_half = find_exercise(find_public_half(exercise, solutions))
    return public_half, require_trusted(solutions).hidden_half(public_half.name)


def checks(
    exercise: Exercise,
    solutions: Solutions,
    *,
    secrets: int = 100,
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[Check]:
    """Run every check, and yield what each one found."""
    with open_runner(exercise, solutions=solutions.folder) as runner:
        grader = Grader(
            exercise, solutions, Secret(DEFAULT_SECRET, "default"), runner
        )
        bench = Bench(exercise, solutions, grader, secrets, progress)
        files = f"exercise.toml, {exercise.file}, reference.py and cases.toml"
        yield Check("files", f"{files} are valid")
        for each in CHECKS:
            try:
                yield each(bench)
            except ExerciseError as error:
                name = each.__name__.removeprefix("check_")
                yield Check(name, "could not be tried", error.faults)


def _progress(text: str) -> None:
    """Show on a terminal what is being done, in one line that the next one replaces."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
