"""The commands that run submissions: `check` and `grade`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from grader.cli.options import EXERCISE, FORMAT, PATH, SECRET, SOLUTIONS
from grader.errors import LEVELS, SUBMISSION_SUFFIXES, GraderError, UsageError
from grader.output import known_format, print_report
from grader.startup import everything_is_imported

if TYPE_CHECKING:
    from grader.execution import PrestartedTemplate
    from grader.model import Report

BELOW = 1
"""Exit status where a score is below `--fail-under`."""


@click.command()
@click.argument("file", type=PATH)
@EXERCISE
@FORMAT
@click.pass_obj
def check(
    prestarted: "PrestartedTemplate | None", /, file: Path, exercise: str, fmt: str
) -> None:
    """Try FILE (.py or .ipynb) on the exercise's public examples.

    Needs nothing from the instructor: the inputs and the right answers are the ones in the
    exercise's README.
    """
    known_format(fmt)
    if _is_other_file(file):
        raise UsageError(
            f"{file}: is neither .py nor .ipynb; give the file with your function"
        )
    from grader.execution import open_runner
    from grader.exercise import load_exercise
    from grader.grading import check as check_submission
    from grader.submission import read_submission

    everything_is_imported()
    loaded = load_exercise(exercise)
    submission = read_submission(file, loaded)
    with open_runner(loaded, single=True, prestarted=prestarted) as runner:
        report = check_submission(loaded, submission, runner)
        print_report(report, fmt, "student")  # while the worker's processes end
    _exit_for(report, None)


class GradeOptions(NamedTuple):
    """The options of `grade`."""

    exercise: str
    solutions: Path | None
    fmt: str
    output: Path | None
    jobs: int | None
    fresh: bool
    secret_file: Path | None
    require_isolation: str | None
    fail_under: float | None
    scheduler: str | None


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=PATH)
@EXERCISE
@SOLUTIONS
@FORMAT
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
@SECRET
@click.option(
    "--require-isolation",
    type=click.Choice(LEVELS[::-1]),
    help="Refuse to run with less.",
)
@click.option(
    "--fail-under",
    type=float,
    metavar="SCORE",
    help="Exit with 1 where a score is below this.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Send a batch to this Dask scheduler."
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
    or changed.
    """
    given = GradeOptions(**options)  # type: ignore[arg-type] # click has converted them
    if len(paths) == 1 and not _is_many(paths[0]):
        _grade_file(paths[0], given, prestarted)
        return
    if prestarted is not None:
        prestarted.discard()
        everything_is_imported()
    _grade_batch(paths, given)


def _grade_file(
    path: Path, options: GradeOptions, prestarted: "PrestartedTemplate | None"
) -> None:
    known_format(options.fmt)
    from grader.api import open_grader
    from grader.exercise import load_exercise
    from grader.submission import read_submission

    everything_is_imported()
    exercise = load_exercise(options.exercise)
    submission = read_submission(path, exercise)
    with open_grader(
        exercise,
        solutions=options.solutions,
        secret=options.secret_file,
        require_isolation=options.require_isolation,
        single=True,
        prestarted=prestarted,
    ) as grader:
        report = grader.grade(submission)
        # While the worker's processes end:
        print_report(report, options.fmt, "instructor", options.output)
    _exit_for(report, options.fail_under)


def _grade_batch(paths: tuple[Path, ...], options: GradeOptions) -> None:
    from grader.batch.run import grade_batch
    from grader.cases import read_secret
    from grader.exercise import find_solutions, load_exercise
    from grader.render import FORMATS

    if options.fmt not in FORMATS:
        raise UsageError(
            f"--format {options.fmt}: a batch writes JSON and pages; "
            "`grader render REPORT.json` makes the rest"
        )
    exercise = load_exercise(options.exercise)
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
    )
    if result.exit_code:
        raise SystemExit(result.exit_code)
    _exit_below(result.lowest, options.fail_under)


def _is_other_file(path: Path) -> bool:
    """Return whether a path is a file that is no submission."""
    return path.suffix.lower() not in SUBMISSION_SUFFIXES and _is_file(path)


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


def _exit_for(report: "Report", fail_under: float | None) -> None:
    from grader.model import Status

    if report.status is Status.GRADER_ERROR:
        raise GraderError(f"{report.submission.name}: {report.message}")
    _exit_below(report.score or 0.0, fail_under)


def _exit_below(score: float | None, fail_under: float | None) -> None:
    if fail_under is not None and score is not None and score < fail_under:
        raise SystemExit(BELOW)
