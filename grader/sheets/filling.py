"""Filling a platform's sheet: who is matched, what is written, and what could not be.

Pure: a table, the grades and a platform's columns in, the filled table and two lists out.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from grader.errors import UsageError
from grader.sheets.headings import Cell
from grader.sheets.table import Table, new_sheet
from grader.vocabulary import number


class Grade(NamedTuple):
    """What one student gets; `points` is None where nothing may be written (a fault of ours)."""

    id: str
    name: str
    email: str
    points: float | None
    max_points: float
    comment: str = ""


class Layout(NamedTuple):
    """Where things stand in one sheet."""

    first: int
    """The first row that is a student's."""
    identities: tuple[Cell, ...]
    """What can match a student's id or e-mail, the surest first."""
    name: Cell
    grade: int
    """The column of the grade."""
    maximum: Callable[[Sequence[str]], float | None]
    """The maximum of a row's grade; None where the sheet does not say."""
    comment: int | None = None
    decimal_comma: bool = False


class SheetPlatform(NamedTuple):
    """What the grader knows about the grade book of one platform."""

    name: str
    layout: Callable[[Table, str | None], Layout]
    """Reads a sheet's header; the second argument names the column to fill, where one was given."""
    minimal: Callable[[Sequence[Grade], str], list[list[str]]]
    """Makes the rows that the importer documents as enough, for an assignment of this title."""


class Filled(NamedTuple):
    """A filled sheet, and whom it does not hold."""

    data: bytes
    filled: int
    by_name: tuple[str, ...] = ()
    """Students who were matched by their name, because no id did."""
    not_in_sheet: tuple[str, ...] = ()
    """Students with a grade whom the sheet does not list."""
    not_graded: tuple[str, ...] = ()
    """Students of the sheet without a grade; their cells are as they were."""


def fill(
    platform: SheetPlatform,
    sheet: Table,
    grades: Sequence[Grade],
    column: str | None = None,
) -> Filled:
    """Fill a sheet. UsageError, naming the file and the fix, where no student of it was graded."""
    layout = platform.layout(sheet, column)
    rows = [
        row for row in sheet.rows[layout.first :] if any(map(str.strip, row))
    ]
    by_id = _by_identity(grades)
    by_name = _unique_names(grades, rows, layout)
    matches: list[tuple[list[str], Grade]] = []
    named: list[str] = []
    missing: list[str] = []
    for row in rows:
        name = layout.name(row)
        grade = _match(row, layout, by_id)
        if grade is None and (grade := by_name.get(_key(name))) is not None:
            named.append(grade.name)
        if grade is None:
            missing.append(name)
        else:
            matches.append((row, grade))
    if not matches:
        raise UsageError(
            f"{sheet.name}: lists none of the students who were graded; "
            "is it the sheet of another assignment or another course?"
        )
    for row, grade in matches:
        _write(row, grade, layout)
    given = {id(grade) for _, grade in matches}
    unlisted = [
        grade.name or grade.id for grade in grades if id(grade) not in given
    ]
    return Filled(
        data=sheet.data(),
        filled=len(given),
        by_name=tuple(named),
        not_in_sheet=tuple(unlisted),
        not_graded=tuple(missing),
    )


def minimal(
    platform: SheetPlatform, grades: Sequence[Grade], assignment: str
) -> bytes:
    """Return a sheet with only what the platform's importer needs."""
    return new_sheet(platform.minimal(grades, assignment))


def graded(grades: Sequence[Grade]) -> list[Grade]:
    """Return the grades that have points."""
    return [grade for grade in grades if grade.points is not None]


def scaled(grade: Grade, maximum: float | None) -> str:
    """Return the points as a share of the sheet's maximum, with two decimals at most."""
    points = grade.points or 0.0
    if maximum is not None and grade.max_points > 0:
        points = points * maximum / grade.max_points
    return number(round(points, 2))


def _write(row: list[str], grade: Grade, layout: Layout) -> None:
    if grade.points is None:
        return
    row.extend([""] * (layout.grade + 1 - len(row)))
    text = scaled(grade, layout.maximum(row))
    row[layout.grade] = text.replace(".", ",") if layout.decimal_comma else text
    if (
        layout.comment is not None
        and grade.comment
        and layout.comment < len(row)
    ):
        row[layout.comment] = grade.comment


def _match(
    row: Sequence[str], layout: Layout, by_id: Mapping[str, Grade]
) -> Grade | None:
    for identity in layout.identities:
        value = identity(row)
        if value and (grade := by_id.get(_key(value))) is not None:
            return grade
    return None


def _by_identity(grades: Sequence[Grade]) -> dict[str, Grade]:
    """Index grades by id and e-mail; an id that two students share matches neither."""
    keys = Counter(
        key
        for grade in grades
        for key in {_key(grade.id), _key(grade.email)}
        if key
    )
    return {
        key: grade
        for grade in grades
        for key in (_key(grade.id), _key(grade.email))
        if key and keys[key] == 1
    }


def _unique_names(
    grades: Sequence[Grade], rows: Sequence[Sequence[str]], layout: Layout
) -> dict[str, Grade]:
    """Index the grades by name, where the name is unique among the grades and in the sheet."""
    in_grades = Counter(_key(grade.name) for grade in grades)
    in_sheet = Counter(_key(layout.name(row)) for row in rows)
    ids = {_key(value(row)) for row in rows for value in layout.identities}
    return {
        key: grade
        for grade in grades
        if (key := _key(grade.name))
        and in_grades[key] == 1
        and in_sheet[key] == 1
        # One whom an id matches elsewhere in the sheet is not looked for by name.
        and not {_key(grade.id), _key(grade.email)} & ids - {""}
    }


def _key(text: str) -> str:
    """Return the form of a name or an id in which two spellings of it are equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.replace(",", " ").split())
