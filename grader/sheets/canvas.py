"""Canvas: the gradebook as it is exported, and as it is imported again.

Source: Canvas's `gradebook_importer.rb` and `gradebook_exporter.rb`. The importer needs Student, ID
(or SIS User ID, SIS Login ID) and Section; a column is an assignment's by the number in brackets at
the end of its heading. Rows before the first student have the heading's extras: a row "Points
Possible", and one that marks columns as read-only or as posted manually.
"""

import re
from collections.abc import Sequence

from grader.sheets.filling import Grade, Layout, SheetPlatform, graded, scaled
from grader.sheets.headings import (
    as_number,
    cell,
    cells,
    choose_column,
    column_of,
    named_columns,
    optional_column,
)
from grader.sheets.table import Table

_ASSIGNMENT = re.compile(r"(?P<name>.+ \(\d+\))")
_READ_ONLY = re.compile(r"read\s+only")
_HEADING_ROWS = 4


def layout(sheet: Table, column: str | None) -> Layout:
    """Find the columns of an exported gradebook."""
    student = column_of(sheet, "Student", "Student Name")
    user = optional_column(sheet, "ID")
    others = [
        optional_column(sheet, heading)
        for heading in ("SIS User ID", "SIS Login ID", "Integration ID")
    ]
    possible = _row_of_points(sheet, student)
    items = {
        at: name
        for at, name in named_columns(sheet, _ASSIGNMENT).items()
        # The importer passes over a column that its export has marked like this.
        if not (possible and _READ_ONLY.search(cell(sheet.rows[possible], at)))
    }
    grade = choose_column(sheet, items, column)
    maximum = as_number(cell(sheet.rows[possible], grade)) if possible else None
    return Layout(
        first=possible + 1 if possible else 1,
        identities=cells(user, *others),
        name=lambda row: _spoken(cell(row, student)),
        grade=grade,
        maximum=lambda _row: maximum,
    )


def minimal(grades: Sequence[Grade], assignment: str) -> list[list[str]]:
    """Return a gradebook of one assignment; the importer makes the assignment where it is new."""
    most = max((grade.max_points for grade in grades), default=0.0)
    rows = [
        ["Student", "ID", "Section", assignment],
        ["    Points Possible", "", "", f"{most:g}"],
    ]
    rows += [
        [grade.name, grade.id, "", scaled(grade, None)]
        for grade in graded(grades)
    ]
    return rows


def _row_of_points(sheet: Table, student: int) -> int:
    """Return the number of the row "Points Possible"; 0 where there is none."""
    for at, row in enumerate(sheet.rows[1:_HEADING_ROWS], 1):
        if cell(row, student).casefold() == "points possible":
            return at
    return 0


def _spoken(name: str) -> str:
    """Return "Ada Lovelace" for the "Lovelace, Ada" of the export."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


CANVAS = SheetPlatform("canvas", layout, minimal, by_name=True)
