"""From what was given to one file per student: `collect` chooses, names, and says what it left out."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from grader.batch.layouts import Owner, PlatformLayout, person
from grader.batch.names import unique_names
from grader.batch.sources import METADATA, File, Root, Scan, Skipped
from grader.errors import UsageError
from grader.model import Exercise

_LOOKED_INTO = 64
"""Files of one student that are read to find the function; an environment that was handed in has thousands."""
_SEVERAL = 8
"""A folder with more candidates than this is many students', unless one is named like the exercise."""
_OTHER_NAME = 2
"""Rank from which a file's name says nothing about the exercise."""


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


class _Group(msgspec.Struct, frozen=True):
    """The candidates of one student."""

    name: str
    qualifier: str
    origin: str
    files: tuple[File, ...]
    late: bool = False


class _Node(msgspec.Struct):
    """A folder, or an archive, that holds candidates."""

    files: list[File] = msgspec.field(default_factory=list)
    folders: "dict[str, _Node]" = msgspec.field(default_factory=dict)

    def all(self) -> Iterable[File]:
        yield from self.files
        for node in self.folders.values():
            yield from node.all()


def collect(paths: Sequence[Path], exercise: Exercise, *, spool: Path, ignore: Path | None = None) -> Collection:
    """Find every submission in folders, archives, patterns and files.

    Archives are unpacked into `spool`, which must outlive the use of the items. `ignore` is a folder that is not input
    (the output of this very batch). Raises UsageError where a path does not exist or nothing at all was found.
    """
    scan = Scan(spool, ignore)
    roots = scan.roots(paths)
    collector = _Collector(exercise, scan.skipped)
    groups = [(root, group) for root in roots for group in collector.groups(root)]
    chosen = [(root, group, *collector.choose(group)) for root, group in groups]
    several = len(roots) > 1
    names = unique_names(
        (group.name, group.qualifier or (root.label if several else ""), f"{root.label}/{group.origin}")
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
        raise UsageError(f"{' '.join(str(path) for path in paths)}: no submission found (a .py or .ipynb file)")
    return Collection(tuple(items), tuple(sorted(scan.skipped)))


class _Collector:
    def __init__(self, exercise: Exercise, skipped: list[Skipped]) -> None:
        self._stems = tuple(dict.fromkeys((exercise.function.lower(), exercise.name.lower())))
        self._defines = re.compile(rb"def\s+" + re.escape(exercise.function.encode()) + rb"\b")
        self._stub = exercise.stub.split()
        self._skipped = skipped

    # ------------------------------------------------------------------------------------------- who handed in what

    def groups(self, root: Root) -> list[_Group]:
        """Return the files of one root by student."""
        layout = PlatformLayout(root.files)
        owned: dict[Owner, list[File]] = {}
        rest: list[File] = []
        for file in root.files:
            owner = layout.owner(file.parts)
            if file.parts[-1] == METADATA:
                continue
            if owner is None:
                rest.append(file)
            else:
                owned.setdefault(owner, []).append(layout.named(file))
        groups = [
            _Group(owner.name, owner.qualifier, owner.qualifier, tuple(mine), late=any(map(layout.is_late, mine)))
            for owner, mine in owned.items()
        ]
        return groups + (self._explicit(rest) if root.explicit else self._folders(_tree(rest), ()))

    def _explicit(self, files: list[File]) -> list[_Group]:
        """Name files that were given one by one: by their own names, or by their folders where those say more."""
        names = [file.parts[-1].casefold() for file in files]
        folders = [file.parts[:-1] for file in files]
        by_folder = len(set(names)) < len(names) and len(set(folders)) == len(folders) and all(folders)
        return [
            _Group(
                "_".join(file.parts[:-1]) if by_folder else file.parts[-1],
                "_".join(file.parts[:-1]),
                "/".join(file.parts),
                (file,),
            )
            for file in files
        ]

    def _folders(self, node: _Node, above: tuple[str, ...]) -> list[_Group]:
        """Tell folders that are one student each from folders that hold many students' files."""
        groups = [_Group("_".join((*above, file.parts[-1])), "", "/".join(file.parts), (file,)) for file in node.files]
        single = {name: self._is_one_student(child) for name, child in node.folders.items()}
        per_student = sum(single.values()) * 2 > len(single)
        only = len(node.folders) == 1 and not node.files
        for name, child in node.folders.items():
            if single[name] or (per_student and not self._is_many_students(child)):
                files = tuple(child.all())
                groups.append(_Group("_".join((*above, person(name))), "", "/".join((*above, name)), files))
            else:
                # A wrapper around everything (what an archive is called) says nothing about a student.
                groups.extend(self._folders(child, above if only else (*above, person(name))))
        return groups

    def _is_one_student(self, node: _Node) -> bool:
        while not node.files and len(node.folders) == 1:
            node = next(iter(node.folders.values()))
        if not node.files:
            return False
        files = list(node.all())
        if len(files) == 1 or sum(self._rank(file) < _OTHER_NAME for file in node.files) == 1:
            return True
        return len(files) <= _SEVERAL and sum(self._is_definition(file) for file in files) == 1

    def _is_many_students(self, node: _Node) -> bool:
        """Two folders side by side that each hold a file named like the exercise are two students."""
        named = [any(self._rank(file) < _OTHER_NAME for file in child.all()) for child in node.folders.values()]
        return not node.files and sum(named) > 1

    # ---------------------------------------------------------------------------------------------- one of several

    def choose(self, group: _Group) -> tuple[File, tuple[str, ...]]:
        """Return the file that is graded, and what the report should say about the others."""
        notes = ("Handed in late.",) if group.late else ()
        if len(group.files) == 1:
            return group.files[0], notes
        ranked = sorted(group.files, key=lambda file: (self._rank(file), len(file.parts), file.parts))
        best = min(ranked[:_LOOKED_INTO], key=self._is_worse)
        others = [file for file in ranked if file is not best]
        for file in others:
            self._skipped.append(Skipped("/".join(file.parts), f"another file of {group.name}, {best.name}, is graded"))
        named = ", ".join(file.name for file in others[:3]) + (", ..." if len(others) > 3 else "")  # noqa: PLR2004 - three names fit a line
        return best, (*notes, f"{len(group.files)} files were handed in: {best.name} is graded, not {named}.")

    def _is_worse(self, file: File) -> tuple[bool, bool]:
        """Order candidates: one that defines the function and is not the unchanged stub comes first; ties keep rank."""
        data = _content(file)
        return (data.decode("utf-8", "replace").split() == self._stub, self._defines.search(data) is None)

    def _is_definition(self, file: File) -> bool:
        return self._defines.search(_content(file)) is not None

    def _rank(self, file: File) -> int:
        """Say how well a file's name fits: 0 the function's, 1 the exercise's, 2 holds one of them, 3 neither."""
        stem = file.name.rpartition(".")[0].lower()
        if stem in self._stems:
            return self._stems.index(stem)
        return 2 if any(known in stem for known in self._stems) else 3


def _tree(files: Iterable[File]) -> _Node:
    top = _Node()
    for file in files:
        node = top
        for part in file.parts[:-1]:
            node = node.folders.setdefault(part, _Node())
        node.files.append(file)
    return top


def _content(file: File) -> bytes:
    try:
        with file.place.open("rb") as opened:
            return opened.read(1 << 20)
    except OSError:
        return b""
