"""Runs inside an artifact: takes one submission, and writes what the platform reads.

    python -I -m grader.packaging.entry PLATFORM --source DIR --submission PATH [--output FILE]
    [--summary FILE] [--page FILE] [--strict]

`--source` is a folder with `settings.json`, `exercises/NAME`, `solutions/NAME`, and `secret` if the
artifact was made with one. `--submission` is a file, a folder, or `env:NAME` for source text in an
environment variable.

The platform always gets an output. When the grader itself fails, that is the platform's own "not
graded", never a missing file or a traceback; the reason goes to standard error, which is the
operator's log. The exit status is 0 if the platform has been told, and 1 if its own protocol wants
to be told of a fault by the status too. With `--strict` it is also 1 if a case did not pass.

Theory of operation. On many platforms this runs as root, beside the solutions, on files that a
student chose. So the hidden half is the one in `--source` and is never looked for elsewhere. It is
closed to all other users before any student code runs. `intake.single` chooses and reads the
submission without following a link, because a link to the reference solution would be graded as the
student's work.

The worker's interpreter is started before numpy is imported here, so that both import it side by
side; hence this module imports next to nothing.
"""

import argparse
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.execution.prestart import prestart
from grader.log import guard_standard_error
from grader.startup import settle


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade, write, and return the exit status."""
    guard_standard_error()
    options = _parser().parse_args(arguments)
    settle()
    _close(options.source)
    with prestart() as template:
        from grader.packaging import one_grading

        report = one_grading.report_on(
            options.source, options.submission, template
        )
    return one_grading.tell(
        report,
        options.platform,
        output=options.output,
        summary=options.summary,
        page=options.page,
        strict=options.strict,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="grader.packaging.entry")
    parser.add_argument("platform")
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--submission", required=True)
    parser.add_argument("--output", type=Path, help="default: standard output")
    parser.add_argument(
        "--summary", type=Path, help="append a Markdown summary to this file"
    )
    parser.add_argument(
        "--page", type=Path, help="write the same summary to this file"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit with 1 if a case did not pass",
    )
    return parser


def _close(source: Path) -> None:
    """Keep the solutions and the secret from all but their owner, if that is who we are."""
    for path, mode in (
        (source / "solutions", 0o700),
        (source / "secret", 0o600),
    ):
        with contextlib.suppress(OSError):
            path.chmod(mode)


if __name__ == "__main__":
    sys.exit(main())
