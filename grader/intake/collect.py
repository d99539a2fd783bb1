"""From what was given to one file per student, each with a name, and a list of what is left out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.errors import UsageError
from grader.intake.candidates import Candidates
from grader.intake.downloads import Owned, owned
from grader.intake.folders import Group, folder_groups, is_crowd
from grader.intake.given import shown
from grader.intake.helpers import Helper, helpers_of
from grader.intake.left_out import may_be_handed_in
from grader.intake.not_gradable import likeliest, what_to_hand_in
from grader.intake.online_text import code_of, is_page
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
_LONGEST_PAGE = 1 << 17
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
    fault: str | None = None
    """Why there is nothing to grade, and what to hand in; then `place` is not to be read."""
    modules: tuple[tuple[str, Place], ...] = ()
    """What the file imports of what was handed in with it: `helpers/utils.py`, and where it is."""


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
    folder that is not input (the output of this very batch). `patience` limits how
    long file systems are waited for, and ends the wait when the batch is stopped. Raises UsageError
    where a path does not exist or nothing at all was found, and StoppedError.
    """
    scan = Scan(spool, ignore, patience or Patience())
    roots = scan.roots(paths)
    collector = _Collector(exercise, scan.texts)
    groups = collector.groups(roots)
    chosen = [collector.choose(group) for _, group in groups]
    several = len(roots) > 1
    wanted = []
    for label, group in groups:
        qualifier = group.qualifier or (label if several else "")
        wanted.append((group.path, qualifier, f"{label}/{group.origin}"))
    items = []
    for name, choice in zip(unique_names(wanted), chosen, strict=True):
        file = choice.file
        items.append(
            Item(
                name,
                file.place,
                file.name,
                choice.notes,
                choice.student,
                choice.fault,
                choice.modules,
            )
        )
    if not items:
        raise UsageError(_nothing(paths, collector.skipped))
    items.sort(key=lambda item: item.name)
    return Collection(tuple(items), tuple(sorted(collector.skipped)))


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
    fault: str | None = None
    modules: tuple[tuple[str, Place], ...] = ()


class _Collector:
    def __init__(
        self, exercise: Exercise, texts: Callable[[bytes], Place]
    ) -> None:
        self._candidates = Candidates(exercise)
        self._function = exercise.function
        self._texts = texts
        """Keeps a text that was taken out of a page."""
        self.skipped: list[Skipped] = []

    def groups(self, roots: Sequence[Root]) -> list[tuple[str, Group]]:
        """Return the files by student, each with the label of a root that they are in."""
        students, rest = owned(roots, self._candidates.may_be_graded)
        label = roots[0].label if len(roots) == 1 else ""
        groups = []
        for each in students:
            student = each.student
            group = Group(
                (student.name,),
                each.qualifier,
                each.qualifier,
                each.files,
                each.attempts.left_out,
                late=each.attempts.late,
                student=student,
                notes=each.notes,
            )
            groups.append((label, group))
            self._list_earlier(each)
        for root, files, left_out in rest:
            if root.explicit:
                found = _explicit(files, left_out)
            else:
                found = folder_groups(
                    files, self._candidates, root.named, left_out
                )
            groups += [(root.label, group) for group in found]
            theirs = {
                file.parts for _, group in groups for file in group.left_out
            }
            self.skipped += [
                file.skipped() for file in left_out if file.parts not in theirs
            ]
        return groups

    def choose(self, group: Group) -> _Choice:
        """Return the file that is graded, and what the report says about the others."""
        files = list(group.files)
        left_out = list(group.left_out)
        readable = list(filter(self._candidates.may_be_graded, left_out))
        # Most have handed in one file, which nobody reads before it is graded.
        if readable and not any(map(self._candidates.defines, files)):
            left_out = [file for file in left_out if file not in readable]
            files += map(self._as_text, readable)
        if not files:
            self.skipped += [file.skipped() for file in left_out]
            return self._nothing_to_grade(group, left_out)
        best = files[0]
        if len(files) > 1:
            best = self._candidates.best(self._candidates.ranked(files))
        packages = [file for file in left_out if file.name == "__init__.py"]
        helpers = self._helpers(best, [*files, *packages])
        helping = {helper.file.parts for helper in helpers}
        self.skipped += [
            file.skipped() for file in left_out if file.parts not in helping
        ]
        notes = self._notes(group, files, best, helpers)
        modules = tuple((each.name, each.file.place) for each in helpers)
        return _chosen(group, best, notes)._replace(modules=modules)

    def _helpers(self, best: File, files: Sequence[File]) -> tuple[Helper, ...]:
        if len(files) == 1:
            return ()
        return helpers_of(best, files, self._candidates.content)

    def _nothing_to_grade(
        self, group: Group, left_out: Sequence[File]
    ) -> _Choice:
        fault = what_to_hand_in(left_out, self._function)
        choice = _chosen(group, likeliest(left_out), ())
        return choice._replace(fault=fault)

    def _as_text(self, file: File) -> File:
        """Return a file with its code, if that stands in a page."""
        if not is_page(file.name):
            return file
        code = code_of(file.place.beginning(_LONGEST_PAGE))
        return msgspec.structs.replace(file, place=self._texts(code))

    def _notes(
        self,
        group: Group,
        files: Sequence[File],
        best: File,
        helpers: Sequence[Helper],
    ) -> tuple[str, ...]:
        """Say which file is graded, and with which others; list those that are not."""
        notes = [_misnamed(best)] if best.reason else []
        helping = {helper.file.parts for helper in helpers}
        others = [
            file
            for file in self._candidates.ranked(files)
            if file is not best and file.parts not in helping
        ]
        called = _told_apart(files)
        graded = one_line(called[best.parts])
        if helpers:
            names = one_line(_some([helper.name for helper in helpers]))
            notes.append(f"{graded} is graded together with {names}.")
        if others:
            named = one_line(_some([called[file.parts] for file in others]))
            handed_in = f"{len(files)} files were handed in"
            notes.append(f"{handed_in}: {graded} is graded, not {named}.")
            self._list(group, others, graded)
        return tuple(notes)

    def _list_earlier(self, owned: Owned) -> None:
        """List the files of attempts before the latest."""
        student = one_line(owned.student.name)
        reason = f"an earlier attempt of {student}; the latest one is graded"
        for file in owned.attempts.earlier[:_MOST_LISTED]:
            self.skipped.append(file.skipped(reason))

    def _list(self, group: Group, others: Sequence[File], graded: str) -> None:
        """List the files of a student that are not graded."""
        student = one_line(group.path[-1])
        for file in others[:_MOST_LISTED]:
            reason = f"another file of {student}, {graded}, is graded"
            self.skipped.append(file.skipped(reason))
        if len(others) > _MOST_LISTED:
            rest = len(others) - _MOST_LISTED
            reason = f"holds {rest} more files of {student} that are not graded"
            self.skipped.append(Skipped(group.origin, reason))
        archive = _archive_of(group.files)
        if archive is not None and is_crowd(group.files, self._candidates):
            reason = (
                f"holds {len(group.files)} files, of which one is graded; "
                "if it is a class, grade this archive by itself"
            )
            self.skipped.append(Skipped(archive, reason, unread=True))


