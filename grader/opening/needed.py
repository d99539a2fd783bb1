"""A file that a command needs: its bytes, or one line that says why not and what to do.

A roster, a sheet, a report, a results folder on a shared disk: somebody else may have written them,
or may put something else in their places. They are read as submissions are, and what is refused
ends the command as wrong usage.

| what | links |
|---|---|
| a roster, a sheet, a configuration that the user named (`read_chosen`) | followed once |
| a report that the user named (`read_alone`) | on the way only |
| a file below a folder that the user named (`read_below`) | none |

A roster or sheet that is a link is harmless. Of whatever it leads to, only the user sees anything,
who may read it anyway: one line about a heading, or rows that match a student of theirs. A report
is different. It often lies in a student's repository, and its page goes back to that student.
"""

import os
from pathlib import Path

from grader.errors import UsageError
from grader.opening import system
from grader.opening.folder import Folder
from grader.opening.patience import Patience
from grader.opening.system import UnreadableError, Way
from grader.untrusted import file_name

CLASS_CAP = 128 << 20
"""Most bytes of a file about a whole class: 120,000 students, with 1 KiB for each."""

_SHOWN = 1000
"""Characters of a path."""


def read_chosen(path: Path, fix: str, most: int = CLASS_CAP) -> bytes:
    """Return the bytes of a file that the user named, which may be a link to it.

    Raises UsageError, naming the file and the `fix`.
    """
    try:
        with Patience() as patience:
            # Once: what is opened afterwards is not a link, and neither is what takes its place.
            real = Path(patience.call(os.path.realpath, path))
            return Folder(real.parent, patience).read((real.name,), most)
    except UnreadableError as error:
        raise refused(path, error, fix) from error


def read_alone(path: Path, fix: str, most: int = CLASS_CAP) -> bytes:
    """Return the bytes of a file that the user named, if it is not a link.

    Raises UsageError, naming the file and the `fix`.
    """
    try:
        with Patience() as patience:
            return Folder(path.parent, patience).read((path.name,), most)
    except UnreadableError as error:
        raise refused(path, error, fix) from error


def read_below(
    folder: Path, way: Way, fix: str, most: int = CLASS_CAP
) -> bytes | None:
    """Return the bytes of a file below a folder that the user named; None if there is none.

    Raises UsageError, naming the file and the `fix`, where something else is in its place.
    """
    try:
        with Patience() as patience:
            return Folder(folder, patience).read(way, most)
    except UnreadableError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise refused(folder.joinpath(*way), error, fix) from error


def read_at_once(folder: Path, way: Way, most: int = CLASS_CAP) -> bytes:
    """Return the bytes of a file below a folder that this program is writing to.

    Nobody waits for it in a thread: where its file system hangs, so does writing. Raises
    UnreadableError.
    """
    data, size = system.beginning(system.anchor(folder), way, most + 1)
    if len(data) > most:
        raise UnreadableError(
            f"it has {size:,} bytes, and at most {most >> 20} MiB are read"
        )
    return data


def refused(path: Path, error: UnreadableError, fix: str) -> UsageError:
    """Return the error of a command that needs this file."""
    reason = str(error)
    if isinstance(error.__cause__, FileNotFoundError):
        reason = "No such file or directory"
    return UsageError(
        f"{file_name(path, _SHOWN)}: cannot be read ({reason}); {fix}"
    )
