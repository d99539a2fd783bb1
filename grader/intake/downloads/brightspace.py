"""Brightspace: `12345-67890 - Ada Lovelace - Nov 22, 2026 910 PM/x.py`, a folder for each attempt.

Source: downloads of Brightspace's assignments. The first number is the student's, the second the
assignment's. The time has no colon; where a language writes the date in a way that is not known
here, attempts are still told apart, and ordered by the dates of their files.
"""

import re
from datetime import datetime

from grader.intake.downloads.handed_in import HandedIn, Level, Reader

_NAME = re.compile(
    r"(?P<user>\d+)-\d+ - (?P<rest>.+)",
    re.DOTALL,
)
_WHEN = re.compile(
    r"(?P<date>[^\W\d_]{3,12}\.? \d{1,2},? \d{4}|\d{1,2}\.? [^\W\d_]{3,12}\.?,? \d{4}"
    r"|\d{4}-\d\d-\d\d)"
    r",? (?P<hour>\d{1,2})[:.h]?(?P<minute>\d\d)(?: ?(?P<half>[AP]M))?"
)
_FORMATS = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%Y-%m-%d")


def reader(_level: Level) -> Reader:
    """Return what reads the names; they are unmistakable, so nothing else is looked at."""
    return read_name


def read_name(name: str) -> HandedIn | None:
    """Return who handed in what is called `name`."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    pieces = match["rest"].split(" - ")
    for at, piece in enumerate(pieces[1:], 1):
        when = _WHEN.fullmatch(piece)
        if when is not None:
            return HandedIn(
                " - ".join(pieces[:at]),
                match["user"],
                " - ".join(pieces[at + 1 :]),
                at=_time(when),
                label=piece,
            )
    return HandedIn(match["rest"], match["user"], label=name)


def _time(found: re.Match[str]) -> str:
    """Return "2026-11-22T21:10:00" for "Nov 22, 2026 910 PM"; empty for a date in other words."""
    half = found["half"]
    date = found["date"].replace(",", "").replace(".", "")
    clock = f"{found['hour']:0>2}{found['minute']}"
    if half:
        clock = f"{clock} {half}"
    for form in _FORMATS:
        try:
            when = datetime.strptime(  # noqa: DTZ007 - the layout has no zone
                f"{date} {clock}", f"{form} {'%I%M %p' if half else '%H%M'}"
            )
        except ValueError:
            continue
        return when.isoformat()
    return ""
