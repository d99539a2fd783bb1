"""The commands for a class that has been graded: `grades`, `feedback` and `explain`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import PATH, SECRET, SOLUTIONS
from grader.errors import UsageError
from grader.output import say

if TYPE_CHECKING:
    from grader.sheets import Filled

_MOST_NAMED = 5


@click.command()
@click.argument("platform")
@click.argument("results", type=PATH)
@click.option(
    "--sheet",
    type=PATH,
    metavar="SHEET",
    help="The platform's own sheet, to be filled.  [default: a new one]",
)
@click.option(
    "--column",
    metavar="NAME",
    help="The assignment's column in SHEET, where it has several; without SHEET, its name.",
)
@click.option(
    "--output",
    type=PATH,
    metavar="FILE",
    help="Output file.  [default: the screen]",
)
def grades(
    platform: str,
    results: Path,
    sheet: Path | None,
    column: str | None,
    output: Path | None,
) -> None:
    """Write the grades in RESULTS as PLATFORM imports them.

    PLATFORM is moodle, canvas, blackboard or brightspace. With --sheet the file that the platform
    gave is filled: its columns, their order and its encoding stay. Students are matched by the
    platform's own id, and students who could not be matched are listed.
    """
    from grader.classbook.grades import read_gradebook, title_of
    from grader.opening import read_chosen
    from grader.sheets import PLATFORMS, fill, minimal
    from grader.sheets.table import Table

    if platform not in PLATFORMS:
        raise UsageError(
            f"{platform}: not a platform; choose one of {', '.join(PLATFORMS)}"
        )
    if (
        output is not None
        and sheet is not None
        and output.resolve() == sheet.resolve()
    ):
        raise UsageError(
            f"{output}: is the sheet itself; write to another file"
        )
    read = [row.grade for row in read_gradebook(results)]
    if sheet is None:
        name = column or title_of(results)
        data, left_out = minimal(PLATFORMS[platform], read, name)
        _names("without an id, and left out", left_out)
    else:
        table = Table(
            str(sheet),
            read_chosen(sheet, "give the sheet as it was downloaded"),
        )
        filled = fill(PLATFORMS[platform], table, read, column)
        data = filled.data
        _tell(filled, str(sheet), capped=PLATFORMS[platform].capped)
    _write(data, output)


@click.command()
@click.argument("platform")
@click.argument("results", type=PATH)
@click.option(
    "--output",
    type=PATH,
    required=True,
    metavar="FILE",
    help="Archive to write; for `folder` a new folder.",
)
def feedback(platform: str, results: Path, output: Path) -> None:
    """Write the students' pages in RESULTS as PLATFORM takes them back.

    PLATFORM is moodle or canvas, which take an archive, or folder: one page for each student. The
    pages are made for students: without ids, times or how the code was isolated.
    """
    from grader.classbook.feedback import (
        PLATFORMS,
        pages,
        write_archive,
        write_folder,
    )

    if platform not in PLATFORMS:
        raise UsageError(
            f"{platform}: not a platform; choose one of {', '.join(PLATFORMS)}"
        )
    written, left_out = pages(results, PLATFORMS[platform])
    write = write_folder if platform == "folder" else write_archive
    write(written, output)
    from grader.vocabulary import count

    _line(f"{output}: {count(len(written), 'page')} written")
    _names("without a page", left_out)


@click.command()
@click.argument("results", type=PATH)
@click.argument("student")
@SOLUTIONS
@SECRET
@click.option(
    "--output",
    type=PATH,
    metavar="FILE",
    help="Output file.  [default: the screen]",
)
def explain(
    results: Path,
    student: str,
    solutions: Path | None,
    secret_file: Path | None,
    output: Path | None,
) -> None:
    """Print the whole story of one grade in RESULTS, to send to the student.

    STUDENT is an id, an e-mail address, a name or a file. The text has what was given to the
    function, what had to come back, what came back, and a script that shows it again. With the
    hidden half and the secret, as for `grade`, the inputs are drawn again with their types.
    """
    from grader.batch.explain import explain as explain_grade
    from grader.cases import read_secret

    secret = read_secret(secret_file, os.environ)
    explained = explain_grade(results, student, solutions, secret)
    if explained.warning:
        _line(explained.warning)
    if output is not None:
        _write(explained.text.encode("utf-8", "backslashreplace"), output)
        return
    for line in explained.text.splitlines():
        say(line)


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
        return
    from grader.files import write_whole

    write_whole(output, data)


def _tell(filled: "Filled", sheet: str, *, capped: bool) -> None:
    """Say on standard error who got a grade, and who did not."""
    from grader.vocabulary import count

    _line(f"{sheet}: {count(filled.filled, 'grade')} filled in")
    _names("matched by name, since no id matches", filled.by_name)
    written = ", and written as the maximum" if capped else ""
    _names(f"above the maximum{written}", filled.above)
    _names("graded, but not in the sheet", filled.not_in_sheet)
    _names("in the sheet, but not graded: left as they were", filled.not_graded)


def _names(what: str, names: tuple[str, ...]) -> None:
    if names:
        more = len(names) - _MOST_NAMED
        shown = ", ".join(names[:_MOST_NAMED]) + (
            f" and {more} more" if more > 0 else ""
        )
        _line(f"{what}: {shown}")


def _line(text: str) -> None:
    from grader.untrusted import for_log

    click.echo(f"grader: {for_log(text)}", err=True)
