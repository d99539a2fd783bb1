"""From an archive to files, with the archives inside it, and to reasons for what is left out."""

from collections.abc import Iterator
from pathlib import Path

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
from grader.intake.given import shown
from grader.intake.left_out import (
    is_misnamed,
    most_bytes,
    why_not_below,
    why_not_unpacked,
)
from grader.intake.sources import File, Place
from grader.opening import Folder, Patience, UnreadableError
from grader.untrusted import file_name

DEEPEST_ARCHIVE = 2
"""A download holds what students packed, and that is opened; an archive inside that is not."""
_MOST_LISTED = 200
"""Lines about what one student packed."""
_MOST_PEEKED = 64
"""Files of one student's archive that are unpacked although their suffix is not a submission's."""


class ArchiveScan:
    """Unpacks archives, each into a folder of its own below `spool`."""

    def __init__(self, spool: Path, patience: Patience) -> None:
        spool.mkdir(parents=True, exist_ok=True)
        self._spool = Folder(spool, patience)
        self._patience = patience
        self._count = 0

    def handed_in(self, place: Place, parts: tuple[str, ...]) -> "OneArchive":
        """Return what one student packed; `parts` is its path below the root."""
        return OneArchive(
            self, place, parts, Budget.handed_in(self._patience.check)
        )

    def download(self, place: Place, named: Path) -> "OneArchive":
        """Return the archive that the user named, a whole class."""
        return OneArchive(
            self, place, (), Budget.download(self._patience.check), named
        )

    def keep(self, text: bytes) -> Place:
        """Write a text into a folder of its own, and return where it is."""
        spool, name = self.next_folder()
        folder = spool.path / name
        folder.mkdir()
        (folder / "0").write_bytes(text)
        return Place(spool, (name, "0"))

    def next_folder(self) -> tuple[Folder, str]:
        """Return the spool, and the name of a new folder in it."""
        self._count += 1
        return self._spool, f"a{self._count}"


