"""The commands for people who run the grader for others: `doctor`, `package` and `trust`."""

import os
from pathlib import Path

import click

from grader.cli.options import EXERCISE, PATH, SECRET, SOLUTIONS
from grader.output import say


class PackageCommand(click.Command):
    """`grader package`. Its help lists the artifacts; only help pays for reading their table."""

    def format_help_text(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the help text, and the list."""
        from grader.platforms import ARTIFACTS

        super().format_help_text(ctx, formatter)
        with formatter.section("Platforms"):
            formatter.write_dl(
                [(name, artifact.about) for name, artifact in ARTIFACTS.items()]
            )


@click.command(cls=PackageCommand)
@click.argument("platform")
@EXERCISE
@SOLUTIONS
@click.option(
    "--output",
    type=PATH,
    required=True,
    metavar="PATH",
    help="Output file or folder.",
)
@click.option(
    "--image",
    metavar="NAME",
    help="The grading image, as you push it; for platforms that have one.",
)
@click.option(
    "--include-secret",
    is_flag=True,
    help="Put the secret into the artifact; it is left out otherwise.",
)
@SECRET
def package(
    platform: str,
    exercise: str,
    solutions: Path | None,
    output: Path,
    image: str | None,
    include_secret: bool,
    secret_file: Path | None,
) -> None:
    """Make what is uploaded to PLATFORM."""
    from grader.cases import read_secret
    from grader.exercise import (
        load_exercise,
        public_half_to_check,
        public_half_to_grade,
    )
    from grader.exercise.trust import trusted
    from grader.packaging.artifacts import package as make

    secret = (
        read_secret(secret_file, os.environ).value if include_secret else None
    )
    # What students get needs no hidden half; without one, the exercise is found as `check` does.
    public_only = platform in ("students", "jupyterlite")
    if not public_only or trusted(solutions) is not None:
        loaded = load_exercise(public_half_to_grade(exercise, solutions))
    else:
        loaded = load_exercise(public_half_to_check(exercise))
    made = make(
        platform,
        loaded,
        solutions,
        output,
        secret=secret,
        image=image,
        whole_set=exercise is None,
    )
    say(made)


@click.command()
@EXERCISE
@SOLUTIONS
def doctor(exercise: str | None, solutions: Path | None) -> None:
    """Say what this machine can isolate, what it cannot, and how to get it."""
    from grader.execution.doctor import examine
    from grader.exercise import (
        load_exercise,
        public_half_to_check,
        public_half_to_grade,
    )
    from grader.exercise.trust import describe_trust, trusted

    found = trusted(solutions)
    if found is not None:
        loaded = load_exercise(public_half_to_grade(exercise, solutions))
    else:
        loaded = load_exercise(public_half_to_check(exercise))
    folder = None if found is None else found.hidden_half(loaded.name)
    for line in [*describe_trust(solutions), "", *examine(loaded, folder)]:
        say(line)


@click.command()
@click.argument("solutions", metavar="[DIR]", required=False, type=PATH)
def trust(solutions: Path | None) -> None:
    """Use the hidden tests in DIR from now on; without DIR, say which ones are used.

    DIR holds a folder for each exercise, with its reference.py and cases.toml, and lies beside the
    folder exercises/ with their public halves. Its code runs with your rights whenever you grade.
    """
    from grader.exercise import trust as trusting

    show = trusting.describe_trust
    for line in show() if solutions is None else trusting.trust(solutions):
        say(line)
