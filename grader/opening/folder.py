"""A folder that the user named, and the files below it: opened once, read to a limit."""

import errno
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from grader.opening import system
from grader.opening.patience import Patience, StoppedError
from grader.opening.system import (
    PIECE,
    Entry,
    Kind,
    OpenFile,
    SilentError,
    UnreadableError,
    Way,
)

FILE_CAP = 32 << 20
"""Most bytes that are read of a submission: five times the largest real notebook."""

_SHORT = 1 << 16
"""Bytes of a file that may be read together with others."""


class Folder:
    """A folder that the user named, with all that is below it.

    Its methods raise UnreadableError where something is not read.
    """

    def __init__(self, path: Path, patience: Patience | None = None) -> None:
        """Remember the folder at `path`; raise UnreadableError where there is none."""
        self.path = path
        self._patience = patience or Patience()
        self._anchor = self._patience.call(system.anchor, path)

    def entries(self, way: Way, most: int) -> list[Entry]:
        """Return what is in the folder at `way`, by name, if there are at most `most` entries."""
        try:
            return self._patience.call(system.entries, self._anchor, way, most)
        except SilentError:
            # One of them may be where another file system begins; the others need not suffer.
            return self._entries_one_by_one(way, most)

    def _entries_one_by_one(self, way: Way, most: int) -> list[Entry]:
        found = []
        for name in self._patience.call(system.names, self._anchor, way, most):
            try:
                found.append(self.entry((*way, name)))
            except SilentError:
                found.append(Entry(name, Kind.SILENT, 0))
            except UnreadableError:
                continue  # gone in the meantime
        return found

    def entry(self, way: Way) -> Entry:
        """Return what is at `way`; raise UnreadableError where nothing is."""
        return self._patience.call(system.entry, self._anchor, way)

    def beginning(self, way: Way, most: int) -> bytes:
        """Return at most the first `most` bytes of the regular file at `way`."""
        data, _ = self._patience.call(system.beginning, self._anchor, way, most)
        return data

    def read(self, way: Way, most: int = FILE_CAP) -> bytes:
        """Return the bytes of the regular file at `way`, if there are at most `most`."""
        short = min(most + 1, PIECE)
        data, size = self._patience.call(
            system.beginning, self._anchor, way, short
        )
        if len(data) >= PIECE and size <= most:
            with self.open(way) as stream:
                data = stream.read(most + 1)
        if len(data) > most or size > most:
            raise UnreadableError(f"it is bigger than {most >> 20} MiB")
        return data

    def read_several(
        self, ways: Sequence[Way]
    ) -> Iterator[bytes | UnreadableError]:
        """Yield the bytes of each of these files, or why it is not read, in few calls."""
        found: Sequence[bytes | UnreadableError | None]
        try:
            found = self._patience.call(
                system.beginnings, self._anchor, ways, _SHORT + 1
            )
        except SilentError:
            found = [None] * len(ways)
        for way, data in zip(ways, found, strict=True):
            if data is not None and not (
                isinstance(data, bytes) and len(data) > _SHORT
            ):
                yield data
                continue
            try:
                yield self.read(way)
            except UnreadableError as error:
                yield error

    @contextmanager
    def open(self, way: Way) -> Iterator[IO[bytes]]:
        """Open the regular file at `way` for reading here and there, as an archive needs it."""
        file = self._patience.call(system.open_file, self._anchor, way)
        with io.BufferedReader(
            _PatientFile(file, self._patience), PIECE
        ) as stream:
            yield stream


class _PatientFile(io.RawIOBase):
    """An open file, every read of which may be given up."""

    def __init__(self, file: OpenFile, patience: Patience) -> None:
        self._file = file
        self._patience = patience
        self._helper = patience.helper
        """Which helper has it open."""
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    # Any buffer.
    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        self._require_helper()
        data = self._patience.call(
            system.read_at, self._file.descriptor, self._at, len(buffer)
        )
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        starts = {
            os.SEEK_SET: 0,
            os.SEEK_CUR: self._at,
            os.SEEK_END: self._file.size,
        }
        if starts[whence] + offset < 0:
            raise OSError(errno.EINVAL, "a place before the beginning")
        self._at = starts[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if self.closed:
            return
        super().close()
        try:
            self._require_helper()
            self._patience.call(os.close, self._file.descriptor)
        except (UnreadableError, StoppedError, OSError):
            pass  # it stays open with its helper: closing a file may hang as well

    def _require_helper(self) -> None:
        """Raise SilentError if the helper that has the file open was left behind."""
        if self._patience.helper is not self._helper:
            raise SilentError


def read_named(path: Path, most: int = FILE_CAP) -> bytes:
    """Return the bytes of the file that the user named; raise UnreadableError if it is not read.

    Its folder may be reached through links, and the file itself may not be one.
    """
    with Patience() as patience:
        return Folder(path.parent, patience).read((path.name,), most)
