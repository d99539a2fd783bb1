"""Scratch folders: how much is in them, and how they are emptied, whatever a student's code left there."""

# pathlib takes 10 ms to import, and this is loaded in every process for student code:
# ruff: noqa: PTH101, PTH104, PTH106, PTH108

import contextlib
import os
import stat
from typing import NamedTuple


class Usage(NamedTuple):
    """What lies in a folder."""

    files: int
    bytes: int


def usage(folder: str, most: int) -> Usage:
    """Count files and the disk space that they really take, at most a little more than `most` of them.

    Space is counted in blocks: a sparse file claims any size and takes none.
    """
    files = taken = 0
    pending = [folder]
    while pending and files <= most:
        with contextlib.suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                files += 1
                with contextlib.suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    taken += (
                        getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
                    )
                    if stat.S_ISDIR(status.st_mode):
                        pending.append(entry.path)
                if files > most:
                    break
    return Usage(files, taken)


def empty(folder: str) -> bool:
    """Remove everything in a folder; True when nothing is left.

    Confined code can only have made plain files. Where less is enforced there may be folders a
    thousand deep, without permissions: so folders are walked without recursion and without long
    paths, moved up and then emptied.
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
    """Remove a folder and everything in it; True when it is gone."""
    empty(folder)
    with contextlib.suppress(OSError):
        os.rmdir(folder)
    return not os.path.lexists(folder)


def _remove_files(folder: str) -> list[str]:
    """Unlink what is no folder, and tell the names of what is one."""
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                os.unlink(entry.path)
    return folders


def _flatten(top: str, folders: list[str]) -> None:
    """Move what is in the folders up to the top under new names, and remove the folders: the depth shrinks by one."""
    for path in folders:
        os.chmod(path, 0o700)
        for number, inner in enumerate(_remove_files(path)):
            os.chmod(inner, 0o700)
            _move(inner, top, number)
        os.rmdir(path)


def _move(path: str, top: str, number: int) -> None:
    for attempt in range(number, number + 1_000_000):
        target = f"{top}/.{attempt}"
        if not os.path.lexists(target):
            os.rename(path, target)
            return
