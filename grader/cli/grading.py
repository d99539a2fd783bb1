"""The commands that run submissions: `check` and `grade`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.complaining import warn
from grader.cli.options import (
    EXERCISE,
    FORMAT,
    HINTS,
    PATH,
    SECRET,
    SOLUTIONS,
)
from grader.cli.single import Options, check_file, exit_below, grade_file
from grader.errors import SUBMISSION_SUFFIXES, UsageError
from grader.isolation import LEVELS
from grader.startup import everything_is_imported

if TYPE_CHECKING:
    from grader.execution import PrestartedTemplate
    from grader.model import Exercise


@click.command()
@click.argument("file", type=PATH)
@EXERCISE
@FORMAT
@HINTS
@click.option(
    "--output",
    type=PATH,
    metavar="FILE",
    help="Output file.  [default: standard output]",
)
@click.pass_obj
def check(
    prestarted: "PrestartedTemplate | None",
    /,
    file: Path,
    **options: object,
) -> None:
    """Try FILE (.py or .ipynb) on the exercise's public examples.

    Needs nothing from the instructor: the inputs and the right answers are the ones in the
    exercise's README.
    """
    if file.suffix.lower() not in SUBMISSION_SUFFIXES and _is_file(file):
        raise UsageError(
            f"{file}: is neither .py nor .ipynb; give the file with your function"
        )
    given = Options(**options)  # type: ignore[arg-type] # click has converted them
    check_file(file, prestarted, given)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=PATH)
@EXERCISE
@SOLUTIONS
@FORMAT
@HINTS
@click.option(
    "--output",
    type=PATH,
    metavar="PATH",
    help="Output file; for a batch, output folder.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Grading processes of a batch.  [default: the number of cores]",
)
@click.option(
    "--fresh",
    is_flag=True,
    help="Grade everything again, not only what is missing or has changed.",
)
@click.option(
    "--only-these",
    is_flag=True,
    help="Leave out students who were graded into the output folder before but are not given now.",
)
@click.option(
    "--roster",
    type=PATH,
    metavar="FILE",
    help="CSV of the class; students on it who handed in nothing are `missing`.",
)
@click.option(
    "--due",
    metavar="WHEN",
    help='When it was due: "2026-11-20 23:59 Europe/Berlin".  [default: the platform says who '
    "is late]",
)
@click.option(
    "--late",
    metavar="RULE",
    help='What lateness costs of the score: "10%/day, at most 50%".  [default: nothing]',
)
@SECRET
@click.option(
    "--require-isolation",
    type=click.Choice(LEVELS[::-1]),
    help="Refuse to run with less.  [default: full on Linux]",
)
@click.option(
    "--fail-under",
    type=float,
    metavar="SCORE",
    help="Exit with 1 where a score is below this.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Send a batch to this Dask scheduler.",
)
@click.pass_obj
def grade(
    prestarted: "PrestartedTemplate | None",
    /,
    paths: tuple[Path, ...],
    **options: object,
) -> None:
    """Run the hidden tests on one submission, or on many.

    One file: the report goes to standard output, or to --output FILE. A folder, an archive or
    several paths: a batch into the folder --output (default: results/), with one report for each
    submission, gradebook.csv, summary.json and index.html. Run it again to grade only what is new
    or changed. Students graded into that folder before stay in the class, and so do its roster,
    due time and rule for late work, until others or `none` are given. A batch has one exercise:
    where there are several, it is convolution unless --exercise names another.
    """
    given = Options(**options)  # type: ignore[arg-type] # click has converted them
    if len(paths) == 1 and not _is_many(paths[0]):
        _refuse_for_one_file(given)
        grade_file(paths[0], prestarted, given)
        return
    if prestarted is not None:
        prestarted.discard()
    everything_is_imported()
    _grade_batch(paths, given)


def _refuse_for_one_file(options: Options) -> None:
    """Raise UsageError where an option makes sense for a class alone."""
    for name, value in (
        ("roster", options.roster),
        ("due", options.due),
        ("late", options.late),
        ("only-these", options.only_these or None),
    ):
        if value is not None:
            raise UsageError(
                f"--{name}: is for a class; give its folder or archive, not one file"
            )


def _grade_batch(paths: tuple[Path, ...], options: Options) -> None:
    from grader.batch.run import grade_batch
    from grader.cases import read_secret
    from grader.classbook.terms import Asked
    from grader.exercise import (
        find_solutions,
        load_exercise,
        public_half_for_class,
    )
    from grader.intake.meant import definitions_of
    from grader.render import FORMATS

    if options.fmt not in FORMATS:
        raise UsageError(
            f"--format {options.fmt}: a batch writes JSON and pages; "
            "`grader render REPORT.json` makes the rest"
        )
    exercise = load_exercise(
        public_half_for_class(
            options.exercise, options.solutions, lambda: definitions_of(paths)
        )
    )
    if options.exercise is None:
        _tell_which(exercise, options)
    result = grade_batch(
        paths,
        exercise=exercise,
        solutions=find_solutions(exercise, options.solutions),
        secret=read_secret(options.secret_file, os.environ),
        output=options.output or Path("results"),
        jobs=options.jobs,
        fresh=options.fresh,
        require_isolation=options.require_isolation,
        scheduler=options.scheduler,
        asked=Asked(
            options.roster, options.due, options.late, options.only_these
        ),
    )
    if result.exit_code:
        raise SystemExit(result.exit_code)
    exit_below(result.lowest, options.fail_under)


def _tell_which(exercise: "Exercise", options: Options) -> None:
    """Say on standard error which exercise a class is graded with, where there are several."""
    from grader.exercise.trust import require_trusted

    if len(set(require_trusted(options.solutions).names())) > 1:
        warn(
            f"the exercise is {exercise.name}; for another, add --exercise NAME"
        )


def _is_many(path: Path) -> bool:
    """Return whether a path is a folder, an archive or a pattern, which are a batch.

    UsageError for a file that cannot be graded.
    """
    if path.suffix in SUBMISSION_SUFFIXES and _is_file(path):
        return False  # nearly always; what knows archives takes long to import
    from grader.intake.given import is_many

    return is_many(path)


def _is_file(path: Path) -> bool:
    # Not path.is_file(), which raises where a folder on the way may not be entered.
    return os.path.isfile(path)  # noqa: PTH113 - see above
