"""The files of an exercise that submissions may read: `open("vectors.csv")`.

Where Landlock confines workers, all of them work in one folder with these files, in which nothing
can be written, and `TMPDIR` is their own. Landlock adds up what rules allow, so a file that cannot
be written may not lie in a folder that can be. Elsewhere a worker can write where it works, and its
files are put back before each thing that it is asked to do.
"""

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from grader.confined import scratch
from grader.errors import ExerciseError, GraderError
from grader.files import open_regular
from grader.model import Exercise

MOST_BYTES = 16 << 20
"""All files of an exercise together."""
FOLDER = "0"
"""Beside the scratch folders, which are numbered from 1 on."""

_READ_ONLY = 0o444
_LINKS = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)

Files = Mapping[str, bytes]


def read(exercise: Exercise) -> dict[str, bytes]:
    """Return what the exercise's files hold; ExerciseError where one is missing or too large."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for name in exercise.files:
        path = exercise.folder / name
        if not name or Path(name).name != name or name.startswith("."):
            raise ExerciseError(
                f"{path}: `files` names files of the folder itself, without a dot in front"
            )
        try:
            with open_regular(path) as file:
                found[name] = file.read(left + 1)
        except OSError as error:
            raise ExerciseError(
                f"{path}: cannot be read ({error.strerror}); add it, or leave it out of `files`"
            ) from error
        left -= len(found[name])
        if left < 0:
            raise ExerciseError(
                f"{path}: the files of an exercise may have {MOST_BYTES >> 20} MB together"
            )
    return found


def restore(folder: str, files: Files) -> None:
    """Put the files into a folder in which hostile code may have written; follow no link."""
    for name, data in files.items():
        path = f"{folder}/{name}"
        if _holds(path, data):
            continue
        try:
            _put(folder, path, data)
        except OSError:
            _put_by_force(folder, path, data)


def _holds(path: str, data: bytes) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | _LINKS | _BINARY | _AT_ONCE)
    except OSError:
        return False
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
            return False
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(len(data) + 1) == data
    finally:
        os.close(handle)


def _put(
    folder: str,
    path: str,
    data: bytes,
) -> None:
    beside = f"{folder}/.{os.urandom(8).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _LINKS | _BINARY
    handle = os.open(beside, flags, _READ_ONLY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(beside, path)  # noqa: PTH105 - what is a link is replaced, not followed
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(beside)  # noqa: PTH108 - as above
        raise


def _put_by_force(
    folder: str,
    path: str,
    data: bytes,
) -> None:
    """Put a file where a folder has its name, or where the folder around it was closed."""
    try:
        os.chmod(folder, 0o700)  # noqa: PTH101 - as above
        if os.path.isdir(path):  # noqa: PTH112 - as above
            scratch.remove(path)
        _put(folder, path, data)
    except OSError as error:
        raise GraderError(
            f"a file of the exercise cannot be written: {error.strerror}"
        ) from error
