"""Tar files, read once from the beginning to the end, never further than the budget allows.

`tarfile` believes what a header says: a sparse member of 470 bytes becomes a gigabyte when it is
read, a header may announce gigabytes of text, and a cut between two members looks like the end. So
this reader knows only what course tools write (ustar, GNU long names, pax paths and sizes), counts
every byte, refuses sparse members, and calls an archive without its end damaged.

    header = 512 bytes: name 100, mode, uid, gid 8 each, size 12, mtime 12, checksum 8, type 1,
             link 100, magic 8, owner 32, group 32, device 16, prefix 155
    member = header, data, zeros up to the next 512 bytes
    end    = a block of zeros
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from grader.intake.archives import (
    ArchiveError,
    Budget,
    DamagedError,
    Member,
    Wanted,
    copy,
    moment,
    parts_of,
    path_fault,
    size_fault,
)

_BLOCK = 512
_PIECE = 1 << 16
_MOST_HEADER = 1 << 20
"""Bytes of a long name, or of a member's pax records: macOS puts attributes of files there."""
_MOST_GZIP_PARTS = 10_000
"""A part may be empty, and then costs as much time as another."""
_PACKED_PIECE = 1 << 14
_MOST_DIGITS = 20
_NO_SPARSE = "the archive holds a sparse file, which may be of any size"

_FILES = frozenset("0\x007")
_FOLDER = "5"
_WITHOUT_DATA = frozenset("123456")
"""Links, devices, folders and pipes: a size in their header means nothing."""
_GNU_NAME, _GNU_LINK = "L", "K"
_PAX, _PAX_GLOBAL = frozenset("xX"), "g"
_SPARSE = "S"
_OCTAL = re.compile(rb"[ \0]*([0-7]+)[ \0]*\Z")
_RECORD = re.compile(rb"([0-9]{1,7}) ([^=\n]{1,200})=")


class _Entry(NamedTuple):
    name: str
    size: int
    type: str
    modified: str = ""


def tar_members(
    stream: IO[bytes],
    into: Path,
    wanted: Wanted,
    budget: Budget,
    *,
    packed: bool,
) -> Iterator[Member]:
    """Yield what is in a tar file; `packed` if it is compressed with gzip."""
    data = _Data(_gunzip(stream) if packed else _plain(stream), budget)
    for number, entry in enumerate(_entries(data, budget)):
        parts = parts_of(entry.name)
        if entry.type == _FOLDER:
            yield Member(parts, folder=True)
            continue
        most = wanted(parts)
        reason = _refusal(entry, parts, most)
        if reason is not None or entry.size > most:
            yield Member(parts, reason=reason, modified=entry.modified)
            continue
        place = into / str(number)
        copy(data.pieces(entry.size), place, budget)
        yield Member(parts, place=place, modified=entry.modified)
    # The sum at the end of a compressed file shows whether it is what was packed.
    data.read_to_end()


def _refusal(entry: _Entry, parts: tuple[str, ...], most: int) -> str | None:
    reason = path_fault(entry.name, parts)
    if reason is None and entry.type not in _FILES:
        return "a link or a device, not a file"
    if reason is not None or not most:
        return reason
    return size_fault(entry.size, most)


# ---------------------------------------------------------------------------------- headers


def _entries(data: "_Data", budget: Budget) -> Iterator[_Entry]:
    """Yield the headers; the data of each may be read before the next one is asked for."""
    more = _More()
    while any(header := data.read(_BLOCK)):
        entry = _parsed(header)
        budget.count_member()
        if entry.type == _SPARSE:
            raise ArchiveError(_NO_SPARSE)
        if more.begins_with(entry):
            more.take(entry.type, data.read_padded(entry.size))
            continue
        entry = more.completed(entry)
        data.begin(0 if entry.type in _WITHOUT_DATA else entry.size)
        yield entry
        data.skip_rest()


class _More:
    """What the headers before a member say about it: a long name, a size."""

    def __init__(self) -> None:
        self._name: str | None = None
        self._size: int | None = None

    def begins_with(self, entry: _Entry) -> bool:
        """Return whether this is a header about the next member."""
        return entry.type in _PAX or entry.type in {
            _GNU_NAME,
            _GNU_LINK,
            _PAX_GLOBAL,
        }

    def take(self, type_: str, text: bytes) -> None:
        """Remember what such a header says; one about all members says nothing of interest."""
        if type_ == _GNU_NAME:
            self._name = _text(text)
        elif type_ in _PAX:
            self._take_records(text)

    def completed(self, entry: _Entry) -> _Entry:
        """Return the member with what the headers before it say."""
        name = entry.name if self._name is None else self._name
        size = entry.size if self._size is None else self._size
        self._name = self._size = None
        type_ = (
            _FOLDER if name.endswith("/") and entry.type == "\0" else entry.type
        )
        return entry._replace(name=name, size=size, type=type_)

    def _take_records(self, text: bytes) -> None:
        """Read `length key=value` lines, where the length counts the whole line."""
        at = 0
        while at < len(text) and text[at]:
            match = _RECORD.match(text, at)
            if match is None:
                raise DamagedError("the archive is damaged (a pax record)")
            end = at + int(match[1])
            if not match.end() < end <= len(text):
                raise DamagedError("the archive is damaged (a pax record)")
            key, value = match[2], text[match.end() : end - 1]
            if key.startswith((b"GNU.sparse", b"SUN.holesdata")):
                raise ArchiveError(_NO_SPARSE)
            if key == b"path":
                self._name = _text(value)
            elif key == b"size":
                self._size = _decimal(value)
            at = end


