"""Autolab: `ada@uni.example_3_convolve.py`: e-mail, number of the attempt, the assignment's file.

Source: `handin_file_long_filename` in `app/models/submission.rb` of Autolab. The file's name is the
assignment's, whatever the student's file was called.
"""

import re

from grader.intake.downloads.handed_in import HandedIn, Level, Reader

_NAME = re.compile(
    r"(?P<email>[^@\s/]+@[^@\s/_]+\.[^@\s/_.]+)_(?P<version>\d{1,6})_(?P<file>.+)",
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
    email = match["email"]
    return HandedIn(
        email,
        email,
        match["file"],
        email=email,
        attempt=int(match["version"]),
    )
