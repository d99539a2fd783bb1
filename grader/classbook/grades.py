"""From a class's own files to the grades that a course platform takes.

Read is `gradebook.csv`, which a person can read and correct, and not the journal: what the
instructor sees is what the platform gets.
"""

import csv
import io
from pathlib import Path
from typing import Final, NamedTuple

from grader.errors import UsageError
from grader.sheets import Grade
from grader.sheets.headings import as_number

_NEEDED: Final = (
    "name",
    "student",
    "id",
    "email",
    "origin",
    "status",
    "score",
    "max_score",
    "comment",
)
_FORMULA: Final = tuple("=+-@\t\r")


_FINAL: Final = "final"
"""What counts; a gradebook of an older grader has none, and then the score counts."""


class GradedStudent(NamedTuple):
    """One row of a gradebook."""

    report: str
    """The name of the report and of its page."""
    origin: str
    """The path of the graded file in the download, as the platform named it."""
    grade: Grade


def read_gradebook(results: Path) -> list[GradedStudent]:
    """Return the rows of a class's gradebook.

    UsageError, naming the file and the fix, where the folder holds no gradebook, or one that lacks
    a column or holds no number where a score should be.
    """
    path = results / "gradebook.csv"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror}); "
            "give the folder that `grader grade` wrote"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: is not UTF-8; save it as CSV (UTF-8)"
        ) from error
    header = text.partition("\n")[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    missing = [
        name for name in _NEEDED if name not in (reader.fieldnames or ())
    ]
    if missing:
        raise UsageError(
            f"{path}: has no column {missing[0]!r}; grade the class again to write it anew"
        )
    return [_student(path, at, row) for at, row in enumerate(reader, 2)]


def _student(path: Path, line: int, row: dict[str, str]) -> GradedStudent:
    cells = {key: _plain(row.get(key) or "") for key in (*_NEEDED, _FINAL)}
    score = _score(path, line, cells["score"])
    points = _score(path, line, cells[_FINAL]) if _FINAL in row else score
    most = as_number(cells["max_score"])
    if most is None:
        raise UsageError(f"{path}, line {line}: has no number in max_score")
    grade = Grade(
        id=cells["id"],
        name=cells["student"] or cells["name"],
        email=cells["email"],
        points=points,
        max_points=most,
        comment=cells["comment"],
    )
    return GradedStudent(cells["name"], cells["origin"], grade)


def _score(path: Path, line: int, cell: str) -> float | None:
    points = as_number(cell)
    if cell.strip() and points is None:
        raise UsageError(f"{path}, line {line}: {cell!r} is not a score")
    return points


def _plain(text: str) -> str:
    """Return a cell without the quote that keeps a spreadsheet from running it."""
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text
