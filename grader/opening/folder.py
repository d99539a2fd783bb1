"""A folder that is held to what it was, and the files below it."""

import enum
import errno
import io
import itertools
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from grader.opening.patience import Patience, StoppedError, UnreadableError

FILE_CAP = 32 << 20
"""Most bytes that are read of a submission: five times the largest real notebook."""

_PIECE = 1 << 20
"""Bytes that are read in one go; each piece has the whole patience."""

_RELATIVE = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd
_FILE_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER_FLAGS = _FILE_FLAGS | getattr(os, "O_DIRECTORY", 0)
_REPARSE_POINT = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
_LINK = "it is a link and not a regular file (symbolic links are not followed)"
_LINK_ON_THE_WAY = "a link is on the way to it (symbolic links are not followed)"
_REASONS = {
    errno.ENOENT: "it is gone",
    errno.ELOOP: _LINK,
    errno.EAGAIN: "another program holds it",
    errno.ENXIO: "it is not a regular file",
    errno.ENOTDIR: "a folder on the way to it is gone, or something else is in its place",
}


class Kind(enum.Enum):
    """What an entry of a folder is."""

    FILE = "a regular file"
    FOLDER = "a folder"
    LINK = "a link"
    OTHER = "a pipe, a socket or a device"


class Entry(NamedTuple):
    """One entry of a folder."""

    name: str
    kind: Kind
    size: int
    """Bytes, of a file."""


# ---------------------------------------------------------------------------------- folders

Way = tuple[str, ...]
"""The names of the folders on the way to a file, and its own; names as the system has them."""


class Folder:
    """A folder that the user named, with all that is below it.

    Its methods raise UnreadableError where something is not read.
    """

    def __init__(self, path: Path, patience: Patience | None = None) -> None:
        """Remember the folder at `path`; raise UnreadableError where it cannot be opened."""
        self.path = path
        self._patience = patience or Patience()
        self._identity: tuple[int, int] | None = None
        self._identity = self._patience.wait_for(self._identify)

    def _identify(self) -> tuple[int, int]:
        with _reasons():
            status = self.path.stat()
        if not stat.S_ISDIR(status.st_mode):
            raise UnreadableError("it is not a folder")
        return (status.st_dev, status.st_ino)

    def entries(self, way: Way, most: int) -> list[Entry]:
        """Return what is in the folder at `way`, by name, if there are at most `most` entries."""
        return self._patience.wait_for(lambda: self._entries(way, most))

    def entry(self, way: Way) -> Entry:
        """Return what is at `way`; raise UnreadableError where nothing is."""

        def look() -> Entry:
            with _reasons(), self._folder(way[:-1]) as folder:
                status = _look(folder, way[-1])
            return Entry(way[-1], _kind(status), status.st_size)

        return self._patience.wait_for(look)

    def read(self, way: Way, most: int = FILE_CAP) -> bytes:
        """Return the bytes of the regular file at `way`, if there are at most `most`."""
        first, rest = self._patience.wait_for(lambda: self._read_beginning(way, most))
        if rest is None:
            return first
        with io.BufferedReader(rest, _PIECE) as stream:
            data = first + stream.read(most + 1 - len(first))
        if len(data) > most:
            raise UnreadableError(f"it is bigger than {most >> 20} MiB")
        return data

    def beginning(self, way: Way, most: int) -> bytes:
        """Return at most the first `most` bytes of the regular file at `way`."""

        def read() -> bytes:
            file = self._open(way)
            try:
                return file.read_now(most)
            finally:
                file.close_now()

        return self._patience.wait_for(read)

    @contextmanager
    def open(self, way: Way) -> Iterator[IO[bytes]]:
        """Open the regular file at `way` for reading here and there, as an archive needs it."""
        raw = self._patience.wait_for(lambda: self._open(way))
        with io.BufferedReader(raw, _PIECE) as stream:
            yield stream

    def _read_beginning(
        self, way: Way, most: int
    ) -> "tuple[bytes, _PatientFile | None]":
        """Return the file's bytes; for a long file only the first ones, and the open file."""
        file = self._open(way)
        if file.size > most:
            file.close_now()
            raise UnreadableError(f"it is bigger than {most >> 20} MiB")
        data = b""
        while len(data) < _PIECE and (piece := file.read_now(_PIECE)):
            data += piece
        if len(data) >= _PIECE:
            return data, file
        file.close_now()
        return data, None

    def _entries(self, way: Way, most: int) -> list[Entry]:
        with _reasons(), self._folder(way) as folder:
            with os.scandir(folder) as found:
                names = [each.name for each in itertools.islice(found, most + 1)]
            if len(names) > most:
                raise UnreadableError(f"it holds more than {most} files")
            names.sort()
            entries = []
            for name in names:
                entry = _entry(folder, name)
                if entry is not None:
                    entries.append(entry)
        return entries

    def _open(self, way: Way) -> "_PatientFile":
        with _reasons(), self._folder(way[:-1]) as folder:
            # Not even opened if it is something else: opening some devices does something.
            _require_file(_look(folder, way[-1]))
            descriptor = _open_in(folder, way[-1], _FILE_FLAGS)
        try:
            status = os.fstat(descriptor)
            _require_file(status)
        except BaseException:
            os.close(descriptor)
            raise
        return _PatientFile(descriptor, status.st_size, self._patience)

    @contextmanager
    def _folder(self, way: Way) -> Iterator["int | Path"]:
        """Open the folder at `way`, each part relative to the one before."""
        if not _RELATIVE:
            yield self._folder_by_path(way)
            return
        descriptor = os.open(self.path, _FOLDER_FLAGS & ~getattr(os, "O_NOFOLLOW", 0))
        try:
            self._require_same(os.fstat(descriptor))
            for name in way:
                if _kind(_look(descriptor, name)) is Kind.LINK:
                    raise UnreadableError(_LINK_ON_THE_WAY)
                below = _open_in(descriptor, name, _FOLDER_FLAGS)
                os.close(descriptor)
                descriptor = below
            yield descriptor
        finally:
            os.close(descriptor)

    def _folder_by_path(self, way: Way) -> Path:
        self._require_same(self.path.stat())
        place = self.path
        for name in way:
            if _kind(_look(place, name)) is not Kind.FOLDER:
                raise UnreadableError(_LINK_ON_THE_WAY)
            place /= name
        return place

    def _require_same(self, status: os.stat_result) -> None:
        if (status.st_dev, status.st_ino) != self._identity:
            raise UnreadableError(
                "another folder has taken the place of the one that was named"
            )


