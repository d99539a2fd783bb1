"""Reading what an archive holds, without ever writing a member under its own name.

A member that may be a submission is copied, bounded, into a numbered file of a private folder; its
name is only data. So there is no way out of that folder, whatever the archive says: no `..`, no
absolute path, no link, no device, no two names that differ by case. Everything else in the archive
is listed and not unpacked.
"""

import contextlib
import gzip
import importlib
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Self, cast

import msgspec

DEEPEST_PATH = 64
"""Folders on the way to a file. Rooms that look for students in them go down one call each."""
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")
MOST_FILE = 32 << 20
"""A submission's bytes: five times the largest real notebook. What is larger is listed, not read."""

_ZIP_UTF8 = 0x800
"""The flag of a zip's member whose name is UTF-8."""


def _errors_of_zstd() -> tuple[type[Exception], ...]:
    """Give the error of a compression that zipfile reads from Python 3.14 on: it derives from none of the others."""
    with contextlib.suppress(ImportError):
        error: type[Exception] = importlib.import_module("compression.zstd").ZstdError
        return (error,)
    return ()


_BROKEN: tuple[type[Exception], ...] = (
    OSError, EOFError, ValueError, RuntimeError, NotImplementedError, OverflowError, LookupError,
    zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error,
    *_errors_of_zstd(),
)  # fmt: skip
"""What the readers of the standard library raise on hostile bytes (RuntimeError: an encrypted member)."""


class Budget:
    """How much one archive may hold, with all that is packed inside it."""

    def __init__(self, entries: int, size: int) -> None:
        self._entries = entries
        self._size = size

    @classmethod
    def download(cls) -> Self:
        """Allow what an instructor's own download may hold."""
        return cls(entries=500_000, size=16 << 30)

    @classmethod
    def handed_in(cls) -> Self:
        """Allow what one student may put into one archive."""
        return cls(entries=20_000, size=256 << 20)

    def count(self, entries: int = 1) -> None:
        """Account for files; ArchiveError where there are too many."""
        self._entries -= entries
        if self._entries < 0:
            raise ArchiveError("the archive holds too many files")

    def spend(self, size: int) -> None:
        """Account for unpacked bytes; ArchiveError where there are too many."""
        self._size -= size
        if self._size < 0:
            raise ArchiveError("the archive unpacks to more than is allowed")


UNNAMED = "unnamed"
"""Stands for a name that names nothing, such as `./`, the folder itself, as which tar files begin."""


class Member(msgspec.Struct, frozen=True):
    """One member: where it would be, and either the file that now holds its bytes or why it has none."""

    parts: tuple[str, ...]
    place: Path | None = None
    reason: str | None = None
    damaged: bool = False
    """Whether the reason is that the archive is not as it was packed."""
    folder: bool = False


class ArchiveError(Exception):
    """The archive cannot be read, or holds too much; the text says why, for a person."""


def is_archive(name: str) -> bool:
    """Tell an archive by its file name."""
    return name.lower().endswith(SUFFIXES)


def archive_stem(name: str) -> str:
    """Return the file name of an archive without its suffix."""
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)] or name
    return name


def unpack(
    archive: Path, into: Path, wanted: Callable[[str], bool], budget: Budget
) -> Iterator[Member]:
    """Yield what is in `archive`; files whose base name is `wanted` are copied into numbered files of `into`.

    Raises ArchiveError, after what was readable, where the archive is broken or larger than
    `budget` allows.
    """
    into.mkdir(parents=True, exist_ok=True)
    members = _zip_members if archive.name.lower().endswith(".zip") else _tar_members
    try:
        yield from members(archive, into, wanted, budget)
    except _BROKEN as error:
        raise ArchiveError(
            f"the archive is damaged ({type(error).__name__})"
        ) from error


