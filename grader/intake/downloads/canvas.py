"""Canvas: `lovelaceada_LATE_123456_7891011_file-1.py`, or anonymous: `anon_Ab3x9_7891011_file.py`.

Source: Canvas's `content_zipper.rb`. A student's name may hold underscores, but Canvas takes care
that none holds `_123_`: the first two numbers in a row are the user's and the attachment's. Numbers
of attachments grow with time.
"""

import re

from grader.intake.downloads.handed_in import HandedIn, Level, Reader

_NAME = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>[0-9]{2,})_(?P<attachment>[0-9]{2,})_(?P<file>.+)",
    re.DOTALL,
)
_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon_(?P<user>[0-9A-Za-z]+))_(?P<attachment>[0-9]{2,})_(?P<file>.+)",
    re.DOTALL,
)
_AGAIN = re.compile(r"-\d{1,4}(?=\.\w+$)")
"""Canvas numbers a file that is handed in again: `convolve-1.py`, `work.tar-1.gz`."""


def reader(level: Level) -> Reader | None:
    """Return what reads the names, if every file has an attachment's number of its own.

    A number that several files share is a teacher's: `lab_2024_10_ada.py` and `lab_2024_10_bob.py`
    are two students.
    """
    matches = [match for match in map(_match, level.names) if match is not None]
    attachments = {match["attachment"] for match in matches}
    return read_name if len(attachments) * 2 > len(matches) else None


def read_name(name: str) -> HandedIn | None:
    """Return who handed in what is called `name`."""
    match = _match(name)
    if match is None:
        return None
    return HandedIn(
        match["name"],
        match["user"],
        _AGAIN.sub("", match["file"]),
        late=match["late"] is not None,
        # Digit by digit: Python refuses to read a number of thousands of digits.
        version=(len(match["attachment"]), *map(int, match["attachment"])),
    )


def _match(name: str) -> re.Match[str] | None:
    # The anonymous form first: with an id of digits it looks like a student who is called anon.
    return _ANONYMOUS.fullmatch(name) or _NAME.fullmatch(name)
