"""Brightspace: the exported grades, and what *Import grades* takes.

Source: D2L's "Importing grades" (community.d2l.com, article 3538) and its sample file. The importer
needs OrgDefinedId or Username, a column "NAME Points Grade", which the export extends by
"<Numeric MaxPoints:10>", and the column "End-of-Line Indicator", which holds `#`. The export writes
`#` before ids, so that spreadsheets keep them as text.
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
    optional_column,
    scaled,
)
from grader.sheets.table import Table

_POINTS = re.compile(r"(?P<name>.+) Points Grade(?: <.*>)?")
_MAXIMUM = re.compile(r"MaxPoints:\s*(\d+(?:[.,]\d+)?)")


def layout(sheet: Table, column: str | None) -> Layout:
    """Find the columns of an export."""
    identities = [
        optional_column(sheet, "OrgDefinedId"),
        optional_column(sheet, "Username"),
        optional_column(sheet, "Email"),
    ]
    last, first = (
        optional_column(sheet, "Last Name"),
        optional_column(sheet, "First Name"),
    )
    items = {
        at: match["name"]
        for at, heading in enumerate(sheet.header)
        if (match := _POINTS.fullmatch(heading.strip())) is not None
    }
    grade = choose_column(sheet, items, column)
    most = _MAXIMUM.search(sheet.header[grade])
    maximum = as_number(most[1]) if most else None
    return Layout(
        first=1,
        identities=tuple(
            lambda row, at=at: cell(row, at).lstrip("#")  # type: ignore[misc] # binds the column
            for at in identities
            if at is not None
        ),
        name=lambda row: f"{cell(row, first)} {cell(row, last)}".strip(),
        grade=grade,
        maximum=lambda _row: maximum,
    )


def minimal(grades: Sequence[Grade], assignment: str) -> list[list[str]]:
    """Return an import file with one grade item."""
    rows = [
        ["OrgDefinedId", f"{assignment} Points Grade", "End-of-Line Indicator"]
    ]
    rows += [
        [grade.id, scaled(grade, None), "#"]
        for grade in grades
        if grade.points is not None
    ]
    return rows


BRIGHTSPACE = SheetPlatform("brightspace", layout, minimal)
