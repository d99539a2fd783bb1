"""Moodle: the grading worksheet of an assignment ("Download grading worksheet").

Source: `mod/assign/feedback/offline/importgradeslib.php` and `mod/assign/gradingtable.php`. The
importer needs the columns Identifier, Grade and Last modified (grade), by their names in the
language of the person who uploads. The identifier is the word for "Participant" followed by the
participant's number, which is another one in each assignment. The importer says nothing about a row
that it leaves out: a grade above the maximum, a word where it expects a number, and, by the column
Last modified (grade), a grade that somebody changed in Moodle since the download.
"""

import re
from collections.abc import Sequence

from grader.errors import UsageError
from grader.sheets.filling import Grade, Layout, SheetPlatform, graded, scaled
from grader.sheets.headings import as_number, cell, column_of, optional_column
from grader.sheets.table import Table

_COLUMNS = 4
"""Identifier, name, grade and maximum are in every worksheet, whatever its language."""
_MODIFIED = "Last modified (grade)"
_OF_A_SPREADSHEET = re.compile(r"\d+[./-]\d+[./-]\d+|\d+[.,]?\d*$")
"""Moodle's own begin with the day of the week."""
_NUMBER = re.compile(r"(\d+)\s*$")


def layout(sheet: Table, _column: str | None) -> Layout:
    """Find the columns of a worksheet."""
    identifier = optional_column(sheet, "Identifier")
    if identifier is None:
        identifier = _identifier_by_content(sheet)
    grade = column_of(
        sheet, "Grade", "Bewertung", "Note", "Calificación", "Voto", "Nota"
    )
    _refuse_dates(sheet)
    maximum = optional_column(
        sheet,
        "Maximum Grade",
        "Bestwertung",
        "Note maximale",
        "Calificación máxima",
    )
    email = optional_column(
        sheet,
        "Email address",
        "E-Mail-Adresse",
        "Adresse de courriel",
        "Correo electrónico",
    )
    name = optional_column(
        sheet,
        "Full name",
        "Vollständiger Name",
        "Nom complet",
        "Nombre completo",
    )
    return Layout(
        first=1,
        identities=(
            lambda row: _participant(cell(row, identifier)),
            lambda row: cell(row, email),
        ),
        name=lambda row: cell(row, name),
        grade=grade,
        maximum=lambda row: _maximum(sheet.name, cell(row, maximum)),
        comment=optional_column(
            sheet,
            "Feedback comments",
            "Feedback als Kommentar",
            "Feedback par commentaires",
        ),
        decimal_comma=any("," in cell(row, maximum) for row in sheet.rows[1:]),
    )


def minimal(grades: Sequence[Grade], _assignment: str) -> list[list[str]]:
    """Return a worksheet with the columns that the importer asks for."""
    rows = [
        [
            "Identifier",
            "Full name",
            "Grade",
            "Last modified (grade)",
            "Feedback comments",
        ]
    ]
    rows += [
        [
            f"Participant {grade.id}",
            grade.name,
            scaled(grade, None),
            "-",
            grade.comment,
        ]
        for grade in graded(grades)
    ]
    return rows


def _maximum(name: str, text: str) -> float | None:
    most = as_number(text)
    if text and most is None:
        raise UsageError(
            f"{name}: its maximum is {text!r} and no number; "
            "an assignment that is graded by a scale cannot be filled"
        )
    return most


def _refuse_dates(sheet: Table) -> None:
    """Raise UsageError where a spreadsheet has written the dates that Moodle compares anew."""
    modified = optional_column(sheet, _MODIFIED)
    for row in sheet.rows[1:]:
        date = cell(row, modified)
        if _OF_A_SPREADSHEET.match(date):
            raise UsageError(
                f"{sheet.name}: a spreadsheet has changed its dates ({date}), and Moodle would "
                "leave out these rows; download the worksheet anew"
            )


def _participant(text: str) -> str:
    match = _NUMBER.search(text)
    return match[1] if match else ""


def _identifier_by_content(sheet: Table) -> int:
    """Return the column whose cells are a word and a number, in a worksheet of another language."""
    body = [row for row in sheet.rows[1:] if any(row)]
    for at in range(min(_COLUMNS, len(sheet.header))):
        if body and all(re.fullmatch(r"\D+\d+", cell(row, at)) for row in body):
            return at
    raise UsageError(
        f"{sheet.name}: has no column 'Identifier'; "
        "give the grading worksheet of the assignment, as Moodle gave it"
    )


MOODLE = SheetPlatform("moodle", layout, minimal, own_ids=True, capped=True)
