"""From a path to bytes: opened once, without following links or waiting (`grader.opening`)."""

import errno
import hashlib
import os
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.opening import UnreadableError, read_named

_SHOWN = 80
"""Most characters of a path that an error message quotes."""


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
        data = read_named(path)
    except UnreadableError as error:
        _require_file(path, error)
        reason = str(error)
        return _unreadable(reason[0].lower() + reason[1:])
    return Raw(data, digest_of(data))


def _require_file(path: Path, error: UnreadableError) -> None:
    """Raise UsageError if the path cannot have been meant."""
    if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114 - never raise
        raise UsageError(f"{path}: is a folder, not a submission") from error
    if os.path.lexists(path):
        return
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno == errno.ENAMETOOLONG:
        start = str(path)[:_SHOWN]
        raise UsageError(
            f"{start}...: there is no such file (its name is too long)"
        ) from error
    if isinstance(cause, ValueError):
        raise UsageError(f"{path}: there is no such file ({cause})") from error
    raise UsageError(f"{path}: there is no such file") from error


def _unreadable(reason: str) -> Raw:
    return Raw(b"", digest_of(b""), reason)
