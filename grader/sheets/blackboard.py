"""Blackboard: the grade centre's file for working offline.

Source: Blackboard Help, "Work offline with grade data". The file is tab-delimited and UTF-16, with
the suffix .xls, or a CSV file. A row is matched by Username. A column's heading is
"NAME [Total Pts: 10 Score] |1234567", and the number after the bar is what the upload goes by.
"""

import re
from collections.abc import Sequence

from grader.sheets.filling import Grade, Layout, SheetPlatform, graded, scaled
from grader.sheets.headings import (
    cells,
    choose_column,
    column_of,
    full_name,
    maximum_in,
    named_columns,
    optional_column,
)
from grader.sheets.table import Table

_ITEM = re.compile(r"(?P<name>.+?) \[[^\]]*\](?: \|\d+)?")
_TOTAL = re.compile(r"Total Pts: *(?:up to )?(\d+(?:[.,]\d+)?)")
_COMPUTED = frozenset({"total", "weighted total"})


def layout(sheet: Table, column: str | None) -> Layout:
    """Find the columns of a downloaded file."""
    user = column_of(sheet, "Username")
    items = {
        at: name
        for at, name in named_columns(sheet, _ITEM).items()
        if name.casefold() not in _COMPUTED
    }
    grade = choose_column(sheet, items, column)
    maximum = maximum_in(sheet.header[grade], _TOTAL)
    return Layout(
        first=1,
        identities=cells(user, optional_column(sheet, "Student ID")),
        name=full_name(sheet),
        grade=grade,
        maximum=lambda _row: maximum,
    )


def minimal(grades: Sequence[Grade], assignment: str) -> list[list[str]]:
    """Return a file with the user names and one column."""
    rows = [["Username", assignment]]
    rows += [[grade.id, scaled(grade, None)] for grade in graded(grades)]
    return rows


BLACKBOARD = SheetPlatform("blackboard", layout, minimal)
