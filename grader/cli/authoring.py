"""The commands of an exercise's author: `new` and `validate`."""

from pathlib import Path

import click

from grader.cli.options import PATH
from grader.output import say


@click.command()
@click.argument("exercise", default="convolution")
@click.option(
    "--solutions",
    type=PATH,
    metavar="DIR",
    help="The hidden half.  [default: the one beside the exercise, else as for grade]",
)
@click.option(
    "--secrets",
    default=100,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many secrets to try.",
)
@click.option(
    "--write-hints",
    is_flag=True,
    help="Write what diagnosis needs for the public examples.",
)
def validate(
    exercise: str, solutions: Path | None, secrets: int, write_hints: bool
) -> None:
    """Check an exercise as its author would.

    The reference solution passes, the stub does not, and each misconception is named. EXERCISE
    is looked for from where you stand, as in `grader check`, and its reference.py and
    misconceptions.py are run. If all checks pass, validated.toml beside them records the
    exercise.toml and the stub that they passed with: `grader grade` refuses any other.
    """
    from grader.authoring import validate as validate_exercise

    validate_exercise(
        exercise, solutions, secrets=secrets, write_hints=write_hints
    )


@click.command()
@click.argument("name")
def new(name: str) -> None:
    """Make a new exercise called NAME that already validates."""
    from grader.authoring import new as new_exercise

    for line in new_exercise(name):
        say(line)
