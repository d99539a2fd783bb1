"""Write files whole or not at all; lock files, and force folders to disk."""

import contextlib
import errno
import os
import stat
import sys
from pathlib import Path
from typing import IO

from grader.errors import GraderError, UsageError

_SHARED = 0o666
"""What the umask is taken from."""
_PRIVATE = 0o600
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write `data` to `path`: a reader, even after a crash, sees the old file or the new one.

    The umask says who may read a new file; with `private`, it is the owner alone. A file that is
    replaced keeps its permissions. Raises `UsageError` where `path` is a folder or cannot be
    written, and `GraderError` where writing fails, for instance because the disk is full.
    """
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; name a file in it")
    try:
        handle, beside = _new_file_beside(
            path, _PRIVATE if private else _SHARED
        )
    except OSError as error:
        reason = f"cannot be written ({error.strerror}); choose another path"
        raise UsageError(f"{path}: {reason}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            # Otherwise a power cut after the rename could leave an empty file at `path`.
            os.fsync(file.fileno())
        if not private:
            _keep_permissions(path, beside)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise GraderError(
            f"{path}: {error.strerror}; nothing was written"
        ) from error


def _keep_permissions(path: Path, beside: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        # Not those of what a link leads to: that may be open to everybody.
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            beside.chmod(mode & 0o777)


def _new_file_beside(path: Path, mode: int) -> tuple[int, Path]:
    # Not mkstemp: its file is the owner's alone, and the umask can only be read by setting it.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        beside = path.with_name(f".{path.name[:40]}.{os.urandom(4).hex()}")
        with contextlib.suppress(FileExistsError):
            return os.open(beside, flags, mode), beside


class NotAFileError(OSError):
    """There is something else than a regular file, such as a pipe."""


def open_regular(
    path: Path,
    mode: str = "rb",
    *,
    through_links: bool = False,
    folder: int | None = None,
) -> IO[bytes]:
    """Open a file in binary `mode`; raises `OSError`, and waits for no pipe.

    In a folder that others share, a journal that is a link would be written to where it leads.
    `folder` is the descriptor of the folder that `path` begins at.
    """
    more = _AT_ONCE if through_links else _AT_ONCE | _NO_LINK

    def opener(name: str, flags: int) -> int:
        descriptor = os.open(name, flags | more, _SHARED, dir_fd=folder)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise NotAFileError(
                errno.EINVAL, f"{path.name} is not a regular file"
            )
        return descriptor

    return open(path, mode, opener=opener)


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
