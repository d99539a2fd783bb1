"""From what was given to one file per student: `collect` chooses, names, and says what it left out."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.intake.candidates import Candidates
from grader.intake.downloads import Owner, PlatformLayout
from grader.intake.folders import Group, folder_groups
from grader.intake.report_names import unique_names
from grader.intake.sources import METADATA, File, Root, Scan, Skipped
from grader.model import Exercise

_MOST_NAMED = 3
"""Paths, or files, that fit into one line."""
from grader.untrusted import file_name, one_line


class Item(msgspec.Struct, frozen=True):
    """One submission to grade: its unique name, where its bytes are, and where they came from."""

    name: str
    place: str
    """Path of the file; text, since a class of these is all that a batch keeps in memory."""
    file_name: str
    """What the student called it; the suffix tells its kind."""
    notes: tuple[str, ...] = ()


class Collection(msgspec.Struct, frozen=True):
    """All submissions, sorted by name, and all that is not one."""

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]


def collect(
    paths: Sequence[Path],
    exercise: Exercise,
    *,
    spool: Path,
    ignore: Path | None = None,
) -> Collection:
    """Find every submission in folders, archives, patterns and files.

    Archives are unpacked into `spool`, which must outlive the use of the items. `ignore` is a
    folder that is not input (the output of this very batch). Raises UsageError where a path does
    not exist or nothing at all was found.
    """
    scan = Scan(spool, ignore)
    roots = scan.roots(paths)
    collector = _Collector(exercise, scan.skipped)
    groups = [(root, group) for root in roots for group in collector.groups(root)]
    chosen = [(root, group, *collector.choose(group)) for root, group in groups]
    several = len(roots) > 1
    names = unique_names(
        (
            group.name,
            group.qualifier or (root.label if several else ""),
            f"{root.label}/{group.origin}",
        )
        for root, group, _, _ in chosen
    )
    items = sorted(
        (
            Item(
                name=name,
                place=str(file.place),
                file_name=file.name,
                notes=notes,
            )
            for name, (_, _, file, notes) in zip(names, chosen, strict=True)
        ),
        key=lambda item: item.name,
    )
    if not items:
        raise UsageError(_nothing(paths, scan.skipped))
    return Collection(tuple(items), tuple(sorted(scan.skipped)))


def _nothing(paths: Sequence[Path], skipped: list[Skipped]) -> str:
    """Say in one line that there is no submission, and why the first thing that was found is none."""
    named = _some([file_name(path) for path in paths], " ")
    line = f"{named}: no submission found (a .py or .ipynb file)"
    if skipped:
        line += f"; {file_name(skipped[0].path)}: {one_line(skipped[0].reason)}"
    if len(skipped) > 1:
        line += f", and {len(skipped) - 1} more"
    return line


def _some(names: Sequence[str], between: str = ", ") -> str:
    return between.join(
        (*names[:_MOST_NAMED], *(["..."] if len(names) > _MOST_NAMED else []))
    )


class _Collector:
    def __init__(self, exercise: Exercise, skipped: list[Skipped]) -> None:
        self._candidates = Candidates(exercise)
        self._skipped = skipped

    def groups(self, root: Root) -> list[Group]:
        """Return the files of one root by student."""
        layout = PlatformLayout(root.files)
        # A student's folder that was given alone; that it has the student's name shows by itself
        # with Moodle only.
        around = PlatformLayout(()).owner((root.label.rpartition("/")[2],))
        owned: dict[Owner, list[File]] = {}
        rest: list[File] = []
        for file in root.files:
            owner = layout.owner(file.parts) or around
            if file.parts[-1] == METADATA:
                continue
            if owner is None:
                rest.append(file)
            else:
                owned.setdefault(owner, []).append(layout.named(file))
        groups = [
            Group(
                owner.name,
                owner.qualifier,
                owner.qualifier,
                tuple(mine),
                late=any(map(layout.is_late, mine)),
            )
            for owner, mine in owned.items()
        ]
        return groups + (
            _explicit(rest) if root.explicit else folder_groups(rest, self._candidates)
        )

    def choose(self, group: Group) -> tuple[File, tuple[str, ...]]:
        """Return the file that is graded, and what the report should say about the others."""
        notes = ("Handed in late.",) if group.late else ()
        if len(group.files) == 1:
            return group.files[0], notes
        ranked = self._candidates.ranked(group.files)
        best = self._candidates.best(ranked)
        others = [file for file in ranked if file is not best]
        called = _told_apart(group.files)
        for file in others:
            reason = f"another file of {group.name}, {called[best.parts]}, is graded"
            self._skipped.append(Skipped("/".join(file.parts), reason))
        named = _some([called[file.parts] for file in others])
        return best, (
            *notes,
            f"{len(group.files)} files were handed in: {called[best.parts]} is graded, not {named}.",
        )


def _explicit(files: list[File]) -> list[Group]:
    """Name files that were given one by one: by their own names, or by their folders where those say more."""
    names = [file.parts[-1].casefold() for file in files]
    folders = [file.parts[:-1] for file in files]
    by_folder = (
        len(set(names)) < len(names)
        and len(set(folders)) == len(folders)
        and all(folders)
    )
    return [
        Group(
            "_".join(file.parts[:-1]) if by_folder else file.parts[-1],
            "_".join(file.parts[:-1]),
            "/".join(file.parts),
            (file,),
        )
        for file in files
    ]


def _told_apart(files: Sequence[File]) -> dict[tuple[str, ...], str]:
    """Return what to call each file of one student: its name, or where names are equal its path in their folder."""
    if len({file.name for file in files}) == len(files):
        return {file.parts: file.name for file in files}
    above = 0
    while len({file.parts[: above + 1] for file in files}) == 1:
        above += 1
    return {file.parts: "/".join(file.parts[above:]) for file in files}
