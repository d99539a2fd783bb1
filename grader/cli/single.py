"""What `check` and `grade` do with one file, without a parser.

`OPTIONS` has the defaults; the parser takes them from there.
"""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from grader.cli.complaining import warn
from grader.errors import GraderError
from grader.output import known_format, print_report
from grader.startup import everything_is_imported

if TYPE_CHECKING:
    from grader.execution import PrestartedTemplate
    from grader.model import Exercise, Isolation, Report
    from grader.render.beside import Beside
    from grader.render.hints import Steps
    from grader.submission import HandedIn

BELOW = 1
"""Exit status where a score is below `--fail-under`."""


class Options(NamedTuple):
    """The options of `grade`; `check` has the first ones."""

    exercise: str | None = None
    """None: see `grader.exercise.choice`."""
    fmt: str = "text"
    hints: "Steps | None" = None
    solutions: Path | None = None
    output: Path | None = None
    jobs: int | None = None
    fresh: bool = False
    secret_file: Path | None = None
    require_isolation: str | None = None
    fail_under: float | None = None
    scheduler: str | None = None
    only_these: bool = False
    roster: Path | None = None
    due: str | None = None
    late: str | None = None


DEFAULT: Final = Options()


def _opener(file: Path) -> "Callable[[], HandedIn]":
    """Return what opens the file, once.

    Reading it takes imports, which are better done while a template starts. So it is opened before
    only if it has to show which exercise it is for.
    """

    def handed_in() -> "HandedIn":
        from grader.submission import HandedIn

        return HandedIn.at(file)

    return functools.cache(handed_in)


def check_file(
    file: Path,
    prestarted: "PrestartedTemplate | None" = None,
    options: Options = DEFAULT,
) -> None:
    """Run one file on the public examples, and print the report."""
    known_format(options.fmt)
    from grader.execution import open_runner
    from grader.exercise import load_exercise, public_half_to_check

    handed_in = _opener(file)
    exercise = load_exercise(
        public_half_to_check(options.exercise, lambda: handed_in().names())
    )
    with open_runner(exercise, single=True, prestarted=prestarted) as runner:
        # The template gets ready in the meantime, so the rest is imported after it.
        from grader.grading import check

        submission = handed_in().submission(exercise)
        everything_is_imported()
        report = check(exercise, submission, runner)
        # And while it ends:
        print_report(
            report,
            options.fmt,
            "student",
            options.output,
            hints=options.hints,
            beside=_beside(report, exercise),
        )
    _exit_for(report, None)


def _beside(report: "Report", exercise: "Exercise") -> "Beside":
    """Return how this compares with the last attempt, and what to hand in when all is right."""
    from grader.attempts import Attempt, since_last
    from grader.render.beside import Beside, hand_in, right_of

    found = right_of(report)
    progress = ""
    if found is not None:
        right, of = found
        attempt = Attempt(exercise.digest, right, of)
        progress = since_last(exercise.name, attempt)
    following = hand_in(report, report.submission.name, exercise.hand_in)
    return Beside(progress=progress, next=following)


def grade_file(
    file: Path,
    prestarted: "PrestartedTemplate | None" = None,
    options: Options = DEFAULT,
) -> None:
    """Run the hidden tests on one file, and print the report or write it to `output`."""
    known_format(options.fmt)
    from grader.api import open_grader
    from grader.exercise import load_exercise, public_half_to_grade

    handed_in = _opener(file)
    exercise = load_exercise(
        public_half_to_grade(
            options.exercise, options.solutions, lambda: handed_in().names()
        )
    )
    with open_grader(
        exercise,
        solutions=options.solutions,
        secret=options.secret_file,
        require_isolation=options.require_isolation,
        single=True,
        prestarted=prestarted,
    ) as grader:
        submission = handed_in().submission(exercise)
        everything_is_imported()
        warn_of(grader.runner.isolation)
        report = grader.grade(submission)
        # While the template ends:
        print_report(
            report,
            options.fmt,
            "instructor",
            options.output,
            hints=options.hints,
        )
    _exit_for(report, options.fail_under)


def warn_of(isolation: "Isolation") -> None:
    """Say on standard error where a submission is graded with less than full isolation."""
    from grader.render.prose import isolation_note

    note = isolation_note(isolation.level)
    if note is not None:
        warn(note)


COMMANDS: Final[
    dict[str, Callable[[Path, "PrestartedTemplate | None"], None]]
] = {
    "check": check_file,
    "grade": grade_file,
}
"""What to call for a command line of nothing but a command and a file."""


def exit_below(score: float | None, fail_under: float | None) -> None:
    """End with a status of its own where a score is lower than was asked for."""
    if fail_under is not None and score is not None and score < fail_under:
        raise SystemExit(BELOW)


def _exit_for(report: "Report", fail_under: float | None) -> None:
    from grader.model import Status

    if report.status is Status.GRADER_ERROR:
        raise SystemExit(
            GraderError.exit_code
        )  # the log already has the reason
    exit_below(report.score or 0.0, fail_under)
