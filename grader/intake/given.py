"""What was named on the command line: patterns are expanded, and paths that lie in one folder belong together.

A shell makes `students/*` a list of paths before anybody sees it. So paths that lie in one folder
are that folder with the rest left out, and their own names, which may be students' names, stay part
of every file's path.
"""

import enum
import glob
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.errors import SUBMISSION_SUFFIXES, UsageError
from grader.intake.archives import SUFFIXES, is_archive


class Shape(enum.Enum):
    """How the files of a group get their paths."""

    ALONE = "one folder or archive: its content"
    TOGETHER = "folders, archives and files in one folder: that folder, without what was not named"
    FILES = "files alone, wherever they lie: each is a submission"


class Group(msgspec.Struct, frozen=True):
    """Paths that become one tree of files."""

    shape: Shape
    base: Path
    """What the files' paths are relative to."""
    paths: tuple[Path, ...]
    """As they were named; for messages, too."""
    label: str = ""
    """The base's name, with as many folders before it as tell it from the other groups."""


def groups(paths: Sequence[Path]) -> list[Group]:
    """Return what was named, by where it lies; outer folders first. Raises UsageError where a path is missing."""
    beside: dict[Path, list[Path]] = {}
    for path in _expand(paths):
        beside.setdefault(_absolute(path).parent, []).append(path)
    found = []
    files = []
    for parent, several in beside.items():
        if not any(_is_folder(path) or is_archive(path.name) for path in several):
            files += several
        elif len(several) > 1:
            found.append(
                Group(
                    Shape.TOGETHER,
                    parent,
                    tuple(sorted(several, key=lambda each: each.name)),
                )
            )
        else:
            found.append(Group(Shape.ALONE, _absolute(several[0]), tuple(several)))
    # Outer ones first: what is named a second time, inside one of them, has its student's name
    # there.
    found.sort(key=lambda group: (len(group.base.parts), group.base))
    if files:
        files.sort(key=_absolute)
        base = Path(os.path.commonpath([_absolute(path).parent for path in files]))
        found.append(Group(Shape.FILES, base, tuple(files)))
    return _labelled(found)


def is_many(path: Path) -> bool:
    """Tell a folder, an archive or a pattern, which are a batch, from one file; UsageError for any other file."""
    if _is_folder(path) or is_archive(path.name):
        return True
    if not os.path.lexists(path):
        return glob.has_magic(str(path))
    if not path.name.lower().endswith(SUBMISSION_SUFFIXES):
        kinds = ", ".join((*SUBMISSION_SUFFIXES, "a folder", *SUFFIXES))
        raise UsageError(f"{path}: cannot be graded, it is none of these: {kinds}")
    return False


def _is_folder(path: Path) -> bool:
    # Not Path.is_dir(), which raises where a folder on the way may not be entered.
    return os.path.isdir(path)  # noqa: PTH112 - see above


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links, and lose the name that was given


def _expand(paths: Sequence[Path]) -> Iterator[Path]:
    """Expand the patterns that the shell left alone; each path once."""
    seen = set()
    for path in paths:
        matches = [path]
        if not os.path.lexists(path):
            matches = [
                Path(match) for match in sorted(glob.glob(str(path), recursive=True))
            ]  # noqa: PTH207 - an absolute pattern
        if not matches:
            raise UsageError(_why_missing(path))
        for match in matches:
            absolute = _absolute(match)
            # The folder is resolved and the path itself is not: a link beside its file is a file of
            # its own.
            key = absolute.parent.resolve() / absolute.name
            if key not in seen:
                seen.add(key)
                yield match


def _why_missing(path: Path) -> str:
    pattern = glob.has_magic(str(path))
    # Of a pattern, the folder that it starts in.
    fixed = next(
        above for above in (path, *path.parents) if not glob.has_magic(str(above))
    )
    try:
        if stat.S_ISDIR(fixed.stat().st_mode):
            os.scandir(fixed).close()
    except PermissionError as error:
        where = f"{path}: " if fixed == path else f"{path}: the folder {fixed} "
        return f"{where}cannot be read ({error.strerror})"
    except (OSError, ValueError):
        pass
    return (
        f"{path}: no file matches this pattern"
        if pattern
        else f"{path}: no such file or folder"
    )


def _labelled(found: list[Group]) -> list[Group]:
    """Label each group by its base's name, and by more of its path where names are equal."""
    labels = [_tail(group.base, 1) for group in found]
    for length in range(2, max((len(group.base.parts) for group in found), default=0)):
        taken = Counter(label.casefold() for label in labels)
        labels = [
            _tail(group.base, length) if taken[label.casefold()] > 1 else label
            for group, label in zip(found, labels, strict=True)
        ]
    return [
        msgspec.structs.replace(group, label=label)
        for group, label in zip(found, labels, strict=True)
    ]


def _tail(path: Path, length: int) -> str:
    return "/".join(path.parts[-length:])
