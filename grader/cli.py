"""The command line. The only place where an error becomes an exit status, and where a signal ends the program.

Imports stand inside the commands: `grader grade FILE` must not pay for notebooks, pages or a
cluster that it does not use, and the worker's interpreter starts while this one still imports.
"""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grader.errors import LEVELS, SUBMISSION_SUFFIXES, GraderError, UsageError
from grader.output import known_format, print_report
from grader.startup import settle
from grader.version import __version__

if TYPE_CHECKING:
    from grader.model import Report
    from grader.render import Audience

INTERRUPTED = 130
TERMINATED = 143
BELOW = 1

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
EXERCISE = click.option(
    "--exercise",
    default="convolution",
    show_default=True,
    metavar="NAME|DIR",
    help="The exercise, by name or folder.",
)
SOLUTIONS = click.option(
    "--solutions",
    type=click.Path(readable=False, path_type=Path),
    metavar="DIR",
    help="The hidden half.  [default: the solutions/ beside the exercise's exercises/]",
)


class _FormatOption(click.Option):
    """`--format`. Its help lists the formats, and nothing but help pays for reading their table."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        from grader.output import format_names

        self.help = f"One of {', '.join(format_names())}."
        return super().get_help_record(ctx)


class _PackageCommand(click.Command):
    """`grader package`. Its help lists the artifacts, and nothing but help pays for that."""

    def format_help_text(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        from grader.platforms import ARTIFACTS

        super().format_help_text(ctx, formatter)
        with formatter.section("Platforms"):
            formatter.write_dl(
                [(name, artifact.about) for name, artifact in ARTIFACTS.items()]
            )


FORMAT = click.option(
    "--format",
    "fmt",
    cls=_FormatOption,
    default="text",
    show_default=True,
    metavar="FORMAT",
)
SECRET = click.option(
    "--secret-file",
    type=click.Path(readable=False, path_type=Path),
    metavar="FILE",
    help="What the hidden inputs are drawn from.  [default: $GRADER_SECRET, else a well-known value]",
)


@click.group(context_settings=HELP)
@click.version_option(__version__, prog_name="grader")
def cli() -> None:
    """Grade NumPy exercises: it cannot be fooled, and it says why.

    \b
    A student:     grader check convolve.py
    An instructor: grader grade convolve.py            one file, the report on the screen
                   grader grade handed-in/             a folder, into results/
    An author:     grader new my-exercise, grader validate my-exercise
    An operator:   grader doctor, grader package gradescope --output autograder.zip

    \b Exit status: 0 graded, whatever the score; 1 below --fail-under; 2 wrong usage or no such
    path; 3 the exercise is invalid; 4 the grader itself failed; 5 the required isolation is not
    available.
    """


@cli.command()
@click.argument("file", type=click.Path(readable=False, path_type=Path))
@EXERCISE
@FORMAT
def check(file: Path, exercise: str, fmt: str) -> None:
    """Try FILE (.py or .ipynb) on the exercise's public examples.

    Needs nothing from the instructor: the inputs and the right answers are the ones in the
    exercise's README.
    """
    from grader.execution.prestart import begin

    known_format(fmt)
    if file.suffix.lower() not in SUBMISSION_SUFFIXES and os.path.isfile(file):  # noqa: PTH113 - see _is_many
        raise UsageError(
            f"{file}: is neither .py nor .ipynb; give the file with your function"
        )
    with begin() as early:
        from grader.execution import open_runner
        from grader.exercise import load_exercise
        from grader.grading import check as check_submission
        from grader.submission import read_submission

        loaded = load_exercise(exercise)
        submission = read_submission(file, loaded)
        with open_runner(loaded, early=early) as runner:
            report = check_submission(loaded, submission, runner)
    print_report(report, fmt, "student")
    _exit_for(report)


@cli.command()
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="PATH...",
    type=click.Path(readable=False, path_type=Path),
)
@EXERCISE
@SOLUTIONS
@FORMAT
@click.option(
    "--output",
    type=click.Path(readable=False, path_type=Path),
    metavar="PATH",
    help="File, or folder for a batch.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Workers of a batch.  [default: the cores]",
)
@click.option(
    "--fresh",
    is_flag=True,
    help="Grade all again, not only what is missing or has changed.",
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
    help="Exit with 1 where a score is below.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Send a batch to this Dask scheduler."
)
def grade(
    paths: tuple[Path, ...],
    exercise: str,
    solutions: Path | None,
    fmt: str,
    **options: Any,
) -> None:  # noqa: ANN401 - click's own
    """Run the hidden tests on one submission, or on many.

    \b One file: the report goes to standard output, or to --output FILE. A folder, an archive or
    several paths: a batch into the folder --output (default: results/), with one report for each
    submission, gradebook.csv, summary.json and index.html. Run it again to grade only what is new
    or changed.
    """
    if len(paths) == 1 and not _is_many(paths[0]):
        _grade_file(paths[0], exercise, solutions, fmt, **options)
    else:
        _grade_batch(paths, exercise, solutions, fmt, **options)


def _grade_file(
    path: Path,
    exercise: str,
    solutions: Path | None,
    fmt: str,
    *,
    output: Path | None,
    secret_file: Path | None,
    require_isolation: str | None,
    fail_under: float | None,
    **_batch_only: object,
) -> None:
    from grader.execution.prestart import begin

    known_format(fmt)
    with begin() as early:
        from grader.api import grade as grade_submission

        report = grade_submission(
            path,
            exercise,
            solutions=solutions,
            secret=secret_file,
            require_isolation=require_isolation,
            early=early,
        )
    print_report(report, fmt, "instructor", output)
    _exit_for(report, fail_under)


def _grade_batch(
    paths: tuple[Path, ...],
    exercise: str,
    solutions: Path | None,
    fmt: str,
    *,
    output: Path | None,
    secret_file: Path | None,
    fail_under: float | None,
    **options: Any,  # noqa: ANN401 - passed on: jobs, fresh, require_isolation, scheduler
) -> None:
    from grader.batch.run import grade_batch
    from grader.cases import read_secret
    from grader.exercise import find_solutions, load_exercise
    from grader.render import FORMATS

    if fmt not in FORMATS:
        raise UsageError(
            f"--format {fmt}: a batch writes JSON and pages; `grader render REPORT.json` makes the rest"
        )
    loaded = load_exercise(exercise)
    hidden = find_solutions(loaded, solutions)
    secret = read_secret(secret_file, os.environ)
    folder = output or Path("results")
    result = grade_batch(
        paths,
        exercise=loaded,
        solutions=hidden,
        secret=secret,
        output=folder,
        **options,
    )
    if result.exit_code:
        raise SystemExit(result.exit_code)
    if (
        fail_under is not None
        and result.lowest is not None
        and result.lowest < fail_under
    ):
        raise SystemExit(BELOW)


@cli.command()
@click.argument(
    "report", type=click.Path(readable=False, path_type=Path), metavar="REPORT.json"
)
@FORMAT
@click.option(
    "--audience",
    type=click.Choice(["student", "instructor"]),
    default="student",
    show_default=True,
)
def render(report: Path, fmt: str, audience: "Audience") -> None:
    """Show a saved JSON report as text, as a page, or as a course platform reads it."""
    from grader.render.json import read_report

    known_format(fmt)
    print_report(read_report(report), fmt, audience)


@cli.command()
@click.argument("exercise", default="convolution")
@SOLUTIONS
@click.option(
    "--secrets",
    default=100,
    show_default=True,
    type=click.IntRange(min=1),
    help="Secrets to try.",
)
@click.option(
    "--write-hints",
    is_flag=True,
    help="Write anew what diagnosis needs for the public examples.",
)
def validate(
    exercise: str, solutions: Path | None, secrets: int, write_hints: bool
) -> None:
    """Check an exercise as its author would: the reference passes, the stub does not, each misconception is named."""
    from grader.authoring import validate as validate_exercise

    validate_exercise(exercise, solutions, secrets=secrets, write_hints=write_hints)


@cli.command()
@click.argument("name")
def new(name: str) -> None:
    """Make a new exercise called NAME that already validates."""
    from grader.authoring import new as new_exercise

    for line in new_exercise(name):
        click.echo(line)


@cli.command(cls=_PackageCommand)
@click.argument("platform")
@EXERCISE
@SOLUTIONS
@click.option(
    "--output",
    type=click.Path(readable=False, path_type=Path),
    required=True,
    metavar="PATH",
    help="What to make.",
)
@click.option(
    "--include-secret",
    is_flag=True,
    help="Put the secret into the artifact (it is left out otherwise).",
)
@SECRET
def package(
    platform: str,
    exercise: str,
    solutions: Path | None,
    output: Path,
    include_secret: bool,
    secret_file: Path | None,
) -> None:
    """Make what is uploaded to PLATFORM."""
    from grader.cases import read_secret
    from grader.exercise import load_exercise
    from grader.packaging.artifacts import package as make

    secret = read_secret(secret_file, os.environ).value if include_secret else None
    click.echo(make(platform, load_exercise(exercise), solutions, output, secret))


@cli.command()
@EXERCISE
@SOLUTIONS
def doctor(exercise: str, solutions: Path | None) -> None:
    """Say what this machine can isolate, what it cannot, and how to get it."""
    from grader.execution.doctor import examine
    from grader.exercise import find_solutions, load_exercise

    loaded = load_exercise(exercise)
    try:
        folder: Path | None = find_solutions(loaded, solutions)
    except UsageError:
        if solutions is not None:
            raise
        folder = None
    for line in examine(loaded, folder):
        click.echo(line)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of a report."""
    from grader.render.schema import schema_text

    click.echo(schema_text(), nl=False)