class OneArchive:
    """One archive, and what is in it: `files`, and `left_out`.

    Half of what one student packed is not what they handed in, so a damaged archive has no files.
    Where a download cannot be read whole, UsageError is raised.
    """

    def __init__(
        self,
        scan: ArchiveScan,
        place: Place,
        parts: tuple[str, ...],
        budget: Budget,
        named: Path | None = None,
    ) -> None:
        self.left_out: list[File] = []
        self._place = place
        self._peeks = _MOST_PEEKED
        self._scan = scan
        self._budget = budget
        self._named = named
        self.files = self._opened(place, parts, ())
        if named is None and len(self.left_out) > _MOST_LISTED:
            self._shorten(parts)

    def _opened(
        self, place: Place, parts: tuple[str, ...], around: tuple[int, ...]
    ) -> list[File]:
        """Return the files of the archive at `place`; `around` are the archives that it is in."""
        name = parts[-1] if parts else legible(place.way[-1])
        folders = _Folders()
        files: list[File] = []
        size = 0
        try:
            with place.folder.open(place.way) as stream:
                size = stream.seek(0, 2)
                stream.seek(0)
                inside = (*around, len(parts) - 1) if parts else around
                spool, into = self._scan.next_folder()
                members = unpack(
                    stream, name, spool.path / into, self._wanted, self._budget
                )
                for member in members:
                    folders.add(member)
                    files += self._member(
                        member, spool, (*parts, *member.parts), inside
                    )
        except UnreadableError as error:
            reason = f"cannot be unpacked ({error})"
            self._give_up(parts or (name,), around, reason, error)
            return []
        except ArchiveError as error:
            reason = why_not_unpacked(
                error, size, named=self._named is not None
            )
            self._give_up(parts or (name,), around, reason, error)
            return []
        for empty in folders.empty():
            self._leave_out((*parts, *empty, ""), inside, "an empty folder")
        if folders.none:
            self._leave_out(parts or (name,), around, "an empty archive")
        return _latest(files)

    def _wanted(self, parts: tuple[str, ...]) -> int:
        """Return how large a member may be; a student's archive has few files of other kinds."""
        most = most_bytes(parts)
        few = self._named is None and why_not_below(parts) is not None
        if most and few:
            self._peeks -= 1
            return most if self._peeks >= 0 else 0
        return most

    def _give_up(
        self,
        parts: tuple[str, ...],
        around: tuple[int, ...],
        reason: str,
        error: Exception,
    ) -> None:
        if self._named is not None:
            raise UsageError(f"{shown(self._named)}: {reason}") from error
        self._leave_out(parts, around, reason, unread=True)

    def _member(
        self,
        member: Member,
        spool: Folder,
        parts: tuple[str, ...],
        archives: tuple[int, ...],
    ) -> list[File]:
        if member.folder:
            return []
        reason = member.reason or why_not_below(member.parts)
        if self._named is not None and member.damaged:
            # What is encrypted or leads out of the archive is not damage, and would come again.
            raise UsageError(
                f"{shown(self._named)}: {file_name('/'.join(member.parts))} is {reason}: "
                "download it again, or unpack it and give the folder"
            )
        place = self._place
        if member.place is not None:
            place = Place(spool, member.place.parts[-2:])
        if member.place is None or reason is not None:
            left = File(
                parts,
                place,
                archives=archives,
                reason=reason or "",
                unread=member.damaged,
                peeked=member.place is not None,
                modified=member.modified,
            )
            self.left_out.append(left)
            return []
        if not is_archive(parts[-1]):
            found = File(
                parts, place, archives=archives, modified=member.modified
            )
            return [found]
        return self._archive(place, parts, archives)

    def _archive(
        self, place: Place, parts: tuple[str, ...], around: tuple[int, ...]
    ) -> list[File]:
        """Return the files of an archive inside this one."""
        depth = len(around) + (self._named is not None)
        if depth >= DEEPEST_ARCHIVE:
            reason = "an archive inside an archive inside an archive"
            self._leave_out(parts, around, reason)
            return []
        if self._named is None:
            return self._opened(place, parts, around)
        # Each of a class has a budget of their own.
        inner = self._scan.handed_in(place, parts)
        self.left_out += inner.left_out
        return inner.files

    def _leave_out(
        self,
        parts: tuple[str, ...],
        archives: tuple[int, ...],
        reason: str,
        *,
        unread: bool = False,
    ) -> None:
        left = File(
            parts,
            self._place,
            archives=archives,
            reason=reason,
            unread=unread,
        )
        self.left_out.append(left)

    def _shorten(self, parts: tuple[str, ...]) -> None:
        # First what may hold submissions: above all the archive itself, where it is refused.
        self.left_out.sort(key=_importance)
        rest = len(self.left_out) - _MOST_LISTED
        del self.left_out[_MOST_LISTED:]
        reason = f"holds {rest} more files that are left out"
        self._leave_out(parts, (), reason)


def _latest(files: list[File]) -> list[File]:
    """Return one file for each path: of several the latest, as where an archive is unpacked.

    `convolve.py` and `./convolve.py` are two names and one path.
    """
    return list({file.parts: file for file in files}.values())


def _importance(file: File) -> tuple[bool, bool, bool]:
    return not file.unread, not is_misnamed(file.parts[-1]), not file.peeked


class _Folders:
    """The folders of an archive, to list the empty ones: their students must not vanish."""

    def __init__(self) -> None:
        self.none = True
        """Whether there is nothing at all."""
        self._folders: set[tuple[str, ...]] = set()
        self._inhabited: set[tuple[str, ...]] = set()

    def add(self, member: Member) -> None:
        """Take the path of one member."""
        self.none = False
        # Paths that are too deep are refused, and their many prefixes would take much memory.
        deepest = min(len(member.parts), DEEPEST_PATH)
        self._inhabited.update(member.parts[:end] for end in range(1, deepest))
        if member.folder and member.parts != (UNNAMED,):
            self._folders.add(member.parts)

    def empty(self) -> Iterator[tuple[str, ...]]:
        """Yield the empty folders, but for those below what is left out anyway."""
        for parts in sorted(self._folders - self._inhabited):
            if why_not_below((*parts, "any.py")) is None:
                yield parts
