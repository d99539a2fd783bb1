"""From what was given to one file per student, each with a name, and a list of what is left out."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.errors import UsageError
from grader.intake.candidates import Candidates
from grader.intake.downloads import Owned, owned
from grader.intake.folders import Group, folder_groups, is_crowd
from grader.intake.given import shown
from grader.intake.report_names import unique_names
from grader.intake.scan import Scan
from grader.intake.sources import File, Place, Root, Skipped
from grader.intake.student import Student
from grader.model import Exercise
from grader.opening import Patience
from grader.untrusted import file_name, one_line

HANDED_IN_LATE = "Handed in late."
"""A note of a report: the platform marks what is graded as late."""
_MOST_NAMED = 3
"""Paths, or files, that fit into one line."""
_MOST_LISTED = 100
"""Other files of one student that are listed one by one."""


class Item(msgspec.Struct, frozen=True):
    """One submission to grade: its unique name, where its bytes are, and where they came from."""

    name: str
    place: Place
    file_name: str
    """What the student called it; the suffix decides its kind."""
    notes: tuple[str, ...] = ()
    student: Student = Student(name="")


class Collection(msgspec.Struct, frozen=True):
    """All submissions, sorted by name, and all that is left out."""

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]


def collect(
    paths: Sequence[Path],
    exercise: Exercise,
    *,
    spool: Path,
    ignore: Path | None = None,
    patience: Patience | None = None,
) -> Collection:
    """Find every submission in folders, archives, patterns and files.

    Archives are unpacked into `spool`, which must outlive the use of the items. `ignore` is a
    folder that is not input (the output of this very batch). `patience` waits for file systems, and
    for whoever stops the batch. Raises UsageError where a path does not exist or nothing at all was
    found, and StoppedError.
    """
    scan = Scan(spool, ignore, patience or Patience())
    roots = scan.roots(paths)
    collector = _Collector(exercise, scan.skipped)
    groups = [
        (root, group) for root in roots for group in collector.groups(root)
    ]
    chosen = [collector.choose(group) for _, group in groups]
    several = len(roots) > 1
    wanted = []
    for root, group in groups:
        qualifier = group.qualifier or (root.label if several else "")
        wanted.append((group.path, qualifier, f"{root.label}/{group.origin}"))
    items = []
    for name, choice in zip(unique_names(wanted), chosen, strict=True):
        file = choice.file
        items.append(
            Item(name, file.place, file.name, choice.notes, choice.student)
        )
    if not items:
        raise UsageError(_nothing(paths, scan.skipped))
    items.sort(key=lambda item: item.name)
    return Collection(tuple(items), tuple(sorted(scan.skipped)))


def _nothing(paths: Sequence[Path], skipped: list[Skipped]) -> str:
    """Return one line: nothing is a submission, and why the first thing found is not one."""
    given = _some([shown(path) for path in paths], " ")
    line = f"{given}: no submission found (a .py or .ipynb file)"
    if skipped:
        line += f"; {file_name(skipped[0].path)}: {skipped[0].reason}"
    if len(skipped) > 1:
        line += f", and {len(skipped) - 1} more"
    return line


def _some(names: Sequence[str], between: str = ", ") -> str:
    shown = list(names[:_MOST_NAMED])
    if len(names) > _MOST_NAMED:
        shown.append("...")
    return between.join(shown)


class _Choice(NamedTuple):
    """The file that is graded of one student."""

    file: File
    notes: tuple[str, ...]
    student: Student


class _Collector:
    def __init__(self, exercise: Exercise, skipped: list[Skipped]) -> None:
        self._candidates = Candidates(exercise)
        self._skipped = skipped

    def groups(self, root: Root) -> list[Group]:
        """Return the files of one root by student."""
        students, rest = owned(root)
        groups = []
        for each in students:
            student = each.student
            groups.append(
                Group(
                    (student.name,),
                    each.qualifier,
                    each.qualifier,
                    each.files,
                    late=each.attempts.late,
                    student=student,
                )
            )
            self._list_earlier(each)
        if root.explicit:
            return groups + _explicit(rest)
        return groups + folder_groups(rest, self._candidates, root.named)

    def choose(self, group: Group) -> _Choice:
        """Return the file that is graded, and what the report says about the others."""
        if len(group.files) == 1:
            return _chosen(group, group.files[0], ())
        ranked = self._candidates.ranked(group.files)
        best = self._candidates.best(ranked)
        others = [file for file in ranked if file is not best]
        called = _told_apart(group.files)
        graded = one_line(called[best.parts])
        self._list(group, others, graded)
        named = one_line(_some([called[file.parts] for file in others]))
        handed_in = f"{len(group.files)} files were handed in"
        return _chosen(
            group, best, (f"{handed_in}: {graded} is graded, not {named}.",)
        )

    def _list_earlier(self, owned: Owned) -> None:
        """List the files of attempts before the latest."""
        student = one_line(owned.student.name)
        reason = f"an earlier attempt of {student}; the latest one is graded"
        for file in owned.attempts.earlier[:_MOST_LISTED]:
            self._skipped.append(Skipped("/".join(file.parts), reason))

    def _list(self, group: Group, others: Sequence[File], graded: str) -> None:
        """List the files of a student that are not graded."""
        student = one_line(group.path[-1])
        for file in others[:_MOST_LISTED]:
            reason = f"another file of {student}, {graded}, is graded"
            self._skipped.append(Skipped("/".join(file.parts), reason))
        if len(others) > _MOST_LISTED:
            rest = len(others) - _MOST_LISTED
            reason = f"holds {rest} more files of {student} that are not graded"
            self._skipped.append(Skipped(group.origin, reason))
        archive = _archive_of(group.files)
        if archive is not None and is_crowd(group.files, self._candidates):
            reason = (
                f"holds {len(group.files)} files, of which one is graded; "
                "if it is a class, grade this archive by itself"
            )
            self._skipped.append(Skipped(archive, reason, unread=True))


def _chosen(group: Group, file: File, notes: tuple[str, ...]) -> _Choice:
    late = file.parts in group.late
    known = group.student or Student(name=group.path[-1])
    origin = "/".join(file.parts)
    student = msgspec.structs.replace(
        known, file=file.name, origin=origin, late=late
    )
    if late:
        notes = (HANDED_IN_LATE, *notes)
    return _Choice(file, notes, student)


def _archive_of(files: Sequence[File]) -> str | None:
    """Return the path of the archive that all of these files are in, if there is one."""
    found = set()
    for file in files:
        end = file.archives[0] + 1 if file.archives else 0
        found.add("/".join(file.parts[:end]))
    return found.pop() or None if len(found) == 1 else None


def _explicit(files: list[File]) -> list[Group]:
    """Name files that were given one by one, by their own names or by their folders.

    Folders are better where the files of all have one name.
    """
    names = {file.parts[-1].casefold() for file in files}
    folders = {file.parts[:-1] for file in files}
    by_folder = len(names) < len(files) == len(folders) and all(folders)
    groups = []
    for file in files:
        folder = file.parts[:-1]
        path = folder if by_folder else file.parts[-1:]
        groups.append(
            Group(path, "_".join(folder), "/".join(file.parts), (file,))
        )
    return groups


def _told_apart(files: Sequence[File]) -> dict[tuple[str, ...], str]:
    """Return what to call each file of one student: its name, or its path where names are equal."""
    if len({file.name for file in files}) == len(files):
        return {file.parts: file.name for file in files}
    above = 0
    while len({file.parts[: above + 1] for file in files}) == 1:
        above += 1
    return {file.parts: "/".join(file.parts[above:]) for file in files}
