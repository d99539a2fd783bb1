"""`gradebook.csv`: one row per student, safe to open in a spreadsheet.

- Quoting and line ends follow RFC 4180.
- A byte order mark stands at the start where there is more than ASCII. Without it Excel reads UTF-8
  as the local code page. An ASCII file has none, because a plain CSV reader would take it for part
  of the first column's name.
- A quote stands before text that a spreadsheet would run as a formula: students choose their names.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from grader.classbook.rows import Row
from grader.untrusted import for_csv, no_commands
from grader.vocabulary import number

_CELLS: Final = 256
"""Cells that are kept: most of a class are verdicts, points and statuses."""


class Column(NamedTuple):
    """A heading, and what stands below it for one submission."""

    heading: str
    cell: Callable[[Row], str]


def _points(score: float | None) -> str:
    return "" if score is None else number(score)


def _misconceptions(row: Row) -> str:
    return " ".join(row.facts.misconceptions) if row.facts is not None else ""


BEFORE_CASES: Final = (
    Column("name", lambda row: row.name),
    Column("student", lambda row: row.student.name),
    Column("id", lambda row: row.student.id),
    Column("email", lambda row: row.student.email),
    Column("group", lambda row: row.student.group),
    Column("file", lambda row: row.student.file),
    Column("origin", lambda row: row.student.origin),
    Column("attempt", lambda row: str(row.student.attempt or "")),
    Column("submitted_at", lambda row: row.student.submitted_at),
    Column("late", lambda row: "yes" if row.late.late else ""),
    Column("late_by", lambda row: row.late_by),
    Column("status", lambda row: row.status),
    Column("score", lambda row: _points(row.score)),
    Column("max_score", lambda row: number(row.max_score)),
    Column("final", lambda row: _points(row.final)),
)
AFTER_CASES: Final = (
    Column("misconceptions", _misconceptions),
    Column("comment", lambda row: row.comment),
)
"""Between the two stands one column per case, with its verdict."""


def gradebook(rows: Iterable[Row], cases: Sequence[str]) -> Iterator[bytes]:
    """Yield the lines of the gradebook, the header first."""
    columns = (*BEFORE_CASES, *map(_case_column, cases), *AFTER_CASES)
    header = csv_line(column.heading for column in columns)
    lines = [csv_line(column.cell(row) for column in columns) for row in rows]
    if not all(line.isascii() for line in (header, *lines)):
        yield b"\xef\xbb\xbf"
    yield header
    yield from lines


def _case_column(case: str) -> Column:
    def verdict(row: Row) -> str:
        verdicts = row.facts.verdicts if row.facts is not None else ()
        return dict(verdicts).get(case, "")

    return Column(case, verdict)


def csv_line(cells: Iterable[str]) -> bytes:
    """Return one line of a file for spreadsheets; no cell of it is ever run as a formula."""
    return f"{','.join(map(_cleaned, cells))}\r\n".encode()


@functools.lru_cache(_CELLS)
def _cleaned(cell: str) -> str:
    return for_csv(no_commands(cell)) if cell else ""
