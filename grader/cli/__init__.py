"""The command line.

`commands` parses and has the table of all commands; `single` does what `check` and `grade` do with
one file. This module decides which of the two is needed, and what errors and signals become. Each
imports the next only where it is needed: `grader grade FILE` must not pay for a parser, nor for
notebooks, pages or a cluster.
"""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from grader.cli.complaining import complain, complain_about
from grader.log import guard_standard_error
from grader.startup import names_one_submission, settle

if TYPE_CHECKING:
    from grader.execution import PrestartedTemplate

INTERRUPTED = 130
TERMINATED = 143


def main(
    arguments: Sequence[str] | None = None,
    prestarted: "PrestartedTemplate | None" = None,
) -> int:
    """Run the command line and return the exit status; the only place where every error ends."""
    signal.signal(signal.SIGTERM, _terminate)
    settle()
    guard_standard_error()
    try:
        return _run(
            list(sys.argv[1:] if arguments is None else arguments), prestarted
        )
    except KeyboardInterrupt:
        return complain("stopped", INTERRUPTED)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    except Exception as error:  # noqa: BLE001 - every one of them has an exit status
        return complain_about(error)


def _run(arguments: list[str], prestarted: "PrestartedTemplate | None") -> int:
    if len(arguments) == 2 and names_one_submission(arguments):  # noqa: PLR2004 - no options
        from grader.cli import single

        command, file = arguments
        single.COMMANDS[command](Path(file), prestarted)
        return 0
    from grader.cli.commands import parse_and_run

    return parse_and_run(arguments, prestarted)


def _terminate(_signal: int, _frame: object) -> NoReturn:
    # An exception, so that every `with` on the way out ends its workers and removes its files.
    raise SystemExit(TERMINATED)
