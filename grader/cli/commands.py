"""The parser: which commands there are, and in which module each is.

A command's module is imported when it is called, and imports what it needs inside the command.
"""

import io
from importlib import import_module
from typing import TYPE_CHECKING

import click

from grader.log import write_to_log
from grader.untrusted import for_log
from grader.version import __version__

if TYPE_CHECKING:
    from grader.execution import PrestartedTemplate

COMMANDS = {
    "check": "grading",
    "doctor": "operating",
    "explain": "classes",
    "feedback": "classes",
    "grade": "grading",
    "grades": "classes",
    "new": "authoring",
    "package": "operating",
    "render": "reports",
    "schema": "reports",
    "serve": "serve",
    "trust": "operating",
    "validate": "authoring",
}
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return sorted(COMMANDS)

    def get_command(
        self, ctx: click.Context, cmd_name: str
    ) -> click.Command | None:
        """Import a command; None where there is none of this name."""
        del ctx
        # Of an unknown name click says which known one was meant, so it has to know all of them.
        for name in [cmd_name] if cmd_name in COMMANDS else COMMANDS:
            module = import_module(f"grader.cli.{COMMANDS[name]}")
            self.commands[name] = getattr(module, name)
        return self.commands.get(cmd_name)


@click.group(cls=Commands, context_settings=HELP)
@click.version_option(__version__, prog_name="grader")
def cli() -> None:
    """Grade NumPy exercises: it cannot be fooled, and it says why.

    \b
    A student:     grader check convolve.py
    An instructor: grader grade convolve.py            one file, the report on the screen
                   grader grade handed-in/             a folder, into results/
                   grader grades moodle results --sheet SHEET.csv --output FILE
                   grader explain results ada@uni.example
    An author:     grader new my-exercise, grader validate my-exercise
    An operator:   grader doctor, grader package gradescope --output autograder.zip

    Exit status: 0 graded, whatever the score; 1 below --fail-under; 2 wrong usage or no such
    path; 3 the exercise is invalid; 4 the grader itself failed; 5 the required isolation is not
    available.
    """


def parse_and_run(
    arguments: list[str], prestarted: "PrestartedTemplate | None"
) -> int:
    """Run a command and return its exit status; every error but wrong usage is raised."""
    try:
        cli.main(
            arguments, prog_name="grader", standalone_mode=False, obj=prestarted
        )
    except click.ClickException as error:
        # It quotes the arguments, and a shell passes a file that is called like an option.
        shown = io.StringIO()
        error.show(file=shown)
        write_to_log(for_log(shown.getvalue()))
        return error.exit_code
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return 0