def _open_in(folder: int | Path, name: str, flags: int) -> int:
    _require_name(name)
    if isinstance(folder, int):
        return os.open(name, flags, dir_fd=folder)
    before = os.lstat(folder / name)
    descriptor = os.open(folder / name, flags)
    after = os.fstat(descriptor)
    if (before.st_dev, before.st_ino) != (after.st_dev, after.st_ino):
        os.close(descriptor)
        raise UnreadableError("another file has taken its place")
    return descriptor


def _look(folder: int | Path, name: str) -> os.stat_result:
    _require_name(name)
    if isinstance(folder, int):
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    return os.lstat(folder / name)


def _require_name(name: str) -> None:
    """Raise UnreadableError for what names nothing in a folder and would lead elsewhere."""
    if (
        name in {"", ".", ".."}
        or "/" in name
        or (os.altsep is not None and os.sep in name)
    ):
        raise UnreadableError("its path leads elsewhere")


def _entry(folder: int | Path, name: str) -> Entry | None:
    try:
        status = _look(folder, name)
    except FileNotFoundError:
        return None  # in the meantime
    return Entry(name, _kind(status), status.st_size)


def _kind(status: os.stat_result) -> Kind:
    if stat.S_ISLNK(status.st_mode):
        return Kind.LINK
    if getattr(status, "st_file_attributes", 0) & _REPARSE_POINT:
        return Kind.LINK
    if stat.S_ISDIR(status.st_mode):
        return Kind.FOLDER
    return Kind.FILE if stat.S_ISREG(status.st_mode) else Kind.OTHER


def _require_file(status: os.stat_result) -> None:
    kind = _kind(status)
    if kind is Kind.LINK:
        raise UnreadableError(_LINK)
    if kind is not Kind.FILE:
        raise UnreadableError("it is not a regular file")


@contextmanager
def _reasons() -> Iterator[None]:
    """Turn what the system says into UnreadableError."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror
        raise UnreadableError(reason or type(error).__name__) from error
    except ValueError as error:
        # A name with a NUL in it.
        raise UnreadableError(f"it cannot be opened ({error})") from error


class _PatientFile(io.RawIOBase):
    """An open file, every read of which may be given up."""

    def __init__(self, descriptor: int, size: int, patience: Patience) -> None:
        self.size = size
        self._descriptor = descriptor
        self._patience = patience
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override] # any buffer
        wanted = len(buffer)
        data = self._patience.wait_for(lambda: self.read_now(wanted))
        buffer[: len(data)] = data
        return len(data)

    def read_now(self, wanted: int) -> bytes:
        """Read in the thread that calls."""
        with _reasons():
            os.lseek(self._descriptor, self._at, os.SEEK_SET)
            data = os.read(self._descriptor, wanted)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "a place before the beginning")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def close_now(self) -> None:
        """Close in the thread that calls."""
        super().close()
        os.close(self._descriptor)

    def close(self) -> None:
        if self.closed:
            return
        try:
            self._patience.wait_for(self.close_now)
        except (UnreadableError, StoppedError, OSError):
            super().close()  # the descriptor stays open: closing a file may hang as well


def read_named(path: Path, most: int = FILE_CAP) -> bytes:
    """Return the bytes of the file that the user named; raise UnreadableError if it is not read.

    Its folder may be reached through links, and the file itself may not be one.
    """
    patience = Patience()
    try:
        return Folder(path.parent, patience).read((path.name,), most)
    finally:
        patience.rest()
