"""Finding files: folders, patterns and archives become trees of files.

Nothing here knows what a student is. Links are never followed: the trusted side reads with the
instructor's rights, so `convolve.py -> solutions/reference.py` would be full marks, and
`convolve.py -> ../bob/convolve.py` would be Bob's.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.errors import UsageError
from grader.intake.archive_scan import ArchiveScan, OneArchive
from grader.intake.archives import DEEPEST_PATH, is_archive, legible, moment
from grader.intake.given import Group, Shape, groups, shown
from grader.intake.left_out import (
    STATE_FOLDER,
    may_be_readable,
    why_not_entry,
    why_not_into,
    why_not_with,
)
from grader.intake.sources import File, Place, Root
from grader.opening import Entry, Folder, Kind, Patience, UnreadableError, Way

_MOST_ENTRIES = 500_000
"""Of one folder."""
_OUTPUT = frozenset(
    {STATE_FOLDER, "reports", "gradebook.csv", "summary.json", "index.html"}
)
"""What a batch writes; not worth a word where its output folder is the input folder too."""


class Scan:
    """Walks what was given."""

    def __init__(
        self, spool: Path, ignore: Path | None, patience: Patience
    ) -> None:
        self._archives = ArchiveScan(spool, patience)
        self._ignore = ignore.resolve() if ignore is not None else None
        self._patience = patience
        self._seen: set[Path] | None = None
        self._left_out: list[File] = []
        """Of the root that is being walked."""

    def roots(self, paths: Sequence[Path]) -> list[Root]:
        """Return one root per place that something was named in.

        Raises UsageError where a path is missing, or an archive that was named cannot be read
        whole.
        """
        try:
            given = self._patience.call(groups, paths)
            # What was named inside something else that was named was found there already.
            self._seen = set() if len(given) > 1 else None
            return [self._root(group) for group in given]
        except UnreadableError as error:
            raise UsageError(f"{shown(paths[0])}: {error}") from error

    def _root(self, group: Group) -> Root:
        self._left_out = []
        if group.shape is Shape.ALONE:
            alone = tuple(self._alone(group))
            return Root(legible(group.label), alone, tuple(self._left_out))
        walk = _Walk(self, Folder(group.base, self._patience))
        files: list[File] = []
        for path in group.paths:
            files += walk.named(group.way(path))
        named = frozenset(
            legible(path.name) for path in group.paths if is_archive(path.name)
        )
        explicit = group.shape is Shape.FILES
        return Root(
            legible(group.label),
            tuple(files),
            tuple(self._left_out),
            explicit=explicit,
            named=named,
        )

    def _alone(self, group: Group) -> Iterator[File]:
        """Yield the files of a folder or archive that is a root by itself."""
        real = self.real(group.base)
        if self._patience.call(Path.is_dir, real):
            yield from _Walk(self, Folder(real, self._patience)).all()
        elif self.is_new(real):
            place = Place(Folder(real.parent, self._patience), (real.name,))
            yield from self._kept(
                self._archives.download(place, group.paths[0])
            )

    def texts(self, text: bytes) -> Place:
        """Keep a text beside what archives hold, and return where it is."""
        return self._archives.keep(text)

    def archive(self, place: Place, parts: tuple[str, ...]) -> list[File]:
        """Return the files of an archive that was found, or was named beside others."""
        return self._kept(self._archives.handed_in(place, parts))

    def _kept(self, archive: OneArchive) -> list[File]:
        """Take over what an archive leaves out, and return its files."""
        self._left_out += archive.left_out
        return archive.files

    def real(self, path: Path) -> Path:
        """Return a path without links on the way."""
        return self._patience.call(Path.resolve, path)

    def is_new(self, real: Path) -> bool:
        """Return whether this path is met for the first time, and remember it."""
        if self._seen is None:
            return True
        known = real in self._seen
        self._seen.add(real)
        return not known

    def is_output(self, real: Path) -> bool:
        """Return whether this is the folder that this very batch writes into."""
        return real == self._ignore

    def leave_out(self, file: File) -> None:
        """Leave something out."""
        self._left_out.append(file)


class _Walk:
    """A walk through one folder, with all that is below it."""

    def __init__(self, scan: Scan, folder: Folder) -> None:
        self._scan = scan
        self._folder = folder
        self._real = scan.real(folder.path)

    def all(self) -> Iterator[File]:
        """Yield every file."""
        try:
            entries = self._folder.entries((), _MOST_ENTRIES)
        except UnreadableError as error:
            self._leave_out(
                (str(self._folder.path),), _unreadable(error), unread=True
            )
            return
        if not entries:
            self._leave_out((str(self._folder.path),), "an empty folder")
        yield from self._entries((), entries)

    def named(self, way: Way) -> Iterator[File]:
        """Yield the files at `way`, which was named itself."""
        try:
            entry = self._folder.entry(way)
        except UnreadableError as error:
            self._leave_out(way, str(error), unread=True)
            return
        yield from self._entry(way[:-1], entry)

    def _entries(self, way: Way, entries: list[Entry]) -> Iterator[File]:
        for entry in entries:
            yield from self._entry(way, entry)

    def _entry(self, above: Way, entry: Entry) -> Iterator[File]:
        real = self._real.joinpath(*above)
        way = (*above, entry.name)
        if self._scan.is_output(real) and entry.name in _OUTPUT:
            return
        if entry.kind is Kind.FOLDER:
            yield from self._subfolder(way)
        elif self._scan.is_new(real / entry.name):
            yield from self._file(way, entry)

    def _subfolder(self, way: Way) -> Iterator[File]:
        real = self._real.joinpath(*way)
        if self._scan.is_output(real):
            return
        reason = why_not_into(way[-1])
        entries: list[Entry] = []
        unread = False
        if reason is None and len(way) > DEEPEST_PATH:
            reason = "its path is too deep"
        if reason is None:
            try:
                entries = self._folder.entries(way, _MOST_ENTRIES)
                reason = why_not_with({entry.name for entry in entries})
            except UnreadableError as error:
                reason, unread = _unreadable(error), True
        if reason is not None:
            self._leave_out((*way, ""), reason, unread=unread)
        elif not entries:
            self._leave_out((*way, ""), "an empty folder")
        elif self._scan.is_new(real):
            yield from self._entries(way, entries)

    def _file(self, way: Way, entry: Entry) -> Iterator[File]:
        reason = why_not_entry(entry)
        parts = tuple(map(legible, way))
        place = Place(self._folder, way)
        modified = moment(entry.modified)
        if reason is not None:
            left = File(
                parts,
                place,
                reason=reason,
                unread=entry.kind is Kind.SILENT,
                peeked=entry.kind is Kind.FILE and may_be_readable(parts),
                modified=modified,
            )
            self._scan.leave_out(left)
        elif is_archive(entry.name):
            yield from self._scan.archive(place, parts)
        else:
            yield File(parts, place, modified=modified)

    def _leave_out(
        self, way: Way, reason: str, *, unread: bool = False
    ) -> None:
        parts = tuple(map(legible, way))
        place = Place(self._folder, way)
        self._scan.leave_out(File(parts, place, reason=reason, unread=unread))


def _unreadable(error: UnreadableError) -> str:
    return f"the folder cannot be read ({error})"
