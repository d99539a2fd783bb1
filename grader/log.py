"""The operator's log: what the grader says about itself, on standard error.

A fault of ours has two readers. The student reads `vocabulary.GRADER_FAULT`: not graded, not your
fault, try again. The reason (the path of `reference.py`, its exception, a worker that did not
start) is for the operator: it goes to the logger `grader`, and never into a report. Where nobody
has configured logging, Python writes it to standard error, which is the log of every platform.

Logs are read by CI runners too, line by line, and some lines are commands to them. So everything
that the command line writes to standard error passes `guard_standard_error`: whatever a message, a
warning or a traceback quotes, nothing acts and no line is a command.
"""

import contextlib
import io
import os
import sys
from typing import Final, TextIO

from grader.errors import GraderError
from grader.untrusted import file_name, for_log, no_commands, one_line, visible

_STANDARD_ERROR: Final = 2
_REASON: Final = 1000
_TRACEBACK: Final = 20_000


def reason_of(fault: Exception) -> str:
    """Return in one line why the grader itself failed, in words for its operator."""
    if isinstance(fault, GraderError):
        return one_line(str(fault), _REASON)
    return one_line(f"{type(fault).__name__}: {fault}", _REASON)


def log_fault(submission: str, fault: Exception) -> None:
    """Log why the grader itself failed on a submission; what nobody foresaw, with its traceback."""
    import logging
    import traceback

    text = f"grader: {file_name(submission)}: not graded: {reason_of(fault)}"
    if not isinstance(fault, GraderError):
        where = "".join(traceback.format_exception(fault))
        text += f"\n{for_log(where, _TRACEBACK)}"
    logging.getLogger("grader").error("%s", text)


def write_to_log(text: str) -> None:
    """Write lines to standard error. Where it is closed or full, there is no log, and no error."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def drop_what_cannot_be_logged() -> None:
    """Let the rest of a full or closed standard error go nowhere, so that it costs no exit status.

    Python tries to write it once more at its end, and some versions then exit with 120.
    """
    if sys.stderr is None:
        return
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STANDARD_ERROR)
        os.close(nowhere)


class GuardedStream(io.TextIOBase):
    """Passes text on line by line: what acts is shown, and no line is a command to a CI runner."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._line = ""

    @property
    def encoding(self) -> str:  # type: ignore[override] # a property there too, but typed as str
        """The encoding of the stream behind."""
        return self._stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override] # as above
        """What the stream behind does with text that it cannot encode."""
        return self._stream.errors

    def write(self, text: str) -> int:
        """Write the lines that are whole, and keep the rest of the text."""
        *whole, self._line = (self._line + text).split("\n")
        for line in whole:
            self._stream.write(_shown(line) + "\n")
        return len(text)

    def flush(self) -> None:
        """Write the line that has begun, too."""
        if self._line:
            self._stream.write(_shown(self._line))
            self._line = ""
        self._stream.flush()

    def isatty(self) -> bool:
        """Return False: a terminal is never guarded, because ours draws a bar there."""
        return False

    def fileno(self) -> int:
        """Return the descriptor of the stream behind; what is written there is not guarded."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Return True."""
        return True


def _shown(line: str) -> str:
    return no_commands(visible(line))


def guard_standard_error() -> None:
    """Guard what this process writes to standard error, unless that is a terminal."""
    if isinstance(sys.stderr, GuardedStream) or _is_terminal(sys.stderr):
        return
    sys.stderr = GuardedStream(sys.stderr)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is None or stream.isatty()
    except ValueError:  # it is closed
        return True
