"""Where every command begins: `grader` and `python -m grader`.

The command line, its parser and numpy take a quarter of a second to import. A worker's template
takes as long to get ready, so it is started before any of them (`execution/prestart.py`). Whether
it will be needed is a guess, made from the arguments as they stand: a wrong guess costs a process
that is killed again, a right one half the time. The real parser decides everything else.
"""

import gc
import sys

# `python -m grader` has put the working folder first, where a student's numpy.py may lie. It goes
# before anything else is imported. The installed command has its own folder there instead.
if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]

import os

from grader.startup import leave_out_relative_paths, names_one_submission


def main() -> int:
    """Run the command line of this process, and return its exit status."""
    for variable in leave_out_relative_paths():
        from grader.log import write_to_log

        write_to_log(
            f"grader: {variable}: relative folders in it are not used, since they are others "
            "wherever you stand; give absolute paths"
        )
    if not names_one_submission(sys.argv[1:]):
        from grader.cli import main as run_command

        status = run_command()
        if sys.argv[1:2] == ["grade"]:
            leave(status)
        leave_the_usual_way()
        return status
    from grader.execution.prestart import prestart

    with prestart() as template:
        gc.disable()  # until `startup.everything_is_imported`
        from grader.cli import main as run_command

        status = run_command(prestarted=template)
    leave(status)
    return status


def leave(status: int) -> None:
    """End this process at once: taking all apart, object by object, takes 10 to 40 ms."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            return leave_the_usual_way()
    os._exit(status)


def leave_the_usual_way() -> None:
    """Let Python end: a full standard error is no reason for another exit status."""
    from grader.log import drop_what_cannot_be_logged

    drop_what_cannot_be_logged()


if __name__ == "__main__":
    sys.exit(main())
