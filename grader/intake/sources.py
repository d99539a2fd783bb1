"""Finding files: folders, patterns and archives become trees of files, each with the place that holds its bytes.

Nothing here knows what a student is. Links that lead out of the given folder are not followed: the
trusted side reads with the instructor's rights, and `convolve.py -> solutions/reference.py` would
otherwise be full marks.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.intake.archives import (
    DEEPEST_PATH,
    UNNAMED,
    ArchiveError,
    Budget,
    Member,
    is_archive,
    legible,
    unpack,
)
from grader.intake.given import Group, Shape, groups
from grader.intake.left_out import (
    METADATA,
    STATE_FOLDER,
    bad_link,
    is_wanted,
    not_a_file,
    why_not,
    why_not_below,
    why_not_into,
    why_not_unpacked,
    why_not_with,
)
from grader.intake.whole_archive import check_end

__all__ = ["METADATA", "STATE_FOLDER", "File", "Root", "Scan", "Skipped"]

DEEPEST_ARCHIVE = 2
"""An archive in an archive is opened (a platform's download of what students packed), one in that is not."""

_OUTPUT = frozenset(
    {STATE_FOLDER, "reports", "gradebook.csv", "summary.json", "index.html"}
)
"""What a batch writes; not worth a word where its output folder is the input folder, too."""


class File(msgspec.Struct, frozen=True):
    """One file: its path below the root, as parts, and where its bytes are."""

    parts: tuple[str, ...]
    place: Path
    called: str = ""
    """What the student called it, once a platform's prefix is known; by default the last part."""

    @property
    def name(self) -> str:
        """The student's own name for the file."""
        return self.called or self.parts[-1]


class Skipped(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """What was found and is not a submission."""

    path: str
    reason: str
    unread: bool = False
    """Whether there may be submissions in it: a damaged archive, a folder that cannot be read."""


class Root(msgspec.Struct, frozen=True):
    """One given folder or archive, what was named in one folder, or the files where nothing else was named."""

    label: str
    files: tuple[File, ...]
    explicit: bool = False
    """The files were named one by one: each is a submission."""


class _Folder(msgspec.Struct, frozen=True):
    """A folder under way."""

    place: Path
    real: Path
    """Its place without links on the way."""
    parts: tuple[str, ...]
    root: Path
    """Where links may lead to."""


class Scan:
    """Walks what was given; collects the files that may be submissions and says what it left out, and why."""

    def __init__(self, spool: Path, ignore: Path | None = None) -> None:
        self._spool = spool
        self._ignore = ignore.resolve() if ignore is not None else None
        self._archives = 0
        self._seen: set[Path] | None = None
        self.skipped: list[Skipped] = []

    def roots(self, paths: Sequence[Path]) -> list[Root]:
        """Return one root per place that something was named in.

        Raises UsageError where a path is missing, or an archive that was named cannot be read
        whole.
        """
        given = groups(paths)
        # What was named may lie inside something else that was: then it was found there already.
        self._seen = set() if len(given) > 1 else None
        return [
            Root(
                legible(group.label),
                tuple(self._group(group)),
                explicit=group.shape is Shape.FILES,
            )
            for group in given
        ]

    def _group(self, group: Group) -> Iterator[File]:
        if group.shape is not Shape.ALONE:
            for path in group.paths:
                place = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the link that was named
                real = place.parent.resolve()
                parts = tuple(map(legible, place.parent.relative_to(group.base).parts))
                yield from self._entry(
                    _Folder(place.parent, real, parts, real), place, named=path
                )
            return
        real = group.base.resolve()
        if real.is_dir():
            yield from self._folder(
                _Folder(group.base, real, (), real), _entries(group.base)
            )
        elif self._is_new(real):
            if (reason := not_a_file(group.base)) is not None:
                raise UsageError(f"{group.paths[0]}: {reason}")
            yield from self._archive(
                group.base, (), 1, Budget.download(), group.paths[0]
            )

    def _is_new(self, real: Path) -> bool:
        """Tell whether this path is come upon for the first time, and remember it."""
        if self._seen is None:
            return True
        known = real in self._seen
        self._seen.add(real)
        return not known

    # ------------------------------------------------------------------------------------- folders

    def _folder(
        self, folder: _Folder, entries: "list[os.DirEntry[str]] | OSError"
    ) -> Iterator[File]:
        told = "/".join(folder.parts) + "/" if folder.parts else str(folder.place)
        if isinstance(entries, OSError):
            self._skip(
                told, f"the folder cannot be read ({entries.strerror})", unread=True
            )
        elif not entries:
            self._skip(told, "an empty folder")
        else:
            for entry in entries:
                yield from self._entry(folder, entry)

    def _entry(
        self,
        folder: _Folder,
        found: "Path | os.DirEntry[str]",
        named: Path | None = None,
    ) -> Iterator[File]:
        """Look at one thing in a folder; `named` where it was named itself."""
        if folder.real == self._ignore and found.name in _OUTPUT:
            return
        path = folder.place / found.name
        parts = (*folder.parts, legible(found.name))
        reason = bad_link(path, folder.root) if found.is_symlink() else None
        if reason is not None:
            self._skip("/".join(parts), reason)
        elif found.is_dir():
            yield from self._subfolder(
                _Folder(path, folder.real / found.name, parts, folder.root)
            )
        elif self._is_new(folder.real / found.name):
            yield from self._file(path, parts, named)

    def _subfolder(self, folder: _Folder) -> Iterator[File]:
        if folder.real == self._ignore:
            return
        reason = why_not_into(folder.place.name)
        entries = _entries(folder.place) if reason is None else []
        if isinstance(entries, list):
            reason = reason or why_not_with({entry.name for entry in entries})
        if len(folder.parts) >= DEEPEST_PATH:
            reason = "its path is too deep"
        if reason is not None:
            self._skip("/".join(folder.parts) + "/", reason)
        elif self._is_new(folder.real):
            yield from self._folder(folder, entries)

    def _file(
        self, path: Path, parts: tuple[str, ...], named: Path | None
    ) -> Iterator[File]:
        reason = why_not(path.name) or not_a_file(path)
        if reason is not None:
            self._skip("/".join(parts), reason)
        elif is_archive(path.name):
            budget = Budget.download() if named is not None else Budget.handed_in()
            yield from self._archive(path, parts, 1, budget, named)
        else:
            yield File(parts, path)

    # ------------------------------------------------------------------------------------ archives

    def _archive(
        self,
        path: Path,
        prefix: tuple[str, ...],
        depth: int,
        budget: Budget,
        named: Path | None = None,
    ) -> Iterator[File]:
        """Unpack an archive; UsageError where one that was `named` cannot be read whole: it may be most of a class."""
        label = "/".join(prefix) or legible(path.name)
        if depth > DEEPEST_ARCHIVE:
            self._skip(label, "an archive inside an archive inside an archive")
            return
        self._archives += 1
        files: list[File] = []
        folders = _Folders()
        try:
            for member in unpack(
                path, self._spool / f"a{self._archives}", is_wanted, budget
            ):
                folders.add(member)
                if member.folder:
                    continue
                _check(member, named)
                files.extend(
                    self._member(
                        member,
                        prefix,
                        depth,
                        Budget.handed_in() if named is not None else budget,
                    )
                )
            check_end(path, budget)
        except ArchiveError as error:
            reason = why_not_unpacked(path, error, named=named is not None)
            if named is not None:
                raise UsageError(f"{named}: {reason}") from error
            # Half of what one student packed is not what they handed in.
            self._skip(label, reason, unread=True)
            return
        for parts in folders.empty():
            self._skip("/".join((*prefix, *parts)) + "/", "an empty folder")
        if folders.none:
            self._skip(label, "an empty archive")
        yield from files

    def _member(
        self, member: Member, prefix: tuple[str, ...], depth: int, budget: Budget
    ) -> Iterator[File]:
        parts = (*prefix, *member.parts)
        reason = member.reason or why_not_below(member.parts)
        if reason is not None:
            self._skip("/".join(parts), reason, unread=member.damaged)
        elif member.place is not None and is_archive(parts[-1]):
            yield from self._archive(
                _with_suffix(member.place, parts[-1]), parts, depth + 1, budget
            )
        elif member.place is not None:
            yield File(parts, member.place)

    def _skip(self, path: str, reason: str, *, unread: bool = False) -> None:
        self.skipped.append(Skipped(legible(path), reason, unread))


class _Folders:
    """The folders of an archive, to find those that nothing is in: a student of whom nothing came must not vanish."""

    def __init__(self) -> None:
        self.none = True
        """Whether there is nothing at all."""
        self._folders: set[tuple[str, ...]] = set()
        self._inhabited: set[tuple[str, ...]] = set()

    def add(self, member: Member) -> None:
        self.none = False
        # A path that is too deep is refused, and its many prefixes would be a lot of memory.
        self._inhabited.update(
            member.parts[:end] for end in range(1, min(len(member.parts), DEEPEST_PATH))
        )
        if member.folder and member.parts != (UNNAMED,):
            self._folders.add(member.parts)

    def empty(self) -> list[tuple[str, ...]]:
        # Below what is left out anyway, such as __MACOSX, nobody's work is missing.
        found = sorted(self._folders - self._inhabited)
        return [parts for parts in found if why_not_below((*parts, "any.py")) is None]


def _check(member: Member, named: Path | None) -> None:
    """Raise UsageError for a damaged member that counts, of an archive that was named."""
    # What is encrypted or leads out of the archive is no damage, and would come again.
    if named is not None and member.damaged and why_not_below(member.parts) is None:
        where = "/".join(member.parts)
        raise UsageError(
            f"{named}: {where} is {member.reason}: download it again, or unpack it and give the folder"
        )


def _entries(folder: Path) -> "list[os.DirEntry[str]] | OSError":
    """List a folder by name, or say why that cannot be done."""
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        return error


def _with_suffix(place: Path, name: str) -> Path:
    """Name an unpacked archive so that its kind can be told."""
    lower = name.lower()
    suffix = ".zip" if lower.endswith(".zip") else f".{lower.rpartition('.')[2]}"
    return place.rename(place.with_name(place.name + suffix))
