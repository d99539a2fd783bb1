"""From a path to bytes: bounded, and without waiting for a FIFO or a device."""

import errno
import hashlib
import os
import stat
from pathlib import Path

import msgspec

from grader.errors import UsageError

FILE_CAP = 32 * 2**20
"""Most bytes that are read of a file. Notebooks carry pictures, so this is generous."""

_SHOWN = 80
"""Most characters of a path that an error message quotes."""

_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


class Raw(msgspec.Struct, frozen=True):
    """The bytes of a file and their digest, or the reason why it cannot be read."""

    data: bytes
    digest: str
    reason: str | None = None


def digest_of(data: bytes) -> str:
    """Return `sha256:...`, the digest of the bytes as they were handed in."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def read_file(path: Path) -> Raw:
    """Read a regular file of at most 32 MiB; for anything else that exists, say why not.

    Links are not followed, because they would be read with the rights of whoever grades: a link
    `convolve.py -> solutions/reference.py` in a repository would earn full marks.

    Raises `UsageError` when the path does not exist or is a folder.
    """
    try:
        return _read(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{path}: there is no such file") from error
    except ValueError as error:
        raise UsageError(f"{path}: there is no such file ({error})") from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            start = str(path)[:_SHOWN]
            raise UsageError(
                f"{start}...: there is no such file (its name is too long)"
            ) from error
        return _unreadable((error.strerror or type(error).__name__).lower())


def _read(path: Path) -> Raw:
    if path.is_symlink():
        return _unreadable(
            "it is a link and not a regular file (symbolic links are not followed)"
        )
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path}: is a folder, not a submission")
    if not stat.S_ISREG(mode):
        return _unreadable("it is not a regular file")
    # Open without blocking and look again: a FIFO may have taken the file's place meanwhile.
    descriptor = os.open(path, _OPEN_FLAGS)
    with open(descriptor, "rb") as stream:  # noqa: PTH123 - opens a descriptor, not a path
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            return _unreadable("it is not a regular file")
        data = stream.read(FILE_CAP + 1)
    if len(data) > FILE_CAP:
        return Raw(b"", digest_of(data), f"it is bigger than {FILE_CAP >> 20} MiB")
    return Raw(data, digest_of(data))


def _unreadable(reason: str) -> Raw:
    return Raw(b"", digest_of(b""), reason)
