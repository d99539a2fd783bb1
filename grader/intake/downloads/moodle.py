"""Moodle: `Ada Lovelace_123456_assignsubmission_file/x.py`, or all of it in the file's name.

Source: `mod/assign/classes/downloader.php` of Moodle, and `download_submissions` in
`mod/assign/locallib.php` of older ones. The number is the participant's, or the team's where teams
hand in: then the name is the team's, and everybody without a team shares a `Default group` that has
no number. In older versions a team's name and a hyphen stand before the student's. `file` is the
kind of submission; a text that was written on the page is `onlinetext`. Where marking is anonymous,
everybody is called `Participant`, in the site's language.
"""

import re
from collections import Counter

from grader.intake.downloads.handed_in import HandedIn, Level, Reader

_NAME = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_[a-z]+(?:_|$)(?P<file>.*)",
    re.DOTALL,
)
_NO_GROUP = "Default group"
_ANONYMOUS = "Participant"


def reader(level: Level) -> Reader:
    """Return what reads the names; they are unmistakable, so nothing else is looked at."""
    handed = [each for each in map(read_name, level.names) if each is not None]
    names = {each.name for each in handed}
    ids = {each.qualifier for each in handed}
    if len(names) == 1 and len(ids) > 1:
        return _read_anonymous
    return _read_in_groups if _in_groups(handed) else read_name


def read_name(name: str) -> HandedIn | None:
    """Return who handed in what is called `name`."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    student = match["name"]
    if student == _ANONYMOUS and match["id"]:
        student = f"{student} {match['id']}"
    return HandedIn(student, match["id"] or "", match["file"])


def _read_anonymous(name: str) -> HandedIn | None:
    """Read a name where marking is anonymous: everybody has the same one."""
    handed = read_name(name)
    if handed is None or handed.name.endswith(f" {handed.qualifier}"):
        return handed
    return handed._replace(name=f"{handed.name} {handed.qualifier}")


def _read_in_groups(name: str) -> HandedIn | None:
    handed = read_name(name)
    if handed is None or "-" not in handed.name:
        return handed
    group, _, student = handed.name.partition("-")
    return handed._replace(
        name=student, group="" if group == _NO_GROUP else group
    )


def _in_groups(handed: list[HandedIn]) -> bool:
    """Return whether every name begins with a group's.

    A hyphen alone proves nothing, since many names have one. Either a group has two students, or
    somebody is in none.
    """
    students = {each.qualifier: each.name for each in handed}.values()
    if not students or not all("-" in student for student in students):
        return False
    groups = Counter(student.partition("-")[0] for student in students)
    return _NO_GROUP in groups or max(groups.values()) > 1
