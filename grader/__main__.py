"""Where every command begins: `grader` and `python -m grader`.

The command line, its parser and numpy take a quarter of a second to import. A worker's template
takes as long to get ready, so it is started before any of them (`execution/prestart.py`). Whether
it will be needed is a guess, made from the arguments as they stand: a wrong guess costs a process
that is killed again, a right one half the time. The real parser decides everything else.
"""

import gc
import os
import sys

from grader.errors import SUBMISSION_SUFFIXES

GRADING = ("check", "grade")
"""The commands that run a submission."""


def main() -> int:
    """Run the command line of this process, and return its exit status."""
    template = None
    if seems_to_grade_one_file(sys.argv[1:]):
        from grader.execution.prestart import prestart

        template = prestart()
        gc.disable()  # until `startup.everything_is_imported`
    try:
        from grader.cli import main as run_command

        status = run_command(prestarted=template)
    finally:
        if template is not None:
            template.discard()
    if template is not None:
        leave(status)
    return status


def seems_to_grade_one_file(arguments: list[str]) -> bool:
    """Guess from unparsed arguments whether they grade or check a single file."""
    if not arguments or arguments[0] not in GRADING:
        return False
    files = [
        argument for argument in arguments if argument.endswith(SUBMISSION_SUFFIXES)
    ]
    return len(files) == 1 and os.path.isfile(files[0])  # noqa: PTH113 - pathlib is not imported yet


def leave(status: int) -> None:
    """End this process at once: taking numpy apart, object by object, takes 10 ms."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            return  # closed, or nobody reads it: the usual way out knows what to do
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
