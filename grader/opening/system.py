"""The system calls: what is at a way below a folder, and what is in it.

Every function here may hang, so it is called by a helper (`helpers`), which may be another process:
arguments and results are plain, and an open file is the number of a descriptor over there.
"""

import enum
import errno
import itertools
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

PIECE = 1 << 20
"""Bytes that are read in one call."""

_RELATIVE = {
    os.open,
    os.stat,
} <= os.supports_dir_fd and os.scandir in os.supports_fd
_FILE_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER_FLAGS = _FILE_FLAGS | getattr(os, "O_DIRECTORY", 0)
_ANCHOR_FLAGS = _FOLDER_FLAGS & ~getattr(os, "O_NOFOLLOW", 0)
_REPARSE_POINT = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
_LINK = "it is a link and not a regular file (symbolic links are not followed)"
_LINK_ON_THE_WAY = (
    "a link is on the way to it (symbolic links are not followed)"
)
_REASONS = {
    errno.ENOENT: "it is gone",
    errno.ELOOP: _LINK,
    errno.EAGAIN: "another program holds it",
    errno.ENXIO: "it is not a regular file",
    errno.ENOTDIR: "a folder on the way to it is gone, or something else is in its place",
}

Way = tuple[str, ...]
"""The names of the folders on the way to a file, and its own; names as the system has them."""


class UnreadableError(Exception):
    """The file or folder is not read; the text says why: `it is gone`."""


class SilentError(UnreadableError):
    """Its file system does not answer."""

    def __init__(self) -> None:
        super().__init__("its file system does not answer")


class Kind(enum.Enum):
    """What an entry of a folder is."""

    FILE = "a regular file"
    FOLDER = "a folder"
    LINK = "a link"
    OTHER = "a pipe, a socket or a device"
    SILENT = "something on a file system that does not answer"


class Entry(NamedTuple):
    """One entry of a folder."""

    name: str
    kind: Kind
    size: int
    """Bytes, of a file."""
    modified: float = 0.0
    """When it was changed last, in seconds since 1970."""


class Anchor(NamedTuple):
    """A folder that the user named, and how it is known again."""

    path: Path
    device: int
    inode: int


class OpenFile(NamedTuple):
    """An open file: a descriptor, in the process that opened it."""

    descriptor: int
    size: int


# ----------------------------------------------------------------------------- to be called


def anchor(path: Path) -> Anchor:
    """Return the folder at `path`, which may be reached through links."""
    with _reasons():
        status = path.stat()
    if not stat.S_ISDIR(status.st_mode):
        raise UnreadableError("it is not a folder")
    return Anchor(path, status.st_dev, status.st_ino)


def entries(start: Anchor, way: Way, most: int) -> list[Entry]:
    """Return what is in the folder at `way`, by name, if there are at most `most` entries."""
    with _reasons(), _folder(start, way) as folder:
        found = [_entry(folder, name) for name in _names(folder, most)]
    return [each for each in found if each is not None]


def names(start: Anchor, way: Way, most: int) -> list[str]:
    """Return the names in the folder at `way`, without looking at what they name."""
    with _reasons(), _folder(start, way) as folder:
        return _names(folder, most)


def entry(start: Anchor, way: Way) -> Entry:
    """Return what is at `way`."""
    with _reasons(), _folder(start, way[:-1]) as folder:
        status = _look(folder, way[-1])
    return Entry(way[-1], _kind(status), status.st_size, status.st_mtime)


def open_file(start: Anchor, way: Way) -> OpenFile:
    """Open the regular file at `way`."""
    with _reasons(), _folder(start, way[:-1]) as folder:
        # Not even opened if it is something else: opening some devices does something.
        _require_file(_look(folder, way[-1]))
        descriptor = _open_in(folder, way[-1], _FILE_FLAGS)
    try:
        status = os.fstat(descriptor)
        _require_file(status)
    except BaseException:
        os.close(descriptor)
        raise
    return OpenFile(descriptor, status.st_size)


def read_at(descriptor: int, at: int, wanted: int) -> bytes:
    """Return at most `wanted` bytes of an open file."""
    with _reasons():
        os.lseek(descriptor, at, os.SEEK_SET)
        return os.read(descriptor, wanted)


def beginning(start: Anchor, way: Way, most: int) -> tuple[bytes, int]:
    """Return at most the first `most` bytes of the file at `way`, and its size.

    Nearly every file is short, and read in this one call.
    """
    file = open_file(start, way)
    try:
        data = b""
        while len(data) < most:
            piece = read_at(file.descriptor, len(data), most - len(data))
            if not piece:
                break
            data += piece
    finally:
        os.close(file.descriptor)
    return data, file.size


def beginnings(
    start: Anchor, ways: Sequence[Way], most: int
) -> list[bytes | UnreadableError]:
    """Return the first `most` bytes of several files, or why they are not read."""
    found: list[bytes | UnreadableError] = []
    for way in ways:
        try:
            found.append(beginning(start, way, most)[0])
        except UnreadableError as error:
            found.append(error)
    return found


# ---------------------------------------------------------------------------------- on the way


@contextmanager
def _folder(start: Anchor, way: Way) -> Iterator["int | Path"]:
    """Open the folder at `way`, each part relative to the one before."""
    if not _RELATIVE:
        yield _folder_by_path(start, way)
        return
    descriptor = os.open(start.path, _ANCHOR_FLAGS)
    try:
        _require_same(start, os.fstat(descriptor))
        for name in way:
            if _kind(_look(descriptor, name)) is Kind.LINK:
                raise UnreadableError(_LINK_ON_THE_WAY)
            below = _open_in(descriptor, name, _FOLDER_FLAGS)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def _names(folder: int | Path, most: int) -> list[str]:
    with os.scandir(folder) as listed:
        found = [each.name for each in itertools.islice(listed, most + 1)]
    if len(found) > most:
        raise UnreadableError(f"it holds more than {most} files")
    return sorted(found)


def _folder_by_path(start: Anchor, way: Way) -> Path:
    _require_same(start, start.path.stat())
    place = start.path
    for name in way:
        if _kind(_look(place, name)) is not Kind.FOLDER:
            raise UnreadableError(_LINK_ON_THE_WAY)
        place /= name
    return place


def _require_same(start: Anchor, status: os.stat_result) -> None:
    if (status.st_dev, status.st_ino) != (start.device, start.inode):
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
    leads_elsewhere = name in {"", ".", ".."} or "/" in name
    if leads_elsewhere or (os.altsep is not None and os.sep in name):
        raise UnreadableError("its path leads elsewhere")


def _entry(folder: int | Path, name: str) -> Entry | None:
    try:
        status = _look(folder, name)
    except FileNotFoundError:
        return None  # in the meantime
    return Entry(name, _kind(status), status.st_size, status.st_mtime)


def _kind(status: os.stat_result) -> Kind:
    is_link = stat.S_ISLNK(status.st_mode)
    if is_link or getattr(status, "st_file_attributes", 0) & _REPARSE_POINT:
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
