"""What a command prints: one report, in one format, on standard output or in a file.

The imports stand inside the functions, as in `cli`: a format that was not asked for costs nothing.
"""

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from grader.model import Report
    from grader.render import Audience
    from grader.render.beside import Beside
    from grader.render.hints import Steps


def format_names() -> list[str]:
    """Return the name of every format: those for people, then those of the platforms."""
    from grader.platforms import FORMATS as PLATFORM_FORMATS
    from grader.render import FORMATS

    return [*FORMATS, *PLATFORM_FORMATS]


def known_format(fmt: str) -> None:
    """Raise UsageError for a format that does not exist, before anything runs."""
    from grader.render import FORMATS

    # First without the platforms, which take time to import.
    if fmt not in FORMATS and fmt not in format_names():
        choices = ", ".join(format_names())
        raise UsageError(
            f"--format {fmt}: not a format; choose one of {choices}"
        )


def print_report(
    report: "Report",
    fmt: str,
    audience: "Audience",
    output: Path | None = None,
    *,
    hints: "Steps | None" = None,
    beside: "Beside | None" = None,
) -> None:
    """Write a report whole, to standard output or to a file.

    Raises UsageError or GraderError where that fails.
    """
    from grader.render import FORMATS, render

    if fmt in FORMATS:
        text = render(
            report,
            fmt,
            audience,
            hints=hints,
            beside=beside,
            terminal=output is None,
        )
    else:
        from grader.platforms import render_for
        from grader.render.svg import grid_svg

        text = render_for(fmt, report, draw=grid_svg)
    if output is None:
        _write_standard_output(text)
    else:
        from grader.files import write_whole

        write_whole(output, text.encode("utf-8", "backslashreplace"))


def say(line: object) -> None:
    """Write a line to standard output that is not a report; what it quotes may be a stranger's."""
    from grader.untrusted import no_commands, visible

    sys.stdout.write(no_commands(visible(f"{line}\n")))


def _write_standard_output(text: str) -> None:
    """Write all of `text` or fail with one line: a full disk must not pass for a report."""
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Student text may hold what the console cannot show: an escape is better than no
            # report.
            sys.stdout.reconfigure(errors="backslashreplace")
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`| head`) has had enough. Without this the interpreter complains once more
        # when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise GraderError(
            f"standard output: {error.strerror}; the report was not written"
        ) from error
