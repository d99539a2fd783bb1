"""Sakai: `Lovelace, Ada(al1)/Submission attachment(s)/x.py`, with a `timestamp.txt` for each.

Source: "Download all" of Sakai's assignments (`AssignmentServiceImpl`). In brackets stands what a
student signs in with. A text that was written on the page is `..._submissionText.html`. Without
folders all of it is in the file's name: `Lovelace, Ada(al1)_Submission attachment(s)_x.py`. Beside
the folders stands `grades.csv`. What teachers have given back is in `Feedback Attachment(s)`.
"""

import re

from grader.intake.downloads.handed_in import (
    HandedIn,
    Level,
    Reader,
    text_of,
)
from grader.intake.left_out import TIMESTAMP
from grader.opening import UnreadableError

ATTACHMENTS = "Submission attachment(s)"
FEEDBACK = "Feedback Attachment(s)"
_NAME = re.compile(
    r"(?P<name>[^()]+)\((?P<user>[^()]+)\)"
    r"(?:_Submission attachment\(s\)_(?P<file>.+)|_submissionText\.html|_timestamp\.txt)?",
    re.DOTALL,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d{0,3}\Z")
_ISO = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?\Z"
)


def reader(level: Level) -> Reader | None:
    """Return what reads the names, if one of Sakai's own folders or files is below them.

    A name with something in brackets is not enough: `convolve (1)` has it, too.
    """
    if not any(map(_is_sakais, (each.parts for each in level.files))):
        return None
    times = {}
    for each in level.metadata(TIMESTAMP, 1):
        try:
            times[each.parts[0]] = read_time(text_of(each.file))
        except UnreadableError:
            continue

    def read(name: str) -> HandedIn | None:
        handed = read_name(name)
        return handed and handed._replace(at=times.get(name, ""))

    return read


def read_name(name: str) -> HandedIn | None:
    """Return who handed in what is called `name`."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    last, comma, first = match["name"].strip().partition(", ")
    whole = f"{first} {last}" if comma else last
    return HandedIn(whole, match["user"], match["file"] or "")


def read_time(text: str) -> str:
    """Return what a `timestamp.txt` says in ISO 8601; empty for a form that is not known."""
    text = text.strip()
    compact = _COMPACT.match(text)
    if compact is not None:
        year, month, day, hour, minute, second = compact.groups()
        return f"{year}-{month}-{day}T{hour}:{minute}:{second}"
    return text if _ISO.match(text) else ""


def _is_sakais(parts: tuple[str, ...]) -> bool:
    if _NAME.fullmatch(parts[0]) is None:
        return False
    if len(parts) == 1:
        return f"_{ATTACHMENTS}_" in parts[0]
    return parts[1] in {ATTACHMENTS, FEEDBACK}
