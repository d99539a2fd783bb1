"""Moodle: `Ada Lovelace_123456_assignsubmission_file_/x.py`, or all of it in the file's name.

Source: `download_submissions` in Moodle's `mod/assign/locallib.php`.
"""

import re

from grader.intake.downloads.handed_in import HandedIn, Level, Reader

_NAME = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_|$)(?P<file>.*)", re.DOTALL
)


def reader(_level: Level) -> Reader:
    """Return what reads the names; they are unmistakable, so nothing else is looked at."""
    return read_name


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
