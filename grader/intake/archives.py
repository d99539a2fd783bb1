"""Reading what an archive holds, without ever writing a member under its own name.

A member that may be a submission is copied into a numbered file of a private folder; its name is
only data. So nothing leads out of that folder, whatever the archive says: no `..`, no absolute
path, no link, no device, no two names that differ by case. Everything else is listed and not
unpacked.

What an archive says about sizes and counts is only a claim. So none of it is believed: bytes are
counted when they are read and when they are written, members when they are met, and processor time
as it passes (`Budget`).
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Self

import msgspec

from grader.opening import FILE_CAP

DEEPEST_PATH = 64
"""Folders on the way to a file. Looking for students in folders goes down one call for each."""
LONGEST_PATH = 4096
"""Characters of a member's path, as on Linux."""
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")

UNNAMED = "unnamed"
"""Stands for a name without parts, such as `./`, with which many tar files begin."""

UNLIMITED = 1 << 62
"""More bytes than anything has: a budget decides."""

Wanted = Callable[[tuple[str, ...]], int]
"""How large the member at this path may be; 0 where it is not wanted at all."""


class ArchiveError(Exception):
    """The archive cannot be read, or holds too much; the text says why, for a person."""


class DamagedError(ArchiveError):
    """The archive is not as it was packed, so that another copy would help."""


class Member(msgspec.Struct, frozen=True):
    """One member: its path, and the file that now has its bytes or the reason why none has."""

    parts: tuple[str, ...]
    place: Path | None = None
    reason: str | None = None
    damaged: bool = False
    """Whether the reason is that the archive is not as it was packed."""
    folder: bool = False
    modified: str = ""
    """When it was changed last, in ISO 8601 without a zone."""


class Budget:
    """How much one archive may hold, with all that is packed inside it."""

    def __init__(
        self,
        *,
        members: int,
        read: int,
        files: int,
        written: int,
        seconds: float | None = None,
        check: Callable[[], None] | None = None,
    ) -> None:
        self._members = members
        self._read = read
        self._files = files
        self._written = written
        self._seconds = seconds
        self._check = check
        self._begun = time.thread_time()

    @classmethod
    def download(cls, check: Callable[[], None] | None = None) -> Self:
        """Allow what an instructor's own download may hold."""
        return cls(
            members=500_000,
            read=16 << 30,
            files=500_000,
            written=16 << 30,
            check=check,
        )

    @classmethod
    def handed_in(cls, check: Callable[[], None] | None = None) -> Self:
        """Allow what one student may hand in as one archive, however it is nested."""
        return cls(
            members=20_000,
            read=256 << 20,
            files=1000,
            written=FILE_CAP + (16 << 20),
            seconds=3.0,
            check=check,
        )

    @property
    def longest_list(self) -> int:
        """Bytes that an archive's own list of its members may have."""
        return 160 * self._members + (1 << 16)

    def count_member(self) -> None:
        """Account for one member; raise ArchiveError where there are too many."""
        self._members -= 1
        if self._members < 0:
            raise ArchiveError("the archive holds too many files")
        self._look_at_the_clock()

    def count_file(self) -> None:
        """Account for one member that is unpacked."""
        self._files -= 1
        if self._files < 0:
            raise ArchiveError(
                "the archive holds too many .py and .ipynb files"
            )

    def count_read(self, size: int) -> None:
        """Account for bytes that were read, after decompression."""
        self._read -= size
        if self._read < 0:
            raise ArchiveError("the archive unpacks to more than is allowed")
        self._look_at_the_clock()

    def count_written(self, size: int) -> None:
        """Account for bytes that are written."""
        self._written -= size
        if self._written < 0:
            raise ArchiveError("the archive unpacks to more than is allowed")

    def _look_at_the_clock(self) -> None:
        if self._check is not None:
            self._check()
        if self._seconds is None:
            return
        if time.thread_time() - self._begun > self._seconds:
            raise ArchiveError("the archive takes too long to unpack")


_SUFFIX = re.compile(
    r"(?:\.zip|\.tar|\.tgz|\.tar(?:[-_ ]?\d{1,3}| ?\(\d{1,3}\))?\.gz)\Z",
    re.IGNORECASE,
)
"""Canvas and browsers put a number into a double suffix: `work.tar-1.gz`, `work.tar (1).gz`."""


_UNREAD = re.compile(
    r"(?:\.tar)?\.(?:rar|7z|gz|bz2|tbz2?|xz|txz|zst|lz|z)\Z", re.IGNORECASE
)
"""Kinds of archives that are not opened here."""


def is_archive(name: str) -> bool:
    """Return whether a file is an archive, by its name."""
    return _SUFFIX.search(name) is not None


def is_packed(name: str) -> bool:
    """Return whether a file is an archive, by its name, that is opened here or is not."""
    return is_archive(name) or _UNREAD.search(name) is not None


def archive_stem(name: str) -> str:
    """Return the file name of an archive without its suffix."""
    suffix = _SUFFIX if is_archive(name) else _UNREAD
    return suffix.sub("", name) or name


def unpack(
    stream: IO[bytes], name: str, into: Path, wanted: Wanted, budget: Budget
) -> Iterator[Member]:
    """Yield what is in the archive `stream`, called `name`; copy `wanted` files into `into`.

    Raises ArchiveError, after what was readable, where the archive is damaged or holds more than
    `budget` allows.
    """
    into.mkdir(parents=True, exist_ok=True)
    lower = name.lower()
    if lower.endswith(".zip"):
        from grader.intake.zip_files import zip_members

        return zip_members(stream, into, wanted, budget)
    from grader.intake.tar_files import tar_members

    packed = lower.endswith(("gz", "tgz"))
    return tar_members(stream, into, wanted, budget, packed=packed)


def parts_of(name: str) -> tuple[str, ...]:
    """Split a member's name; Windows tools write backslashes."""
    text = (
        legible(name[: LONGEST_PATH + 1]).replace("\\", "/").replace("\0", "_")
    )
    parts = [part for part in text.split("/") if part not in {"", "."}]
    if text.startswith("/"):
        parts.insert(0, "/")
    return tuple(parts) or (UNNAMED,)


def legible(name: str) -> str:
    """Return a file's name as text, which it need not be on Linux and in a tar."""
    return name.encode("utf-8", "replace").decode()


def moment(seconds: float) -> str:
    """Return a time in the zone of this machine, as a zip has it; empty if it is not a time."""
    try:
        when = datetime.fromtimestamp(int(seconds))  # noqa: DTZ006 - as a zip has it
    except (OverflowError, OSError, ValueError):
        return ""
    return when.isoformat()


def path_fault(name: str, parts: tuple[str, ...]) -> str | None:
    """Return why a member's path is refused; None where it is a path below the archive."""
    if ".." in parts or parts[0] == "/":
        return "its path leads out of the archive"
    if len(parts) > DEEPEST_PATH or len(name) > LONGEST_PATH:
        return "its path is too deep"
    return None


def size_fault(size: int, most: int) -> str | None:
    """Return why a member is too large to be a submission."""
    if size <= most or most < FILE_CAP:
        return None
    return f"larger than {FILE_CAP >> 20} MB"


def copy(pieces: Iterator[bytes], place: Path, budget: Budget) -> None:
    """Write a member piece by piece, counted as it is written."""
    budget.count_file()
    with place.open("wb") as target:
        for piece in pieces:
            budget.count_written(len(piece))
            target.write(piece)
