"""`adjustments.csv`: what a person decided about a grade, which survives every regrade.

    id,points,final,comment
    301,+1,,a talk about edge cases
    302,,2.5,"oral exam, 24 November"

It lies in the folder of results and is only ever read. `points` are added to what counts otherwise,
`final` takes its place; a comment alone changes no grade. `id` may be an e-mail address or a name.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from grader.classbook.whose import whose
from grader.errors import UsageError
from grader.intake.student import Student
from grader.opening import read_below
from grader.sheets.table import Table
from grader.strict import did_you_mean
from grader.untrusted import one_line
from grader.vocabulary import number

FILE: Final = "adjustments.csv"
_FIX: Final = "put the file itself there, or remove it"
_COLUMNS: Final = ("id", "points", "final", "comment")
_MOST_NAMED: Final = 4


class Adjustment(NamedTuple):
    """What was decided about one student: points to add, or the points that count."""

    points: float | None = None
    final: float | None = None
    comment: str = ""

    def applied(self, final: float | None) -> float | None:
        """Return what counts now; points alone make no grade where there is none."""
        if self.final is not None:
            return self.final
        if final is None or self.points is None:
            return final
        return max(0.0, round(final + self.points, 4))

    def sentence(self) -> str:
        """Return what the student is told."""
        what = ""
        if self.final is not None:
            what = f"Set to {number(self.final)} by your instructor"
        elif self.points:
            what = f"Adjusted by {self.points:+g} by your instructor"
        if not what:
            return self.comment
        return f"{what}: {self.comment}" if self.comment else f"{what}."


class Adjustments(NamedTuple):
    """What was decided about a class."""

    of: Mapping[str, Adjustment]
    """Name of the report -> its adjustment."""
    digest: str
    """SHA-256 of the file; empty without one."""


def digest(results: Path) -> str:
    """Return what identifies the adjustments in a folder of results; empty without any."""
    return _digest(read_below(results, (FILE,), _FIX))


def _digest(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def read_adjustments(
    results: Path, students: Mapping[str, Student]
) -> Adjustments:
    """Return the adjustments in a folder of results, for the students of its class.

    The file is read once, so the digest is that of the rows that are applied. UsageError, naming
    the row and the fix, where one is for nobody or for several, is not a number, or is given twice.
    """
    data = read_below(results, (FILE,), _FIX)
    found = {} if data is None else _rows(results / FILE, data, students)
    return Adjustments(found, _digest(data))


def _rows(
    path: Path, data: bytes, students: Mapping[str, Student]
) -> dict[str, Adjustment]:
    table = Table(str(path), data)
    at = _columns(path, table)
    found: dict[str, Adjustment] = {}
    for line, row in enumerate(table.rows[1:], 2):
        cells = {
            name: row[column].strip() if column < len(row) else ""
            for name, column in at.items()
        }
        if not any(cells.values()):
            continue
        where = f"{path}, row {line}"
        name = _student(where, cells["id"], students)
        if name in found:
            raise UsageError(
                f"{where}: {cells['id']} has an adjustment already; make one row of the two"
            )
        found[name] = _adjustment(where, cells)
    return found


def _columns(path: Path, table: Table) -> dict[str, int]:
    """Return name -> column; UsageError where one is unknown, or there is no id."""
    at = {name.strip().casefold(): n for n, name in enumerate(table.header)}
    unknown = next((name for name in at if name not in _COLUMNS), None)
    if unknown is None and "id" in at:
        return at
    what = "has no column id"
    if unknown is not None:
        what = f"has a column {unknown!r}"
    close = did_you_mean(unknown or "id", _COLUMNS)
    raise UsageError(
        f"{path}: {what}; its columns are {', '.join(_COLUMNS)}{close}"
    )


def _student(where: str, text: str, students: Mapping[str, Student]) -> str:
    if not text:
        raise UsageError(f"{where}: has no id; say whose adjustment it is")
    names = whose(students, text)
    if not names:
        known = [
            each
            for student in students.values()
            for each in (student.id, student.email)
        ]
        close = did_you_mean(text, [*filter(None, known), *students])
        fix = close or "; correct the id, or remove the row"
        raise UsageError(f"{where}: {text} is nobody in this class{fix}")
    if len(names) > 1:
        raise UsageError(
            f"{where}: {text} may be {some(names, students)}; give the id"
        )
    return names[0]


def some(names: Sequence[str], students: Mapping[str, Student]) -> str:
    """Return a few students for a line, told apart by their ids."""
    shown = [
        f"{one_line(students[name].name)} ({students[name].id or name})"
        for name in names[:_MOST_NAMED]
    ]
    more = ["..."] if len(names) > _MOST_NAMED else []
    return ", ".join([*shown, *more])


def _adjustment(where: str, cells: Mapping[str, str]) -> Adjustment:
    points = _number(where, cells.get("points", ""))
    final = _number(where, cells.get("final", ""))
    if points is not None and final is not None:
        raise UsageError(
            f"{where}: has points and final; points are added, final takes the place of the rest"
        )
    if final is not None and final < 0:
        raise UsageError(f"{where}: nobody can have {final:g} points")
    return Adjustment(points, final, cells.get("comment", ""))


def _number(where: str, text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{where}: {text!r} is not a number of points")
    return value
