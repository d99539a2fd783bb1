"""How a stranger's file is read: below a folder, following no link, waiting for nothing that hangs.

Between looking at a file and opening it, its owner may put something else in its place: a link to
the reference solution, a pipe, a device. So a file is opened once. Its folder is opened first, then
each folder on the way and the file itself relative to the one before, never through a link
(`O_NOFOLLOW`) and without blocking (`O_NONBLOCK`). What is open is looked at (`fstat`), read to a
limit, and only these bytes are graded, digested and quoted.

The folder at the start is the user's own choice and may be reached through links. It is remembered
by device and inode, so another folder under its name is refused. Windows has no way to open
relative to a folder: there every part is looked at before, and the file again once it is open.

A file system may hang, and then nothing ends the system call: not a signal, and on some not even
the death of the process, which stays until the file system answers. So a batch lets another
process make these calls, and a single reading another thread (`helpers`). The code that waits
for one gives up after some seconds, or when told to stop, and leaves it behind (`patience`).

| module | does |
|---|---|
| `folder` | what the other rooms use: a folder, and the files below it |
| `needed` | a file that a command needs: its bytes, or the line that ends the command |
| `patience` | waits for calls, and gives up |
| `helpers` | makes calls in a thread or in a process |
| `system` | the calls themselves |
"""

from grader.opening.folder import FILE_CAP, Folder, read_named
from grader.opening.needed import (
    CLASS_CAP,
    read_alone,
    read_at_once,
    read_below,
    read_chosen,
    refused,
)
from grader.opening.patience import Patience, StoppedError
from grader.opening.system import Entry, Kind, UnreadableError, Way

__all__ = [
    "CLASS_CAP",
    "FILE_CAP",
    "Entry",
    "Folder",
    "Kind",
    "Patience",
    "StoppedError",
    "UnreadableError",
    "Way",
    "read_alone",
    "read_at_once",
    "read_below",
    "read_chosen",
    "read_named",
    "refused",
]
