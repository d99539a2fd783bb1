"""What the command line says on standard error, and the exit status that goes with it.

Messages quote names and texts of strangers, so each line passes `untrusted`. Only an invalid
exercise gets several lines, one for each of its faults: a line end in any other message is a
stranger's, and becomes a blank.
"""

from grader.errors import ExerciseError, GraderError, IsolationError
from grader.log import write_to_log
from grader.untrusted import TEXT_LIMIT, file_name, for_log, for_terminal

_TRACEBACK = 20_000
"""Characters of a traceback."""


def warn(message: str) -> None:
    """Write one line about something that does not end the command."""
    write_to_log(for_terminal(f"grader: {message}", TEXT_LIMIT))


def complain(message: str, status: int) -> int:
    """Write one line, and return the status."""
    warn(message)
    return status


def complain_about(error: Exception) -> int:
    """Write what went wrong, and return the exit status that goes with it."""
    if isinstance(error, ExerciseError):
        for fault in error.faults:
            complain(fault, error.exit_code)
        return error.exit_code
    if isinstance(error, IsolationError):
        text = f"{error}; to accept less, say how much with --require-isolation"
        return complain(text, error.exit_code)
    if isinstance(error, GraderError):
        return complain(str(error), error.exit_code)
    if isinstance(error, OSError):
        where = f"{file_name(error.filename)}: " if error.filename else ""
        reason = error.strerror or str(error)
        return complain(f"{where}{reason}", GraderError.exit_code)
    import traceback

    # Nobody foresaw this error, so whoever fixes it needs the place. Its status is ours too:
    # Python's own would be 1, which means "below --fail-under".
    lines = "".join(traceback.format_exception(error))
    write_to_log(for_log(lines, _TRACEBACK))
    reason = f"a fault of the grader: {type(error).__name__}: {error}"
    return complain(reason, GraderError.exit_code)
