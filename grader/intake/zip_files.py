"""Zip files: the list at their end is bounded before it is read, and members as they are unpacked.

`zipfile` reads the list of members in one go and makes an object of each entry, before anybody can
count them: so whatever it asks for at once is bounded here (`_Bounded`). Only the two compressions
that course tools use are read. Others are slower by far, and LZMA takes gigabytes of memory if the
archive says so.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from grader.intake.archives import (
    ArchiveError,
    Budget,
    DamagedError,
    Member,
    Wanted,
    copy,
    parts_of,
    path_fault,
    size_fault,
)

_PIECE = 1 << 16
_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 1
_LOCAL_HEADER = 30
"""What stands before a member at the least, in bytes; its name comes on top."""
_UTF8 = 0x800
"""The flag of a member whose name is UTF-8."""

_BROKEN: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # NotImplementedError, too
    OverflowError,
    LookupError,
    struct.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
)
"""What the standard library raises on hostile bytes."""


def zip_members(
    stream: IO[bytes], into: Path, wanted: Wanted, budget: Budget
) -> Iterator[Member]:
    """Yield what is in a zip file."""
    bounded = _Bounded(stream, budget.longest_list)
    try:
        opened = zipfile.ZipFile(bounded)
    except _BROKEN as error:
        raise DamagedError(
            "the archive is damaged (its list of files)"
        ) from error
    with opened:
        latest: dict[str, zipfile.ZipInfo] = {}
        for entry in opened.infolist():
            budget.count_member()
            name = _name(entry)
            if name.endswith("/"):
                yield Member(parts_of(name), folder=True)
            else:
                # As unzip does: of two members with one name the later one counts.
                latest[name] = entry
        _require_apart(opened.infolist())
        for number, (name, entry) in enumerate(latest.items()):
            yield _member(
                opened, entry, name, into / str(number), wanted, budget
            )


def _require_apart(entries: list[zipfile.ZipInfo]) -> None:
    """Raise `DamagedError` if members share bytes, so that a few of these become gigabytes.

    `zipfile` notices it only from Python 3.11.8 and 3.12.2 on.
    """
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise DamagedError("the archive is damaged (its files overlap)")
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size


def _member(
    opened: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    name: str,
    place: Path,
    wanted: Wanted,
    budget: Budget,
) -> Member:
    parts = parts_of(name)
    most = wanted(parts)
    modified = _modified(entry)
    reason = path_fault(name, parts) or _refusal(entry)
    if reason is None and most:
        reason = size_fault(entry.file_size, most)
    if reason is not None or entry.file_size > most:
        return Member(parts, reason=reason, modified=modified)
    try:
        with opened.open(entry) as source:
            copy(_pieces(source, budget), place, budget)
    except _BROKEN:
        return Member(parts, reason="damaged in the archive", damaged=True)
    return Member(parts, place=place, modified=modified)


def _modified(entry: zipfile.ZipInfo) -> str:
    try:
        return datetime(*entry.date_time).isoformat()  # noqa: DTZ001 - a zip has no zone
    except ValueError:
        return ""


def _refusal(entry: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        return "a link or a device, not a file"
    if entry.flag_bits & _ENCRYPTED:
        return "encrypted"
    if entry.compress_type not in _COMPRESSIONS:
        return "packed with a compression that is not read"
    return None


def _pieces(source: IO[bytes], budget: Budget) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        budget.count_read(len(piece))
        yield piece


def _name(entry: zipfile.ZipInfo) -> str:
    """Return a member's name as its writer meant it.

    Without the flag for UTF-8 a name is code page 437 by the standard, and zipfile reads it so; but
    macOS and many libraries write UTF-8 and leave the flag out. Bytes beyond ASCII that are valid
    UTF-8 are hardly ever anything else.
    """
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        # It is code page 437; or newer versions of Python took it from a field for Unicode names.
        return entry.filename


class _Bounded(io.RawIOBase):
    """A file that is never read by more than `most` bytes at once."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream = stream
        self._most = most

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        wanted = self._most + 1 if size is None or size < 0 else size
        if wanted > self._most + 1:
            raise ArchiveError("the archive's list of files is too long")
        data = self._stream.read(wanted)
        if len(data) > self._most:
            raise ArchiveError("the archive's list of files is too long")
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()
