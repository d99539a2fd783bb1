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
@click.option(
    "--mutants",
    is_flag=True,
    help="Change right solutions in one place each, and try every one.  [default: if it takes "
    "under ten seconds]",
)
@click.option(
    "--show",
    metavar="ID",
    help="Only write the page that a student with this misconception gets.",
)
def validate(
    exercise: str,
    solutions: Path | None,
    secrets: int,
    write_hints: bool,
    mutants: bool,
    show: str | None,
) -> None:
    """Check an exercise as its author would.

    The reference solution and the right samples pass, the stub does not, each misconception is
    named, and no two are alike. Then right solutions are changed in one place each: what is wrong
    then has to lose points. EXERCISE is looked for from where you stand, as in `grader check`,
    and the files of its hidden half are run. If all checks pass, validated.toml beside them
    records the exercise.toml and the stub that they passed with: `grader grade` refuses any other.
    """
    from grader.authoring import validate as validate_exercise

    validate_exercise(
        exercise,
        solutions,
        secrets=secrets,
        write_hints=write_hints,
        mutants=mutants,
        show=show,
    )


@click.command()
@click.argument("name")
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="SIGNATURE",
    help="What students write, such as 'softmax(logits)'. For several, say it several times.",
)
@click.option(
    "--from",
    "taken_from",
    type=PATH,
    metavar="FILE",
    help="Take it over from a notebook or a .py file with the marks of nbgrader or otter.",
)
def new(name: str, functions: tuple[str, ...], taken_from: Path | None) -> None:
    """Make a new exercise called NAME.

    Alone, it is a small one that works. With --function it is one for these functions, around a
    placeholder, and validates as it is. SIGNATURE is written as in Python, with annotations and
    defaults; for a class: "Linear(weights, bias): forward(x), backward(gradient)".

    With --from it is the one in a notebook or a file: statement, stub, reference solution and
    examples, from ### BEGIN SOLUTION, # SOLUTION, ### BEGIN HIDDEN TESTS, # BEGIN TESTS and
    nbgrader's metadata. What could not be taken over is listed, line by line.
    """
    from grader.authoring import new as new_exercise

    for line in new_exercise(name, functions=functions, taken_from=taken_from):
        say(line)
