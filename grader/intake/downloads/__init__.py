"""Whose file is it: the layouts in which course platforms let an instructor download a class.

| layout | looks like |
|---|---|
| `moodle` | `Ada Lovelace_123456_assignsubmission_file/x.py`, or all of it in the file's name |
| `blackboard` | `gradebook_COURSE_HW_USER_attempt_2026-11-22-21-10-05_file.py` |
| `brightspace` | `12345-67890 - Ada Lovelace - Nov 22, 2026 910 PM/x.py` |
| `autolab` | `ada@uni.example_3_convolve.py` |
| `canvas` | `lovelaceada_LATE_123456_7891011_file-1.py`, `anon_Ab3x9_7891011_file.py` |
| `gradescope` | `submission_12345/x.py` beside `submission_metadata.yml` |
| `sakai` | `Lovelace, Ada(al1)/Submission attachment(s)/x.py` |
| `nbgrader` | `submitted/STUDENT/ASSIGNMENT/x.ipynb` beside `timestamp.txt` |
| `github_classroom` | `hw1-adalovelace/` with `.git`, beside `classroom_roster.csv` |
| `google_classroom` | `Ada Lovelace - convolve.py` |

How a platform's names are read stands in its module and nowhere else. Another platform is another
module and one more of `PLATFORMS`.

Students choose the names below their own folder and inside their own archive. So a layout holds for
one level of the tree: the one on which most names are the platform's. A folder
`eve/Ada Lovelace_123456_assignsubmission_file_` in a class of folders is Eve's, not Ada's.

Several downloads of one assignment are one class: the same id in two of them is the same student.
Files whose names rule out grading count here as well, since they may be all that a student has
handed in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from grader.intake.downloads import (
    autolab,
    blackboard,
    brightspace,
    canvas,
    github_classroom,
    google_classroom,
    gradescope,
    moodle,
    nbgrader,
    sakai,
)
from grader.intake.downloads.attempts import Attempts, Handed, latest
from grader.intake.downloads.handed_in import Below, Level, Reader
from grader.intake.left_out import (
    METADATA,
    PLATFORMS_OWN,
    TIMESTAMP,
    is_noise,
)
from grader.intake.sources import File, Root
from grader.intake.student import Student

__all__ = ["Owned", "Rest", "owned"]

PLATFORMS: Final = (
    moodle,
    blackboard,
    brightspace,
    autolab,
    canvas,
    gradescope,
    sakai,
    nbgrader,
    github_classroom,
    google_classroom,
)


_OF_MACOS = "._"
"""How the names of files begin that macOS lays beside others, whosever they are."""


class Owned(msgspec.Struct, frozen=True):
    """What one student handed in, as the platform's layout says."""

    student: Student
    qualifier: str
    """What distinguishes two students of one name."""
    attempts: Attempts
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[File, ...]:
        """The files of the latest attempt."""
        return self.attempts.latest


class Rest(NamedTuple):
    """What no layout gives to anybody."""

    root: Root
    files: list[File]
    left_out: list[File]


class _Layout(NamedTuple):
    """A level of a tree, and what reads its names."""

    platform: str
    level: int
    reader: Reader


def owned(
    roots: Sequence[Root], may_be_graded: Callable[[File], bool]
) -> tuple[list[Owned], list[Rest]]:
    """Return what each student has handed in whom a layout names, and for each root the rest.

    `may_be_graded` says whether there is code in a file, whatever it is called.
    """
    students: dict[tuple[str, str], list[Handed]] = {}
    several = len(roots) > 1
    rest = [_add(root, students, several=several) for root in roots]
    return [_owned(each, may_be_graded) for each in students.values()], rest


def _add(
    root: Root,
    students: dict[tuple[str, str], list[Handed]],
    *,
    several: bool,
) -> Rest:
    """Add what a root's layout says to the students whom it names; return the rest."""
    layout = _layout(root)
    platform = layout.platform if layout else ""
    others = Rest(root, [], [])
    for file in (*root.files, *root.left_out):
        if file.parts[-1] == METADATA:
            continue
        handed = _handed(file, layout, root, several)
        if handed is None:
            (others.left_out if file.reason else others.files).append(file)
            continue
        for by in handed.by.team or (handed.by,):
            # An id is one student's, however the name is spelt.
            each = handed._replace(by=by)
            students.setdefault((platform, by.key), []).append(each)
    return others


def _owned(
    handed: list[Handed], may_be_graded: Callable[[File], bool]
) -> Owned:
    attempts = latest(handed, may_be_graded)
    by = attempts.handed_in
    student = Student(
        name=by.name,
        id=by.id or by.qualifier,
        email=by.email,
        group=by.group,
        attempt=attempts.number,
        submitted_at=by.at,
    )
    notes = attempts.notes
    joined = len({each.download for each in handed}) > 1
    if joined and not student.id:
        notes = (
            "The downloads have no ids: equal names are taken for one student.",
            *notes,
        )
    return Owned(student, by.qualifier, attempts, notes)


def _handed(
    file: File, layout: _Layout | None, root: Root, several: bool
) -> Handed | None:
    """Return whose file it is; None where no layout says so."""
    if layout is None:
        return None
    level = layout.level
    if level > _deepest(file, root) or is_noise(file.parts[:level]):
        return None
    if file.parts[level].startswith(_OF_MACOS):
        return None
    by = layout.reader(file.parts[level])
    if by is None or file.parts[level + 1 : level + 2] == (sakai.FEEDBACK,):
        return None
    is_file = level == len(file.parts) - 1
    called = by.called if is_file else ""
    named = msgspec.structs.replace(file, called=called, version=by.version)
    if by.is_metadata or file.parts[-1] == TIMESTAMP:
        named = msgspec.structs.replace(
            named, reason=PLATFORMS_OWN, peeked=False
        )
    above = "/".join(file.parts[:level])
    download = f"{root.label}/{above}".strip("/") if several else above
    below = (named.name,) if is_file else file.parts[level + 1 :]
    return Handed(named, by, download, below)


def _layout(root: Root) -> _Layout | None:
    """Return the level on which a platform has named the students, and what reads it.

    What is left out has no vote, unless there is nothing else.
    """
    files = [file for file in root.files if file.parts[-1] != METADATA]
    left_out = [file for file in root.left_out if not is_noise(file.parts)]
    found = _elected(root, files) or _elected(root, [*files, *left_out])
    if found is not None:
        return found
    # One student's folder that was given alone; only Moodle's name shows that it is one.
    alone = moodle.read_name(root.label.rpartition("/")[2])
    if alone is None:
        return None
    return _Layout(moodle.__name__, 0, lambda _: alone)


def _elected(root: Root, files: Sequence[File]) -> _Layout | None:
    if not files:
        return None
    top = _top(files)
    for level in range(top + 2):
        votes = [file for file in files if level <= _deepest(file, root)]
        on_level = _level(root, votes, level)
        for platform in PLATFORMS:
            reader = platform.reader(on_level)
            if reader is not None and _is_elected(
                reader, files, votes, level, top
            ):
                return _Layout(platform.__name__, level, reader)
    return None


def _level(root: Root, votes: Sequence[File], level: int) -> Level:
    above = {file.parts[level - 1] if level else root.label for file in votes}
    names = frozenset(file.parts[level] for file in votes)
    return Level(
        names,
        tuple(_below(root, level)),
        above.pop().rpartition("/")[2] if len(above) == 1 else "",
    )


def _below(root: Root, level: int) -> Iterator[Below]:
    for file in (*root.files, *root.left_out):
        deepest = _deepest(file, root)
        if level <= deepest:
            yield Below(file.parts[level : deepest + 1], file)


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
