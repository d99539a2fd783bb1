"""Whether a tar file is all there.

`tarfile` takes a cut between two members, or in the middle of a header, for the end of the archive;
and nothing reads a compressed one to its last byte, where the sum stands that shows whether it is
what was packed.
"""

import gzip
import tarfile
import zlib
from pathlib import Path
from typing import IO, cast

from grader.intake.archives import ArchiveError, Budget

_BLOCK = 512
_BROKEN = (OSError, EOFError, ValueError, OverflowError, tarfile.TarError, zlib.error)


def check_end(archive: Path, budget: Budget) -> None:
    """Raise ArchiveError where a tar file that could be read stops before its end; a zip has its list there anyway."""
    if archive.name.lower().endswith(".zip"):
        return
    try:
        with (
            cast("IO[bytes]", gzip.open(archive))
            if _is_packed(archive)
            else archive.open("rb") as raw
        ):
            watched = _Watched(raw)
            with tarfile.open(fileobj=cast("IO[bytes]", watched), mode="r:") as opened:
                for _ in opened:
                    pass
            if watched.last != bytes(_BLOCK):
                raise tarfile.ReadError("no block of zeros at the end")
            while chunk := raw.read(1 << 18):
                budget.spend(len(chunk))
    except _BROKEN as error:
        raise ArchiveError(
            f"the archive is damaged ({type(error).__name__})"
        ) from error


def _is_packed(archive: Path) -> bool:
    return archive.name.lower().endswith(("gz", "tgz"))


class _Watched:
    """A file that remembers what was read last: the block that tarfile took for the end."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self.last = b""

    def read(self, size: int) -> bytes:
        self.last = self._raw.read(size)
        return self.last

    def seek(self, place: int) -> int:
        return self._raw.seek(place)

    def tell(self) -> int:
        return self._raw.tell()
