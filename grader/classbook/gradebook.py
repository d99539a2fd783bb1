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
from grader.untrusted import for_csv
from grader.vocabulary import number


class Column(NamedTuple):
    """A heading, and what stands below it for one submission."""

    heading: str
    cell: Callable[[Facts], str]


BEFORE_CASES: Final = (
    Column("name", lambda facts: facts.name),
    Column("status", lambda facts: facts.status),
    Column("score", lambda facts: "" if facts.score is None else number(facts.score)),
    Column("max_score", lambda facts: number(facts.max_score)),
)
AFTER_CASES: Final = (
    Column("misconceptions", lambda facts: " ".join(facts.misconceptions)),
)
"""Between the two stands one column per case, with its verdict."""


def gradebook(rows: Iterable[Facts], cases: Sequence[str]) -> Iterator[bytes]:
    """Yield the lines of the gradebook, the header first."""
    columns = (*BEFORE_CASES, *map(_case_column, cases), *AFTER_CASES)
    header = _line(column.heading for column in columns)
    lines = [_line(column.cell(facts) for column in columns) for facts in rows]
    if not all(line.isascii() for line in (header, *lines)):
        yield b"\xef\xbb\xbf"
    yield header
    yield from lines


def _case_column(case: str) -> Column:
    def verdict(facts: Facts) -> str:
        return dict(facts.verdicts).get(case, "")

    return Column(case, verdict)


def _line(cells: Iterable[str]) -> bytes:
    return f"{','.join(map(for_csv, cells))}\r\n".encode()
