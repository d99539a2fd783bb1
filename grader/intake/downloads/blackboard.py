"""Blackboard: `gradebook_COURSE_ASSIGNMENT_USER_attempt_2026-11-22-21-10-05_file.py`.

Source: Blackboard Help, "Download assignments". Beside each attempt stands a text file of the same
beginning. It is not read: the student's comment stands in it beside the name.
"""

import re

from grader.intake.downloads.handed_in import HandedIn, Level, Reader

_NAME = re.compile(
    r".+_(?P<user>[^_]+)_attempt_(?P<day>\d{4}-\d\d-\d\d)-(?P<time>\d\d-\d\d-\d\d)"
    r"(?:_(?P<file>.+)|\.txt)",
    re.DOTALL,
)


def reader(_level: Level) -> Reader:
    """Return what reads the names; they are unmistakable, so nothing else is looked at."""
    return read_name


def read_name(name: str) -> HandedIn | None:
    """Return who handed in what is called `name`."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    at = f"{match['day']}T{match['time'].replace('-', ':')}"
    return HandedIn(match["user"], match["user"], match["file"] or "", at=at)
