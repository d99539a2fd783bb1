"""Scratch folders: measure them and empty them, whatever a student's code left there."""

# pathlib takes 10 ms to import, and every process for student code imports this module:
# ruff: noqa: PTH101, PTH104, PTH106, PTH108

import contextlib
import itertools
import os
import stat
from typing import NamedTuple

_BLOCK = 512
"""The unit of `st_blocks`, whatever the file system."""


class Usage(NamedTuple):
    """How much lies in a folder."""

    files: int
    bytes: int


def usage(folder: str, most: int) -> Usage:
    """Count the files in a folder and the disk space that they take; stop after `most` files.

    Space is counted in blocks: a sparse file claims any size and takes none.
    """
    files = taken = 0
    pending = [folder]
    while pending and files <= most:
        for entry in _entries(pending.pop(), most + 1 - files):
            files += 1
            with contextlib.suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                taken += _space(status)
                if stat.S_ISDIR(status.st_mode):
                    pending.append(entry.path)
    return Usage(files, taken)


def _entries(folder: str, most: int) -> list["os.DirEntry[str]"]:
    """Return the first entries of a folder; none if it cannot be read."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return list(itertools.islice(entries, most))
    return []


def _space(status: os.stat_result) -> int:
    whole_blocks = -(-status.st_size // _BLOCK)
    return _BLOCK * int(getattr(status, "st_blocks", whole_blocks))


def empty(folder: str) -> bool:
    """Remove everything in a folder; return whether nothing is left.

    Confined code can only have made plain files. Where less is enforced, there may be folders a
    thousand deep, without permissions. So this needs no recursion and no long paths: it moves
    what is in a folder up to the top, and starts again.
    """
    try:
        os.chmod(folder, 0o700)
        for _ in range(100_000):
            folders = _remove_files(folder)
            if not folders:
                break
            _flatten(folder, folders)
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def remove(folder: str) -> bool:
    """Remove a folder and everything in it; return whether it is gone."""
    empty(folder)
    with contextlib.suppress(OSError):
        os.rmdir(folder)
    return not os.path.lexists(folder)


def _remove_files(folder: str) -> list[str]:
    """Remove everything but folders, and return the paths of those."""
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                os.unlink(entry.path)
    return folders


def _flatten(top: str, folders: list[str]) -> None:
    """Move what is in the folders up to the top, under new names, and remove the folders.

    The tree is then one level less deep.
    """
    for path in folders:
        os.chmod(path, 0o700)
        for number, inner in enumerate(_remove_files(path)):
            os.chmod(inner, 0o700)
            _move(inner, top, number)
        os.rmdir(path)


def _move(
    path: str,
    top: str,
    number: int,
) -> None:
    for attempt in range(number, number + 1_000_000):
        target = f"{top}/.{attempt}"
        if not os.path.lexists(target):
            os.rename(path, target)
            return
