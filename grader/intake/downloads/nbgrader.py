"""nbgrader: `submitted/STUDENT/ASSIGNMENT/x.ipynb` beside a `timestamp.txt`.

Source: "The philosophy and the approach" in nbgrader's guide, and `nbgrader/coursedir.py`. In its
exchange, before it is collected, the same is `STUDENT+ASSIGNMENT+2026-11-22 21:10:05.123456 UTC/`
(`nbgrader/exchange/default/submit.py`).
"""

import re

from grader.intake.downloads.handed_in import (
    HandedIn,
    Level,
    Reader,
    text_of,
)
from grader.intake.downloads.sakai import ATTACHMENTS
from grader.intake.left_out import TIMESTAMP
from grader.opening import UnreadableError

_WHEN = (
    r"(?P<day>\d{4}-\d\d-\d\d) (?P<time>\d\d:\d\d:\d\d)(?:\.\d+)?"
    r" ?(?P<zone>UTC|Z|[+-]\d\d:?\d\d)?"
)
_INBOUND = re.compile(rf"(?P<user>.+)\+[^+]+\+{_WHEN}(?:\+[^+]*)?", re.DOTALL)
_TIME = re.compile(_WHEN)
_SUBMITTED = "submitted"
_DEPTH = 2
"""Folders on the way to a file: the student's, the assignment's."""


def reader(level: Level) -> Reader | None:
    """Return what reads the names, if most have a `timestamp.txt`, or `submitted` is above."""
    if any(map(_INBOUND.fullmatch, level.names)):
        return read_inbound
    if any(ATTACHMENTS in each.parts for each in level.files):
        return None  # a download of Sakai, whose folder around everything is not a student's
    times: dict[str, str] = {}
    for each in level.metadata(TIMESTAMP, _DEPTH):
        try:
            when = read_time(text_of(each.file))
        except UnreadableError:
            continue
        times[each.parts[0]] = max(when, times.get(each.parts[0], ""))
    folders = {
        each.parts[0] for each in level.files if len(each.parts) > _DEPTH
    }
    if len(times) * 2 <= len(folders) and level.above != _SUBMITTED:
        return None

    def read(name: str) -> HandedIn | None:
        if name not in folders:
            return None
        return HandedIn(name, name, at=times.get(name, ""))

    return read


def read_inbound(name: str) -> HandedIn | None:
    """Return who handed in a folder of the exchange."""
    match = _INBOUND.fullmatch(name)
    if match is None:
        return None
    return HandedIn(match["user"], match["user"], at=_iso(match))


def read_time(text: str) -> str:
    """Return what a `timestamp.txt` says in ISO 8601; empty for a form that is not known."""
    match = _TIME.match(text.strip())
    return _iso(match) if match is not None else ""


def _iso(match: re.Match[str]) -> str:
    zone = (match["zone"] or "").replace("UTC", "Z")
    return f"{match['day']}T{match['time']}{zone}"