def _chosen(group: Group, file: File, notes: tuple[str, ...]) -> _Choice:
    late = file.parts in group.late
    known = group.student or Student(name=group.path[-1])
    origin = "/".join(file.parts)
    student = msgspec.structs.replace(
        known, file=file.name, origin=origin, late=late
    )
    if late:
        notes = (HANDED_IN_LATE, *notes)
    return _Choice(file, (*notes, *group.notes), student)


def _misnamed(file: File) -> str:
    """Return what the report says where the graded file has a wrong suffix."""
    name = one_line(file.name)
    if is_page(file.name):
        return f"The code was taken out of the page {name}. Hand in a .py file."
    return f"{name} is graded although it does not end in .py or .ipynb. Hand in a file that does."


def _archive_of(files: Sequence[File]) -> str | None:
    """Return the path of the archive that all of these files are in, if there is one."""
    found = set()
    for file in files:
        end = file.archives[0] + 1 if file.archives else 0
        found.add("/".join(file.parts[:end]))
    return found.pop() or None if len(found) == 1 else None


def _explicit(files: list[File], left_out: Sequence[File]) -> list[Group]:
    """Name files that were given one by one, by their own names or by their folders.

    Folders are better where the files of all have one name.
    """
    if files:
        files = [*files, *filter(may_be_handed_in, left_out)]
    names = {file.parts[-1].casefold() for file in files}
    folders = {file.parts[:-1] for file in files}
    by_folder = len(names) < len(files) == len(folders) and all(folders)
    groups = []
    for file in files:
        folder = file.parts[:-1]
        path = folder if by_folder else file.parts[-1:]
        own, other = ((), (file,)) if file.reason else ((file,), ())
        groups.append(Group(path, "_".join(folder), file.path, own, other))
    return groups


def _told_apart(files: Sequence[File]) -> dict[tuple[str, ...], str]:
    """Return what to call each file of one student: its name, or its path where names are equal."""
    if len({file.name for file in files}) == len(files):
        return {file.parts: file.name for file in files}
    shortest = min(len(file.parts) for file in files)
    above = 0
    while (
        above < shortest - 1
        and len({file.parts[: above + 1] for file in files}) == 1
    ):
        above += 1
    return {file.parts: "/".join(file.parts[above:]) for file in files}
