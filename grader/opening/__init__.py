"""How a stranger's file is read: below a folder, following no link, waiting for nothing that hangs.

Between looking at a file and opening it, its owner may put something else in its place: a link to
the reference solution, a pipe, a device. So a file is opened once. Its folder is opened first,
then each folder on the way and the file itself relative to the one before, never through a link
(`O_NOFOLLOW`) and without blocking (`O_NONBLOCK`). What is open is looked at (`fstat`), read to a
limit, and only these bytes are graded, digested and quoted.

The folder at the start is the user's own choice and may be reached through links. It is remembered
by device and inode, so another folder under its name is refused. Windows has no way to open
relative to a folder: there every part is looked at before, and the file again once it is open.

A file system may hang, and then not even a signal ends the system call. So all of it is done in a
thread (`Patience`): whoever waits for it gives up after some seconds, or when the batch is stopped.
"""

from grader.opening.folder import (
    FILE_CAP,
    Entry,
    Folder,
    Kind,
    Way,
    read_named,
)
from grader.opening.patience import Patience, StoppedError, UnreadableError

__all__ = [
    "FILE_CAP",
    "Entry",
    "Folder",
    "Kind",
    "Patience",
    "StoppedError",
    "UnreadableError",
    "Way",
    "read_named",
]
