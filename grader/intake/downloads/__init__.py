"""Whose file is it: the layouts in which course platforms let an instructor download a class.

| layout | looks like |
|---|---|
| `moodle` | `Ada Lovelace_123456_assignsubmission_file_/x.py`, or all of it in the file's name |
| `canvas` | `lovelaceada_LATE_123456_7891011_file-1.py`, `anon_Ab3x9_7891011_file.py` |
| `gradescope` | `submission_12345/x.py` beside `submission_metadata.yml` |
| `blackboard` | `gradebook_COURSE_HW_USER_attempt_2026-11-22-21-10-05_file.py` |
| `brightspace` | `12345-67890 - Ada Lovelace - Nov 22, 2026 910 PM/x.py` |

How a platform's names are read stands in its module and nowhere else. Another platform is another
module and one more of `PLATFORMS`.

Students choose the names below their own folder and inside their own archive. So a layout holds for
one level of the tree: the one on which most names are the platform's. A folder
`eve/Ada Lovelace_123456_assignsubmission_file_` in a class of folders is Eve's, not Ada's.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from grader.intake.downloads import (
    blackboard,
    brightspace,
    canvas,
    gradescope,
    moodle,
)
from grader.intake.downloads.attempts import Attempts, latest
from grader.intake.downloads.handed_in import HandedIn, Level, Reader
from grader.intake.left_out import METADATA
from grader.intake.sources import File, Root
from grader.intake.student import Student

__all__ = ["Owned", "owned"]

PLATFORMS: Final = (moodle, blackboard, brightspace, canvas, gradescope)


class Owned(msgspec.Struct, frozen=True):
    """What one student handed in, as the platform's layout says."""

    student: Student
    qualifier: str
    """What distinguishes two students of one name."""
    attempts: Attempts

    @property
    def files(self) -> tuple[File, ...]:
        """The files of the latest attempt."""
        return self.attempts.latest


def owned(root: Root) -> tuple[list[Owned], list[File]]:
    """Return the files of each student that a layout names, and the files of the others."""
    files = [file for file in root.files if file.parts[-1] != METADATA]
    level, reader = _layout(root, files)
    # One student's folder that was given alone; only Moodle's name shows that it is one.
    label = root.label.rpartition("/")[2]
    alone = moodle.read_name(label) if reader is None else None
    students: dict[tuple[str, str], list[tuple[File, HandedIn]]] = {}
    rest = []
    for file in files:
        by = alone if reader is None else _read(reader, file, level, root)
        if by is None:
            rest.append(file)
            continue
        called = by.called if level == len(file.parts) - 1 else ""
        named = msgspec.structs.replace(file, called=called, version=by.version)
        # An id is one student's, however the name is spelt; without one the name has to do.
        key = (by.qualifier, "" if by.qualifier else by.name)
        students.setdefault(key, []).append((named, by))
    return [_owned(handed) for handed in students.values()], rest


def _owned(handed: list[tuple[File, HandedIn]]) -> Owned:
    attempts = latest(handed)
    by = attempts.handed_in
    student = Student(
        name=by.name,
        id=by.id or by.qualifier,
        email=by.email,
        group=by.group,
        attempt=attempts.number,
        submitted_at=by.at,
    )
    return Owned(student, by.qualifier, attempts)


def _read(
    reader: Reader, file: File, level: int, root: Root
) -> HandedIn | None:
    return reader(file.parts[level]) if level <= _deepest(file, root) else None


def _layout(root: Root, files: Sequence[File]) -> tuple[int, Reader | None]:
    """Return the level on which a platform has named the students, and what reads it."""
    if not files:
        return 0, None
    top = _top(files)
    for level in range(top + 2):
        reader = _elected(root, files, level, top)
        if reader is not None:
            return level, reader
    return 0, None


def _elected(
    root: Root, files: Sequence[File], level: int, top: int
) -> Reader | None:
    """Return what reads the names on this level, if most of them are a platform's."""
    votes = [file for file in files if level <= _deepest(file, root)]
    on_level = Level(
        frozenset(file.parts[level] for file in votes),
        tuple(file for file in root.files if _is_metadata(file, level, root)),
    )
    for platform in PLATFORMS:
        reader: Reader | None = platform.reader(on_level)
        if reader is None:
            continue
        if _is_elected(reader, files, votes, level, top):
            return reader
    return None


def _top(files: Sequence[File]) -> int:
    """Return the first level with several names: above it are folders around everything."""
    level = 0
    shortest = min(len(file.parts) for file in files) - 1
    while level < shortest and len({file.parts[level] for file in files}) == 1:
        level += 1
    return level


def _deepest(file: File, root: Root) -> int:
    """Return the last level of a path that the student has not chosen."""
    archives = file.archives
    if archives and archives[0] == 0 and file.parts[0] in root.named:
        # Named on the command line: it may be a download, if most that were named are.
        archives = archives[1:]
    return archives[0] if archives else len(file.parts) - 1


def _is_metadata(file: File, level: int, root: Root) -> bool:
    if file.parts[-1] != METADATA or len(file.parts) != level + 1:
        return False
    return level <= _deepest(file, root)


def _is_elected(
    reader: Reader,
    files: Sequence[File],
    votes: Iterable[File],
    level: int,
    top: int,
) -> bool:
    """Return whether most of what stands on the top level agrees that this is the layout.

    Each entry there has one vote, however many names a student puts below it.
    """
    names: dict[str, set[str]] = {
        file.parts[min(level, top)]: set() for file in files
    }
    for file in votes:
        names[file.parts[min(level, top)]].add(file.parts[level])
    return _most(_most(map(reader, below)) for below in names.values())


def _most(votes: Iterable[object]) -> bool:
    counted = [vote is not None and vote is not False for vote in votes]
    return sum(counted) * 2 > len(counted)
