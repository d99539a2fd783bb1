"""Brightspace: the exported grades, and what *Import grades* takes.

Source: D2L's "Importing grades" (community.d2l.com, article 3538) and its sample file. The importer
needs OrgDefinedId or Username, a column "NAME Points Grade", which the export extends by
"<Numeric MaxPoints:10>", and the column "End-of-Line Indicator", which holds `#`. The export writes
`#` before ids, so that spreadsheets keep them as text.
"""

import re
from collections.abc import Sequence

from grader.sheets.filling import Grade, Layout, SheetPlatform, graded, scaled
from grader.sheets.headings import (
    Cell,
    cells,
    choose_column,
    full_name,
    maximum_in,
    named_columns,
    optional_column,
)
from grader.sheets.table import Table

_POINTS = re.compile(r"(?P<name>.+) Points Grade(?: <.*>)?")
_MAXIMUM = re.compile(r"MaxPoints:\s*(\d+(?:[.,]\d+)?)")


def layout(sheet: Table, column: str | None) -> Layout:
    """Find the columns of an export."""
    identities = cells(
        optional_column(sheet, "OrgDefinedId"),
        optional_column(sheet, "Username"),
        optional_column(sheet, "Email"),
    )
    grade = choose_column(sheet, named_columns(sheet, _POINTS), column)
    maximum = maximum_in(sheet.header[grade], _MAXIMUM)
    return Layout(
        first=1,
        identities=tuple(map(_without_mark, identities)),
        name=full_name(sheet),
        grade=grade,
        maximum=lambda _row: maximum,
    )


def _without_mark(identity: Cell) -> Cell:
    return lambda row: identity(row).lstrip("#")


def minimal(grades: Sequence[Grade], assignment: str) -> list[list[str]]:
    """Return an import file with one grade item."""
    rows = [
        ["OrgDefinedId", f"{assignment} Points Grade", "End-of-Line Indicator"]
    ]
    rows += [[grade.id, scaled(grade, None), "#"] for grade in graded(grades)]
    return rows


BRIGHTSPACE = SheetPlatform("brightspace", layout, minimal)