# ------------------------------------------------------------------------------------------------------------- helpers


def _is_many(path: Path) -> bool:
    """Tell a folder, an archive or a pattern, which are a batch, from one file; UsageError for any other file."""
    # Not path.is_file(), which raises where a folder on the way may not be entered.
    if path.suffix in SUBMISSION_SUFFIXES and os.path.isfile(path):  # noqa: PTH113 - see above
        return False  # as nearly always; and what knows archives takes long to import
    from grader.intake.given import is_many

    return is_many(path)


def _exit_for(report: "Report", fail_under: float | None = None) -> None:
    from grader.model import Status

    if report.status is Status.GRADER_ERROR:
        raise GraderError(f"{report.submission.name}: {report.message}")
    if fail_under is not None and (report.score or 0.0) < fail_under:
        raise SystemExit(BELOW)


def _terminate(_signal: int, _frame: object) -> NoReturn:
    # An exception, so that every `with` on the way out ends its workers and removes its files.
    raise SystemExit(TERMINATED)


def _complain(message: str, status: int) -> int:
    # A fault may have several lines (an exercise with several mistakes): each gets the name of the
    # program.
    for line in message.splitlines() or [""]:
        click.echo(f"grader: {line}", err=True)
    return status


def _failure(error: Exception) -> tuple[str, int]:
    """Say what went wrong, and the exit status that goes with it."""
    if isinstance(error, GraderError):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}", GraderError.exit_code
    import traceback

    # Nobody foresaw it, so whoever mends it needs the place. Python's own status would be 1: "below
    # --fail-under".
    traceback.print_exception(error)
    return (
        f"a fault of the grader: {type(error).__name__}: {error}",
        GraderError.exit_code,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status; the only place where every error ends."""
    signal.signal(signal.SIGTERM, _terminate)
    settle()
    try:
        cli.main(arguments, prog_name="grader", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _complain("stopped", INTERRUPTED)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    except Exception as error:  # noqa: BLE001 - every one of them has an exit status
        return _complain(*_failure(error))
    return 0
