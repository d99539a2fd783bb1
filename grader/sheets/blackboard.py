"""Blackboard: the grade centre's file for working offline.

Source: Blackboard Help, "Work offline with grade data". The file is tab-delimited and UTF-16, with
the suffix .xls, or a CSV file. A row is matched by Username. A column's heading is
"NAME [Total Pts: 10 Score] |1234567", and the number after the bar is what the upload goes by.
"""

import re
from collections.abc import Sequence

from grader.sheets.filling import (
    Grade,
    Layout,
    SheetPlatform,
    as_number,
    cell,
    choose_column,
    column_of,
    optional_column,
    scaled,
)
from grader.sheets.table import Table

_ITEM = re.compile(r"(?P<name>.+?) \[(?P<what>[^\]]*)\](?: \|\d+)?")
_TOTAL = re.compile(r"Total Pts: *(?:up to )?(\d+(?:[.,]\d+)?)")
_COMPUTED = frozenset({"total", "weighted total"})


def layout(sheet: Table, column: str | None) -> Layout:
    """Find the columns of a downloaded file."""
    identities = [
        column_of(sheet, "Username"),
        optional_column(sheet, "Student ID"),
    ]
    last, first = (
        optional_column(sheet, "Last Name"),
        optional_column(sheet, "First Name"),
    )
    items = {
        at: match["name"]
        for at, heading in enumerate(sheet.header)
        if (match := _ITEM.fullmatch(heading.strip())) is not None
        and match["name"].casefold() not in _COMPUTED
    }
    grade = choose_column(sheet, items, column)
    total = _TOTAL.search(sheet.header[grade])
    maximum = as_number(total[1]) if total else None
    return Layout(
        first=1,
        identities=tuple(
            lambda row, at=at: cell(row, at)  # type: ignore[misc] # a default binds the column
            for at in identities
            if at is not None
        ),
        name=lambda row: f"{cell(row, first)} {cell(row, last)}".strip(),
        grade=grade,
        maximum=lambda _row: maximum,
    )


def minimal(grades: Sequence[Grade], assignment: str) -> list[list[str]]:
    """Return a file with the user names and one column."""
    rows = [["Username", assignment]]
    rows += [
        [grade.id, scaled(grade, None)]
        for grade in grades
        if grade.points is not None
    ]
    return rows


BLACKBOARD = SheetPlatform("blackboard", layout, minimal)
