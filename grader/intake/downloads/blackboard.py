"""Blackboard: `gradebook_COURSE_ASSIGNMENT_USER_attempt_2026-11-22-21-10-05_file.py`.

Source: Blackboard Help, "Download assignments". Beside each attempt stands a text file of the same
beginning. Its first line, `Name: Ada Lovelace (al1)`, is Blackboard's own; the rest is not read,
since the student's text and comment stand there.
"""

import re

from grader.intake.downloads.handed_in import Below, HandedIn, Level, Reader
from grader.opening import UnreadableError

_NAME = re.compile(
    r".+_(?P<user>[^_]+)_attempt_(?P<day>\d{4}-\d\d-\d\d)-(?P<time>\d\d-\d\d-\d\d)"
    r"(?:_(?P<file>.+)|\.txt)",
    re.DOTALL,
)


_FIRST_LINE = re.compile(
    r"Name: (?P<name>[^\r\n]{1,200}) \((?P<user>[^()\r\n]+)\)"
)
_MOST_READ = 1 << 10


def reader(level: Level) -> Reader:
    """Return what reads the names; they are unmistakable, and the text files have more of them."""
    names = dict(filter(None, map(_name_in, level.files)))

    def read(name: str) -> HandedIn | None:
        handed = read_name(name)
        if handed is None:
            return None
        return handed._replace(name=names.get(handed.qualifier, handed.name))

    return read


def _name_in(each: Below) -> tuple[str, str] | None:
    """Return user and name, of the text file beside an attempt."""
    if len(each.parts) != 1 or not each.file.peeked:
        return None
    match = _NAME.fullmatch(each.parts[0])
    if match is None or match["file"] is not None:
        return None
    try:
        data = each.file.place.beginning(_MOST_READ)
    except UnreadableError:
        return None
    first = _FIRST_LINE.match(data.decode("utf-8-sig", "replace"))
    if first is None or first["user"] != match["user"]:
        return None
    return first["user"], first["name"]


def read_name(name: str) -> HandedIn | None:
    """Return who handed in what is called `name`."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    at = f"{match['day']}T{match['time'].replace('-', ':')}"
    return HandedIn(
        match["user"],
        match["user"],
        match["file"] or "",
        at=at,
        is_metadata=match["file"] is None,
    )
