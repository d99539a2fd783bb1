"""The author's self-check: try everything that a course relies on, and say what was found.

Where it can, a check goes the way of a student's file: through the reader, the worker, the
comparison and the diagnosis. Only the search for mistakes that could be taken for one another is
computed directly, because it takes a hundred secrets and every pair.
"""

import contextlib
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.authoring.bench import Bench, Check
from grader.authoring.hidden import check_inputs, check_reference
from grader.authoring.mistakes import (
    check_misconceptions,
    check_names,
    check_pairs,
    check_samples,
)
from grader.authoring.own_checks import check_checks
from grader.authoring.proof import check_mutants
from grader.authoring.public import (
    check_examples,
    check_hints,
    check_statement,
    check_stub,
)
from grader.authoring.rehearsal import rehearse, rehearse_loading
from grader.authoring.show import write_page
from grader.cases import DEFAULT_SECRET, Secret
from grader.diagnose.precompute import write_public_catalogue
from grader.errors import ExerciseError, UsageError
from grader.execution import open_runner
from grader.exercise import (
    find_public_half,
    load_both,
    record_validation,
)
from grader.exercise.lookup import beside, find_exercise
from grader.exercise.trust import require_trusted, trusted
from grader.grading import Grader
from grader.model import Exercise, Solutions
from grader.untrusted import TEXT_LIMIT, for_terminal

CHECKS: tuple[Callable[[Bench], Check], ...] = (
    check_statement,
    check_stub,
    check_examples,
    check_reference,
    check_inputs,
    check_names,
    check_checks,
    check_misconceptions,
    check_samples,
    check_pairs,
    check_hints,
    check_mutants,
)


def validate(
    exercise: str | Path,
    solutions: Path | None = None,
    *,
    secrets: int = 100,
    write_hints: bool = False,
    mutants: bool = False,
    show: str | None = None,
) -> None:
    """Check an exercise; print a line per check, and progress to standard error.

    Runs the author's `reference.py` and the other files of the hidden half, each first in a child
    process with a time limit. With `write_hints`, first write again what `grader check` needs for
    its hints; with `mutants`, change right solutions and try each, however long it takes. If every
    check passes, record in the hidden half that it was validated with this public half. With
    `show`, check nothing: write the page that a student with this misconception gets. Raises
    `ExerciseError` with every fault.
    """
    public_half, hidden_half = find_both_halves(exercise, solutions)
    sys.stdout.write(f"{public_half} with {hidden_half}\n")
    sys.stdout.flush()
    rehearse_loading(public_half, hidden_half)
    loaded, hidden = load_both(public_half, hidden_half)
    if write_hints:
        _progress("hints: computing")
        path = write_public_catalogue(loaded, hidden)
        _progress("")
        sys.stdout.write(f"wrote {path.parent.name}/{path.name}\n")
    if show is not None:
        with _bench(loaded, hidden) as bench:
            sys.stdout.write(f"wrote {write_page(bench, show)}\n")
        return
    faults: list[str] = []
    told: set[str] = set()
    for done in checks(
        loaded, hidden, secrets=secrets, progress=_progress, mutants=mutants
    ):
        _progress("")
        sys.stdout.write(_told(done))
        sys.stdout.flush()
        # What hinders several checks is one fault.
        faults += [
            f"{loaded.name}: {done.name}: {fault}"
            for fault in done.faults
            if fault not in told
        ]
        told |= set(done.faults)
    if faults:
        raise ExerciseError(*faults)
    written = record_validation(loaded, hidden.folder)
    if written is not None:
        sys.stdout.write(f"wrote {written.parent.name}/{written.name}\n")


def _told(done: Check) -> str:
    state = "FAILED" if done.faults else "ok"
    lines = [f"{state:7}{done.name}: {done.found}"]
    # An author's own texts and code: shown as they are, but never acting on a terminal.
    lines += [
        f"       {for_terminal(line, TEXT_LIMIT)}" for line in done.details
    ]
    return "\n".join(lines) + "\n"


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


@contextlib.contextmanager
def _bench(
    exercise: Exercise,
    solutions: Solutions,
    *,
    secrets: int = 100,
    progress: Callable[[str], None] = lambda _: None,
    mutants: bool = False,
) -> Iterator[Bench]:
    """Open a grader for an exercise that is validated."""
    with open_runner(exercise, solutions=solutions.folder) as runner:
        secret = Secret(DEFAULT_SECRET, "default")
        grader = Grader(exercise, solutions, secret, runner)
        yield Bench(exercise, solutions, grader, secrets, progress, mutants)


def checks(
    exercise: Exercise,
    solutions: Solutions,
    *,
    secrets: int = 100,
    progress: Callable[[str], None] = lambda _: None,
    mutants: bool = False,
) -> Iterator[Check]:
    """Run every check, and yield what each one found.

    Where something does not end by itself, that is all that is found: it could not be tried here.
    """
    files = f"exercise.toml, {exercise.file} and the files of the hidden half are valid"
    progress("files: trying them")
    faults = _rehearsed(exercise, solutions)
    yield Check("files", files, tuple(dict.fromkeys(faults)))
    if faults:
        return
    with _bench(
        exercise,
        solutions,
        secrets=secrets,
        progress=progress,
        mutants=mutants,
    ) as bench:
        for each in CHECKS:
            try:
                with warnings.catch_warnings():
                    # Those of an author's code would stand between the lines of the checks.
                    warnings.simplefilter("ignore")
                    found = each(bench)
                yield found
            except ExerciseError as error:
                name = each.__name__.removeprefix("check_")
                yield Check(name, "could not be tried", error.faults)


def _rehearsed(exercise: Exercise, solutions: Solutions) -> list[str]:
    try:
        return rehearse(exercise, solutions)
    except ExerciseError as error:
        return list(error.faults)


def _progress(text: str) -> None:
    """Show on a terminal what is being done, in one line that the next one replaces."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