def _zip_members(
    archive: Path, into: Path, wanted: Callable[[str], bool], budget: Budget
) -> Iterator[Member]:
    with zipfile.ZipFile(archive) as opened:
        entries = opened.infolist()
        budget.count(len(entries))
        # As unzip does: of two members with one name the later one counts.
        latest = {_zip_name(entry): entry for entry in entries if not entry.is_dir()}
        yield from (
            Member(_parts(_zip_name(entry)), folder=True)
            for entry in entries
            if entry.is_dir()
        )
        for number, (name, entry) in enumerate(latest.items()):
            parts = _parts(name)
            reason = _refusal(
                parts,
                entry.file_size,
                wanted,
                link=stat.S_ISLNK(entry.external_attr >> 16),
            )
            if reason is None and entry.flag_bits & 1:
                reason = "encrypted"
            if reason is not None or not wanted(parts[-1]):
                yield Member(parts, reason=reason)
                continue
            place = into / str(number)
            try:
                with opened.open(entry) as source:
                    _copy(source, place, budget)
            except _BROKEN as error:
                yield Member(
                    parts,
                    reason=f"damaged in the archive ({type(error).__name__})",
                    damaged=True,
                )
                continue
            yield Member(parts, place=place)


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """Return a member's name as its writer meant it.

    Without the flag for UTF-8 a name is code page 437 by the standard, and so zipfile reads it; but
    macOS and many libraries write UTF-8 and leave the flag out. Bytes that are valid UTF-8 beyond
    ASCII are hardly ever anything else.
    """
    if entry.flag_bits & _ZIP_UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        # Really code page 437; or the name came from an extra field for Unicode, which newer
        # versions of Python read.
        return entry.filename


def _tar_members(
    archive: Path, into: Path, wanted: Callable[[str], bool], budget: Budget
) -> Iterator[Member]:
    with contextlib.ExitStack() as stack:
        raw: IO[bytes]
        if archive.name.lower().endswith(("gz", "tgz")):
            raw = cast("IO[bytes]", stack.enter_context(gzip.open(archive)))
        else:
            raw = stack.enter_context(archive.open("rb"))
        opened = stack.enter_context(
            tarfile.open(fileobj=_Bounded(raw, budget), mode="r|")
        )  # type: ignore[call-overload]
        for number, entry in enumerate(cast("Iterator[tarfile.TarInfo]", opened)):
            budget.count()
            if entry.isdir():
                yield Member(_parts(entry.name), folder=True)
                continue
            parts = _parts(entry.name)
            reason = _refusal(parts, entry.size, wanted, link=not entry.isfile())
            if reason is not None or not wanted(parts[-1]):
                yield Member(parts, reason=reason)
                continue
            source = opened.extractfile(entry)
            assert source is not None  # noqa: S101 - isfile() is true: for mypy alone
            place = into / str(number)
            _copy(source, place, None)
            yield Member(parts, place=place)


def _parts(name: str) -> tuple[str, ...]:
    """Split a member's name; Windows tools write backslashes."""
    return PurePosixPath(legible(name).replace("\\", "/").replace("\0", "_")).parts or (
        UNNAMED,
    )


def legible(name: str) -> str:
    """Replace what is no text in a file's name: on Linux and in a tar any bytes make one, and JSON takes text alone."""
    return name.encode("utf-8", "replace").decode()


def _refusal(
    parts: tuple[str, ...], size: int, wanted: Callable[[str], bool], *, link: bool
) -> str | None:
    if ".." in parts or parts[0] == "/":
        return "its path leads out of the archive"
    if len(parts) > DEEPEST_PATH:
        return "its path is too deep"
    if link:
        return "a link or a device, not a file"
    if wanted(parts[-1]) and size > MOST_FILE and not is_archive(parts[-1]):
        return f"larger than {MOST_FILE >> 20} MB"
    return None


def _copy(source: IO[bytes], place: Path, budget: Budget | None) -> None:
    """Copy a member, and account for it as it comes: what a header says about the size is the archive's own word."""
    with place.open("wb") as target:
        while chunk := source.read(1 << 18):
            if budget is not None:
                budget.spend(len(chunk))
            target.write(chunk)


class _Bounded:
    """A stream that ends the reading of a bomb: tarfile takes the size of a header's text from the archive."""

    def __init__(self, raw: IO[bytes], budget: Budget) -> None:
        self._raw = raw
        self._budget = budget

    def read(self, size: int) -> bytes:
        self._budget.spend(size)
        return self._raw.read(size)
