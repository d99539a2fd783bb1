"""`gradebook.csv`: one row per submission, safe to open in a spreadsheet.

- Quoting and line ends follow RFC 4180.
- A byte order mark stands at the start where there is more than ASCII. Without it Excel reads UTF-8
  as the local code page. An ASCII file has none, because a plain CSV reader would take it for part
  of the first column's name.
- A quote stands before text that a spreadsheet would run as a formula: students choose their names.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from grader.classbook.facts import Facts
from grader.intake.student import Student
from grader.model import Status
from grader.untrusted import for_csv, no_commands
from grader.vocabulary import number


class Row(NamedTuple):
    """One submission: whose it is, and what became of it."""

    student: Student
    facts: Facts


class Column(NamedTuple):
    """A heading, and what stands below it for one submission."""

    heading: str
    cell: Callable[[Row], str]


BEFORE_CASES: Final = (
    Column("name", lambda row: row.facts.name),
    Column("student", lambda row: row.student.name),
    Column("id", lambda row: row.student.id),
    Column("email", lambda row: row.student.email),
    Column("group", lambda row: row.student.group),
    Column("file", lambda row: row.student.file),
    Column("origin", lambda row: row.student.origin),
    Column("attempt", lambda row: str(row.student.attempt)),
    Column("submitted_at", lambda row: row.student.submitted_at),
    Column("late", lambda row: "yes" if row.student.late else ""),
    Column("status", lambda row: row.facts.status),
    Column("score", lambda row: _points(row.facts.score)),
    Column("max_score", lambda row: number(row.facts.max_score)),
)
AFTER_CASES: Final = (
    Column("misconceptions", lambda row: " ".join(row.facts.misconceptions)),
    Column("comment", lambda row: _comment(row.facts)),
)
"""Between the two stands one column per case, with its verdict."""


def gradebook(rows: Iterable[Row], cases: Sequence[str]) -> Iterator[bytes]:
    """Yield the lines of the gradebook, the header first."""
    columns = (*BEFORE_CASES, *map(_case_column, cases), *AFTER_CASES)
    header = _line(column.heading for column in columns)
    lines = [_line(column.cell(row) for column in columns) for row in rows]
    if not all(line.isascii() for line in (header, *lines)):
        yield b"\xef\xbb\xbf"
    yield header
    yield from lines


def _case_column(case: str) -> Column:
    def verdict(row: Row) -> str:
        return dict(row.facts.verdicts).get(case, "")

    return Column(case, verdict)


def _points(score: float | None) -> str:
    return "" if score is None else number(score)


def _comment(facts: Facts) -> str:
    """Return one sentence for the student; a fault of the grader is told to instructors only."""
    return "" if facts.status is Status.GRADER_ERROR else facts.message


def _line(cells: Iterable[str]) -> bytes:
    cleaned = (for_csv(no_commands(cell)) for cell in cells)
    return f"{','.join(cleaned)}\r\n".encode()
