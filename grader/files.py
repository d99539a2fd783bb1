"""Write files whole or not at all; lock files, and force folders to disk."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import IO

from grader.errors import GraderError, UsageError


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`: a reader, even after a crash, sees the old file or the new one.

    Raises `UsageError` where `path` is a folder or cannot be written, and `GraderError` where
    writing fails, for instance because the disk is full.
    """
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; name a file in it")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    except OSError as error:
        reason = f"cannot be written ({error.strerror}); choose another path"
        raise UsageError(f"{path}: {reason}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            # Otherwise a power cut after the rename could leave an empty file at `path`.
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise GraderError(f"{path}: {error.strerror}; nothing was written") from error


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk, where the system does not do this by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lock(file: IO[bytes]) -> None:
    """Lock a file against other processes until it is closed; raise OSError where one holds it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
