"""The importers of course platforms, as strict as they are: what they would take of a file.

Written anew from what their sources and their vendors' manuals say, and from nothing of ours.

- Moodle: `mod/assign/feedback/offline/importgradeslib.php`, and `locallib.php` beside it
- Canvas: `lib/gradebook_importer.rb`
- Brightspace: "Importing grades" (community.d2l.com, article 3538)
- Blackboard: "Work offline with grade data" (help.blackboard.com)
"""

import csv
import io
import re
from collections.abc import Mapping
from datetime import datetime


def moodle(
    data: bytes, participants: Mapping[int, float], most: float
) -> tuple[dict[int, float], dict[int, str]]:
    """Return the grades and the comments that Moodle sets, by participant.

    `participants` has those of the assignment, and when their grade was changed last (0: never).
    """
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    header = rows[0]
    at = {name: header.index(name) for name in ("Identifier", "Grade")}
    modified_at = header.index("Last modified (grade)")
    comments_at = header.index("Feedback comments")
    grades, comments = {}, {}
    for row in rows[1:]:
        assert len(row) == len(header), (
            "csv_import_reader: wrong number of columns"
        )
        # substr($idstr, strlen('Participant ')), and then a number that is known
        digits = row[at["Identifier"]][len("Participant ") :]
        if not digits.isdigit() or int(digits) not in participants:
            continue
        who = int(digits)
        is_stale = participants[who] > _moodle_time(row[modified_at]) + 60
        text = row[at["Grade"]].strip()
        if text and not is_stale:
            grade = float(text)
            if 0 <= grade <= most:
                grades[who] = grade
        if not is_stale:
            comments[who] = row[comments_at]
    return grades, comments


def _moodle_time(text: str) -> float:
    try:
        moment = datetime.strptime(text, "%A, %d %B %Y, %I:%M %p")  # noqa: DTZ007 - as PHP does
    except ValueError:
        return 0.0  # strtotime: false
    return moment.timestamp()


def canvas(
    data: bytes, students: Mapping[int, str]
) -> dict[str, dict[str, str]]:
    """Return assignment -> student's name -> grade, as Canvas would change them."""
    text = data.decode("utf-8-sig")
    first = text.splitlines()[:3]
    counts = {
        separator: {len(row) for row in csv.reader(first, delimiter=separator)}
        for separator in ";,"
    }
    semicolons = counts[";"].pop() if len(counts[";"]) == 1 else 0
    commas = counts[","].pop() if len(counts[","]) == 1 else 0
    separator = ";" if semicolons > commas else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    header = rows[0]
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    wide = 3
    if re.search(r"SIS\s+Login\s+ID", header[2]):
        wide = 4
    elif (
        re.search(r"SIS\s+User\s+ID", header[2]) and "SIS Login ID" in header[3]
    ):
        wide = 5 + bool(re.search(r"Integration\s+ID", header[4]))
    assert "Section" in header[wide - 1], "InvalidHeaderRow"
    possible: list[str] = []
    found: dict[str, dict[str, str]] = {}
    for row in rows[1:]:
        if "Points Possible" in row[0]:
            possible = row
            continue
        if all(
            re.fullmatch(
                r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE
            )
            for cell in row
        ):
            continue
        known = students.get(int(row[1])) if row[1].isdigit() else None
        name = known or next(
            (each for each in students.values() if each == row[0]), None
        )
        assert name is not None, "a new user would be made"
        for column in range(wide, len(header)):
            if possible and re.search(r"read\s+only", possible[column]):
                continue
            found.setdefault(header[column], {})[name] = _canvas_number(
                row[column]
            )
    return found


def _canvas_number(cell: str) -> str:
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *head, last = re.split(r"[,.]", cell)
    return f"{''.join(head)}.{last}" if head else last


def brightspace(data: bytes) -> dict[str, float]:
    """Return user -> points of the one grade item; every row ends with the sign of its end."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    header = rows[0]
    assert header[0] in {"OrgDefinedId", "Username"}
    assert header[-1] == "End-of-Line Indicator"
    items = [at for at, name in enumerate(header) if " Points Grade" in name]
    assert len(items) == 1
    found = {}
    for row in rows[1:]:
        assert len(row) == len(header)
        assert row[-1] == "#"
        if row[items[0]]:
            found[row[0].lstrip("#")] = float(row[items[0]])
    return found


def blackboard(data: bytes) -> dict[str, float]:
    """Return user name -> points; a new column needs nothing but a heading."""
    is_wide = data.startswith(b"\xff\xfe")
    text = data.decode("utf-16" if is_wide else "utf-8-sig")
    separator = "\t" if "\t" in text else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    user = rows[0].index("Username")
    column = len(rows[0]) - 1
    for at, name in enumerate(rows[0]):
        if re.search(r"\|\d+$", name) and not name.startswith(
            ("Total", "Weighted")
        ):
            column = at
    return {row[user]: float(row[column]) for row in rows[1:] if row[column]}
