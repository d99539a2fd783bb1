"""What stands where in a sheet, by the headings of its columns."""

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from grader.errors import UsageError
from grader.sheets.table import Table

Cell: TypeAlias = Callable[[Sequence[str]], str]
"""Reads one thing of a row."""


def column_of(sheet: Table, *headings: str) -> int:
    """Return the column with one of these headings; UsageError where there is none."""
    wanted = {heading.casefold() for heading in headings}
    for at, heading in enumerate(sheet.header):
        if heading.strip().casefold() in wanted:
            return at
    raise UsageError(
        f"{sheet.name}: has no column {headings[0]!r}; give the sheet as the platform gave it"
    )


def optional_column(sheet: Table, *headings: str) -> int | None:
    """Return the column with one of these headings; None where there is none."""
    try:
        return column_of(sheet, *headings)
    except UsageError:
        return None


def choose_column(
    sheet: Table, candidates: Mapping[int, str], wanted: str | None
) -> int:
    """Return the column of the assignment: the one that is named, or the only one."""
    if wanted is not None:
        key = wanted.strip().casefold()
        hits = [at for at, text in candidates.items() if key in text.casefold()]
        exact = [at for at in hits if candidates[at].casefold() == key]
        if len(exact or hits) == 1:
            return (exact or hits)[0]
    elif len(candidates) == 1:
        return next(iter(candidates))
    if not candidates:
        raise UsageError(
            f"{sheet.name}: has no column of an assignment; "
            "give the sheet as the platform gave it"
        )
    listed = ", ".join(repr(text) for text in candidates.values())
    raise UsageError(
        f"{sheet.name}: which column is meant? --column one of {listed}"
    )


def cell(row: Sequence[str], at: int | None) -> str:
    """Return a cell without the spaces around it; empty where the row is too short."""
    return row[at].strip() if at is not None and at < len(row) else ""


def as_number(text: str) -> float | None:
    """Return the number that a cell holds, with a point or a comma; None for any other text."""
    match = re.fullmatch(r"\d+(?:[.,]\d+)?", text.strip())
    return float(match[0].replace(",", ".")) if match else None


def cells(*columns: int | None) -> tuple[Cell, ...]:
    """Return what reads each of these columns; a column that is None is not in the sheet."""
    return tuple(
        functools.partial(cell, at=at) for at in columns if at is not None
    )


def full_name(sheet: Table) -> Cell:
    """Return what reads a student's name in a sheet that has it in two columns."""
    first = optional_column(sheet, "First Name")
    last = optional_column(sheet, "Last Name")
    return lambda row: f"{cell(row, first)} {cell(row, last)}".strip()


def named_columns(sheet: Table, heading: re.Pattern[str]) -> dict[int, str]:
    """Return the columns whose whole heading matches, each with the group `name` of the match."""
    found = {}
    for at, text in enumerate(sheet.header):
        match = heading.fullmatch(text.strip())
        if match is not None:
            found[at] = match["name"]
    return found


def maximum_in(heading: str, pattern: re.Pattern[str]) -> float | None:
    """Return the maximum that a heading states: the pattern's first group."""
    match = pattern.search(heading)
    return None if match is None else as_number(match[1])
