"""The commands of whoever runs the grader for others: `doctor` and `package`."""

import os
from pathlib import Path

import click

from grader.cli.options import EXERCISE, PATH, SECRET, SOLUTIONS
from grader.errors import UsageError
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
    include_secret: bool,
    secret_file: Path | None,
) -> None:
    """Make what is uploaded to PLATFORM."""
    from grader.cases import read_secret
    from grader.exercise import load_exercise
    from grader.packaging.artifacts import package as make

    secret = read_secret(secret_file, os.environ).value if include_secret else None
    say(make(platform, load_exercise(exercise), solutions, output, secret))


@click.command()
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
        say(line)
