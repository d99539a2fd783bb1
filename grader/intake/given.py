"""What was named on the command line, with patterns expanded and grouped by where it lies.

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
from grader.opening import Patience, UnreadableError, Way
from grader.untrusted import file_name

_LONGEST_SHOWN = 1000
"""Characters of a path in a message."""


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
    """The base's name, with as many folders before it as distinguish it from the other groups."""

    def way(self, path: Path) -> Way:
        """Return the way from the base to one of the paths."""
        return _absolute(path).relative_to(self.base).parts


def groups(paths: Sequence[Path]) -> list[Group]:
    """Return what was named, by where it lies, outer folders first.

    Raises UsageError where a path is missing.
    """
    beside: dict[Path, list[Path]] = {}
    for path in _expand(paths):
        beside.setdefault(_absolute(path).parent, []).append(path)
    found = []
    files = []
    for parent, several in beside.items():
        if not any(
            _is_folder(path) or is_archive(path.name) for path in several
        ):
            files += several
        elif len(several) > 1:
            several.sort(key=lambda each: each.name)
            found.append(Group(Shape.TOGETHER, parent, tuple(several)))
        else:
            found.append(
                Group(Shape.ALONE, _absolute(several[0]), tuple(several))
            )
    # Outer ones first: what is named again inside one of them has its student's name there.
    found.sort(key=lambda group: (len(group.base.parts), group.base))
    if files:
        files.sort(key=_absolute)
        base = Path(
            os.path.commonpath([_absolute(path).parent for path in files])
        )
        found.append(Group(Shape.FILES, base, tuple(files)))
    return _labelled(found)


def is_many(path: Path) -> bool:
    """Return whether a path is a batch (a folder, an archive or a pattern) and not one file.

    Raises UsageError where it is neither.
    """
    try:
        with Patience() as patience:
            return patience.call(_is_many, path)
    except UnreadableError as error:
        raise UsageError(f"{shown(path)}: {error}") from error


def _is_many(path: Path) -> bool:
    if _is_folder(path) or is_archive(path.name):
        return True
    if not os.path.lexists(path):
        return glob.has_magic(str(path))
    if not path.name.lower().endswith(SUBMISSION_SUFFIXES):
        kinds = ", ".join((*SUBMISSION_SUFFIXES, "a folder", *SUFFIXES))
        raise UsageError(
            f"{shown(path)}: cannot be graded, it is none of these: {kinds}"
        )
    return False


def shown(path: Path) -> str:
    """Return a path for a message: a shell expands a pattern to names that students chose."""
    return file_name(path, _LONGEST_SHOWN)


def _is_folder(path: Path) -> bool:
    # Not Path.is_dir(), which raises where a folder on the way may not be entered.
    return os.path.isdir(path)  # noqa: PTH112 - see above


def _absolute(path: Path) -> Path:
    # Resolve() would lose the name that was given.
    return Path(os.path.abspath(path))  # noqa: PTH100


def _expand(paths: Sequence[Path]) -> Iterator[Path]:
    """Expand the patterns that the shell left alone; each path once."""
    seen = set()
    for path in paths:
        matches = [path]
        if not os.path.lexists(path):
            matches = _matches(path)
        if not matches:
            raise UsageError(_why_missing(path))
        for match in matches:
            absolute = _absolute(match)
            # Only the folder is resolved: a link beside its file is something of its own.
            key = absolute.parent.resolve() / absolute.name
            if key not in seen:
                seen.add(key)
                yield match


def _matches(pattern: Path) -> list[Path]:
    found = glob.glob(str(pattern), recursive=True)  # noqa: PTH207 - the pattern may be absolute
    return [Path(match) for match in sorted(found)]


def _why_missing(path: Path) -> str:
    # Of a pattern, the folder that it starts in.
    fixed = path
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    try:
        if stat.S_ISDIR(fixed.stat().st_mode):
            os.scandir(fixed).close()
    except PermissionError as error:
        where = "" if fixed == path else f"the folder {shown(fixed)} "
        return f"{shown(path)}: {where}cannot be read ({error.strerror})"
    except (OSError, ValueError):
        pass
    if fixed != path:
        return f"{shown(path)}: no file matches this pattern"
    return f"{shown(path)}: no such file or folder"


def _labelled(found: list[Group]) -> list[Group]:
    """Label each group by its base's name, and by more of its path where names are equal."""
    labels = [_tail(group.base, 1) for group in found]
    deepest = max((len(group.base.parts) for group in found), default=0)
    for length in range(2, deepest):
        taken = Counter(label.casefold() for label in labels)
        for index, group in enumerate(found):
            if taken[labels[index].casefold()] > 1:
                labels[index] = _tail(group.base, length)
    return [
        msgspec.structs.replace(group, label=label)
        for group, label in zip(found, labels, strict=True)
    ]


def _tail(path: Path, length: int) -> str:
    return "/".join(path.parts[-length:])
