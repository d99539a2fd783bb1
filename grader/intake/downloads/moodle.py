"""Moodle: `Ada Lovelace_123456_assignsubmission_file_/x.py`, or all of it in the file's name.

Source: `download_submissions` in Moodle's `mod/assign/locallib.php`. Where students hand in as
groups, the group's name and a hyphen stand before the student's, and everybody without a group is
in the `Default group`.
"""

import re
from collections import Counter

from grader.intake.downloads.handed_in import HandedIn, Level, Reader

_NAME = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_|$)(?P<file>.*)",
    re.DOTALL,
)
_NO_GROUP = "Default group"


def reader(level: Level) -> Reader:
    """Return what reads the names; they are unmistakable, so nothing else is looked at."""
    return _read_in_groups if _in_groups(level) else read_name


def read_name(name: str) -> HandedIn | None:
    """Return who handed in what is called `name`."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    student = match["name"]
    if student == "Participant":
        # Marking is anonymous, and everybody has this name.
        student = f"{student} {match['id']}"
    return HandedIn(student, match["id"], match["file"])


def _read_in_groups(name: str) -> HandedIn | None:
    handed = read_name(name)
    if handed is None or "-" not in handed.name:
        return handed
    group, _, student = handed.name.partition("-")
    return handed._replace(
        name=student, group="" if group == _NO_GROUP else group
    )


def _in_groups(level: Level) -> bool:
    """Return whether every name begins with a group's.

    A hyphen alone proves nothing, since many names have one. Either a group has two students, or
    somebody is in none.
    """
    handed = [each for each in map(read_name, level.names) if each is not None]
    students = {each.qualifier: each.name for each in handed}.values()
    if not students or not all("-" in student for student in students):
        return False
    groups = Counter(student.partition("-")[0] for student in students)
    return _NO_GROUP in groups or max(groups.values()) > 1
