"""Brightspace: `12345-67890 - Ada Lovelace - Nov 22, 2026 910 PM/x.py`, a folder for each attempt.

Source: downloads of Brightspace's assignments. The first number is the student's, the second the
assignment's. The time has no colon; older versions write the whole date in other orders, and then
attempts are told apart, but not put in order.
"""

import re
from datetime import datetime

from grader.intake.downloads.handed_in import HandedIn, Level, Reader

_NAME = re.compile(
    r"(?P<user>\d+)-\d+ - (?P<name>.+?)(?: - (?P<when>[A-Z][a-z]+ \d{1,2}, \d{4} \d{3,4} [AP]M))?",
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
    return HandedIn(match["name"], match["user"], at=_time(match["when"] or ""))


def _time(text: str) -> str:
    """Return "2026-11-22T21:10:00" for "Nov 22, 2026 910 PM"; empty for any other text."""
    date, _, clock = text.rpartition(", ")
    if not date:
        return ""
    year, digits, half = clock.split(" ")
    for month in ("%b", "%B"):
        try:
            when = datetime.strptime(  # noqa: DTZ007 - the layout has no zone
                f"{date} {year} {digits:0>4} {half}", f"{month} %d %Y %I%M %p"
            )
        except ValueError:
            continue
        return when.isoformat()
    return ""