def _parsed(header: bytes) -> _Entry:
    checksum = _number(header[148:156])
    found = sum(header[:148]) + 8 * ord(" ") + sum(header[156:])
    if checksum != found and checksum != _signed_sum(header):
        raise DamagedError("the archive is damaged (a header)")
    name = header[:100]
    if header[257:263] == b"ustar\0" and header[345]:
        name = header[345:500].partition(b"\0")[0] + b"/" + name
    return _Entry(
        _text(name),
        _number(header[124:136]),
        chr(header[156]),
        _moment(header[136:148]),
    )


def _moment(field: bytes) -> str:
    try:
        return moment(_number(field))
    except DamagedError:
        return ""  # it only says which of two downloads is newer


def _signed_sum(header: bytes) -> int:
    """Return the checksum as some old programs compute it, with bytes from -128 to 127."""
    blank = header[:148] + b" " * 8 + header[156:]
    return sum(memoryview(blank).cast("b"))


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _decimal(text: bytes) -> int:
    if len(text) > _MOST_DIGITS or not text.isdigit():
        raise DamagedError("the archive is damaged (a pax record)")
    return int(text)


def _number(field: bytes) -> int:
    """Return a number in octal digits, or with the first bit set in binary."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    if not field.strip(b" \0"):
        return 0
    match = _OCTAL.match(field)
    if match is None:
        raise DamagedError("the archive is damaged (a number in a header)")
    return int(match[1], 8)


# ------------------------------------------------------------------------------------- data


class _Data:
    """The bytes of a tar file in order, counted as they come."""

    def __init__(self, pieces: Iterator[bytes], budget: Budget) -> None:
        self._pieces = pieces
        self._budget = budget
        self._buffer = memoryview(b"")
        self._left = 0
        """Of the current member, with the zeros after it."""

    def read(self, size: int) -> bytes:
        """Return exactly `size` bytes; raise DamagedError where the file ends before."""
        found = []
        while size > 0:
            piece = self._some(size)
            found.append(piece)
            size -= len(piece)
        return b"".join(found)

    def read_padded(self, size: int) -> bytes:
        """Return the text of a header, and skip the zeros after it."""
        if size > _MOST_HEADER:
            raise ArchiveError("the archive has a header that is too long")
        self.begin(size)
        text = b"".join(self.pieces(size))
        self.skip_rest()
        return text

    def begin(self, size: int) -> None:
        """Begin the data of a member."""
        self._left = size + -size % _BLOCK

    def pieces(self, size: int) -> Iterator[bytes]:
        """Yield the data of the member that was begun."""
        while size > 0:
            piece = self._some(size)
            size -= len(piece)
            self._left -= len(piece)
            yield bytes(piece)

    def skip_rest(self) -> None:
        """Skip what was not read of the member that was begun."""
        while self._left > 0:
            self._left -= len(self._some(self._left))

    def read_to_end(self) -> None:
        """Read whatever follows the end of the archive."""
        for piece in self._pieces:
            self._budget.count_read(len(piece))

    def _some(self, most: int) -> memoryview:
        if not self._buffer:
            piece = next(self._pieces, None)
            if piece is None:
                raise DamagedError("the archive is damaged (it ends too early)")
            self._budget.count_read(len(piece))
            self._buffer = memoryview(piece)
        found, self._buffer = self._buffer[:most], self._buffer[most:]
        return found


def _plain(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def _gunzip(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what a .gz unpacks to, at most `_PIECE` bytes at a time; its sums are checked."""
    packed = b""
    for _ in range(_MOST_GZIP_PARTS):
        packed = (packed or stream.read(_PACKED_PIECE)).lstrip(b"\0")
        if not packed:
            return
        unzip = zlib.decompressobj(wbits=31)
        while not unzip.eof:
            packed = packed or stream.read(_PACKED_PIECE)
            if not packed:
                raise DamagedError("the archive is damaged (it ends too early)")
            try:
                piece = unzip.decompress(packed, _PIECE)
            except zlib.error as error:
                raise DamagedError(
                    "the archive is damaged (its compression)"
                ) from error
            packed = unzip.unconsumed_tail
            if piece:
                yield piece
        packed = unzip.unused_data
    raise ArchiveError("the archive is packed in too many parts")
