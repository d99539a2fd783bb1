"""The command line: its commands, and what errors and signals become.

`COMMANDS` says which module a command is in. Each module is imported when one of its commands is
called, and imports what a command needs inside the command: `grader grade FILE` must not pay for
notebooks, pages or a cluster that it does not use.
"""

import signal
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from grader.errors import GraderError
from grader.startup import settle
from grader.version import __version__

if TYPE_CHECKING:
    from grader.execution import PrestartedTemplate

COMMANDS = {
    "check": "grading",
    "doctor": "operating",
    "grade": "grading",
    "new": "authoring",
    "package": "operating",
    "render": "reports",
    "schema": "reports",
    "validate": "authoring",
}

INTERRUPTED = 130
TERMINATED = 143
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
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
    An author:     grader new my-exercise, grader validate my-exercise
    An operator:   grader doctor, grader package gradescope --output autograder.zip

    Exit status: 0 graded, whatever the score; 1 below --fail-under; 2 wrong usage or no such
    path; 3 the exercise is invalid; 4 the grader itself failed; 5 the required isolation is not
    available.
    """


def main(
    arguments: Sequence[str] | None = None,
    prestarted: "PrestartedTemplate | None" = None,
) -> int:
    """Run the command line and return the exit status; the only place where every error ends."""
    signal.signal(signal.SIGTERM, _terminate)
    settle()
    try:
        cli.main(arguments, prog_name="grader", standalone_mode=False, obj=prestarted)
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


def _terminate(_signal: int, _frame: object) -> NoReturn:
    # An exception, so that every `with` on the way out ends its workers and removes its files.
    raise SystemExit(TERMINATED)


def _complain(message: str, status: int) -> int:
    # An exercise with several mistakes gives several lines: each begins with the program's name.
    for line in message.splitlines() or [""]:
        click.echo(f"grader: {line}", err=True)
    return status


def _failure(error: Exception) -> tuple[str, int]:
    """Return what to say about an error, and the exit status that goes with it."""
    if isinstance(error, GraderError):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}", GraderError.exit_code
    import traceback

    # Nobody foresaw this error, so whoever fixes it needs the place. Its status is ours too:
    # Python's own would be 1, which means "below --fail-under".
    traceback.print_exception(error)
    message = f"a fault of the grader: {type(error).__name__}: {error}"
    return message, GraderError.exit_code
