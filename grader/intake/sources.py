"""The records of what was found: files, where their bytes are, and what is left out."""

import itertools
from collections.abc import Iterable, Iterator

import msgspec

from grader.opening import FILE_CAP, Folder, UnreadableError, Way

_TOGETHER = 16
"""Files that are read in one go."""


class Place(msgspec.Struct, frozen=True):
    """Where a file's bytes are: below a folder of the user's, or unpacked below one of ours."""

    folder: Folder
    way: Way

    def read(self, most: int = FILE_CAP) -> bytes:
        """Return the file's bytes; raise UnreadableError where it cannot be read."""
        return self.folder.read(self.way, most)

    def beginning(self, most: int) -> bytes:
        """Return at most the first `most` bytes."""
        return self.folder.beginning(self.way, most)


def read_all(places: Iterable[Place]) -> Iterator[bytes | UnreadableError]:
    """Yield the bytes of each file, or why it is not read, in order; some are read together."""
    for folder, group in itertools.groupby(places, lambda place: place.folder):
        ways = (place.way for place in group)
        while some := tuple(itertools.islice(ways, _TOGETHER)):
            yield from folder.read_several(some)


class File(msgspec.Struct, frozen=True):
    """One file: its path below the root, as parts, and where its bytes are.

    A folder or an archive that is left out whole is one, too: the last part of a folder is empty.
    """

    parts: tuple[str, ...]
    place: Place
    called: str = ""
    """What the student called it, once a platform's prefix is known; by default the last part."""
    archives: tuple[int, ...] = ()
    """Which of the parts are archives, the outermost first."""
    version: tuple[int, ...] = ()
    """Greater for a student's newer files; empty where the platform does not number them."""
    reason: str = ""
    """Why it is left out, by its name or by what it is; empty for what may be graded as it is."""
    unread: bool = False
    """Whether submissions may be in it: a damaged archive, a folder that cannot be read."""
    peeked: bool = False
    """Whether its bytes are at `place` although it is left out."""
    modified: str = ""
    """When it was changed last, as a folder or an archive says; without a zone."""

    @property
    def name(self) -> str:
        """The student's own name for the file."""
        return self.called or self.parts[-1]

    @property
    def path(self) -> str:
        """Its path below the root; that of a folder ends with a slash."""
        return "/".join(self.parts)

    def skipped(self, reason: str = "") -> "Skipped":
        """Return its line in the list of what was skipped, by default with its own reason."""
        unread = self.unread and not reason
        return Skipped(self.path, reason or self.reason, unread)


class Skipped(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """What was found and is not a submission."""

    path: str
    reason: str
    unread: bool = False
    """Whether submissions may be in it: a damaged archive, a folder that cannot be read."""


class Root(msgspec.Struct, frozen=True):
    """One tree of files: a folder or archive that was given, or what was named in one folder."""

    label: str
    files: tuple[File, ...]
    left_out: tuple[File, ...] = ()
    """Files that are not submissions, by name or by kind; they may be all that a student has."""
    explicit: bool = False
    """The files were named one by one: each is a submission."""
    named: frozenset[str] = frozenset()
    """Archives at the top of it that were named one by one."""
