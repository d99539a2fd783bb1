"""A folder that a batch writes to, held open: nothing that somebody planted there is followed.

The output may lie where others can write as well. They may put a link where the folder should be,
swap the folder while a class is graded, or put a link under the name of the next file. So a link in
the folder's place is refused, the folder is opened once, and each file is made anew in what is
open, under a name that nobody can guess, before it takes its own name. A name that is taken over
replaces the link itself and never what it leads to. Windows opens no file relative to a folder:
there the path serves, with the same checks.
"""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, Self

from grader.files import open_regular, sync_folder

_LEFT_OVER: Final = ".part-"
_FOR_ALL: Final = 0o666
"""What the umask is taken from."""
_FOR_OWNER: Final = 0o600
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_NEW: Final = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | getattr(os, "O_BINARY", 0)
)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_RELATIVE: Final = {os.open, os.unlink, os.rename} <= os.supports_dir_fd


class OwnFolder:
    """An open folder; its methods raise OSError."""

    def __init__(self, path: Path, at: int | None) -> None:
        self.path = path
        self.at = at
        """Its descriptor; None where no file can be opened relative to a folder."""

    @classmethod
    def chosen(cls, path: Path) -> Self:
        """Open a folder that the user named, through links as well; make it if there is none."""
        path.mkdir(parents=True, exist_ok=True)
        return cls(path, os.open(path, _FOLDER) if _RELATIVE else None)

    def below(self, name: str) -> Self:
        """Open a folder in this one, and make it if there is none."""
        place = self.place(name)
        with contextlib.suppress(FileExistsError):
            os.mkdir(place, dir_fd=self.at)
        if not stat.S_ISDIR(self.status(name).st_mode):
            raise NotADirectoryError(
                errno.ENOTDIR, f"{name} is a link or a file"
            )
        at = None
        if self.at is not None:
            at = os.open(place, _FOLDER | _NO_LINK, dir_fd=self.at)
        return type(self)(self.path / name, at)

    def close(self) -> None:
        """Close the folder."""
        if self.at is not None:
            os.close(self.at)

    def open(self, name: str, mode: str) -> IO[bytes]:
        """Open a regular file in binary `mode`."""
        return open_regular(Path(self.place(name)), mode, folder=self.at)

    def new_file(self, *, private: bool = False) -> tuple[int, str]:
        """Make a file; return it open for writing, and its passing name."""
        mode = _FOR_OWNER if private else _FOR_ALL
        while True:
            name = f"{_LEFT_OVER}{os.urandom(8).hex()}"
            with contextlib.suppress(FileExistsError):
                return os.open(
                    self.place(name), _NEW, mode, dir_fd=self.at
                ), name

    @contextlib.contextmanager
    def whole(
        self,
        name: str,
        folder: "OwnFolder | None" = None,
        *,
        private: bool = False,
        sync: bool = True,
    ) -> Iterator[IO[bytes]]:
        """Yield a file that takes its name in `folder`, or in this one, when all is written.

        With `sync` it is on disk before that, so that a power cut leaves the old file or this one.
        """
        handle, passing = self.new_file(private=private)
        try:
            with os.fdopen(handle, "wb") as file:
                if not private:
                    _keep_permissions(folder or self, name, handle)
                yield file
                file.flush()
                if sync:
                    os.fsync(file.fileno())
            self.move(passing, name, folder)
        except BaseException:
            with contextlib.suppress(OSError):
                self.remove(passing)
            raise

    def move(
        self, passing: str, name: str, folder: "OwnFolder | None" = None
    ) -> None:
        """Let a file take its name, in this folder or in another one."""
        target = folder or self
        os.replace(
            self.place(passing),
            target.place(name),
            src_dir_fd=self.at,
            dst_dir_fd=target.at,
        )

    def remove(self, name: str) -> None:
        """Remove a file or a link, if there is one."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.place(name), dir_fd=self.at)

    def remove_left_overs(self) -> None:
        """Remove what a killed run was writing; a folder of such a name is in nobody's way."""
        for name in self.names():
            if name.startswith(_LEFT_OVER):
                with contextlib.suppress(OSError):
                    self.remove(name)

    def names(self) -> list[str]:
        """Return the names of all that is in the folder."""
        return os.listdir(self.path if self.at is None else self.at)  # noqa: PTH208 - what is open

    def sync(self) -> None:
        """Force the names to disk."""
        if self.at is None:
            sync_folder(self.path)
        else:
            os.fsync(self.at)

    def status(self, name: str) -> os.stat_result:
        """Return what the system says of a file; of a link, what it says of the link."""
        place = self.place(name)
        return os.stat(place, dir_fd=self.at, follow_symlinks=False)

    def place(self, name: str) -> str:
        """Return what stands for a file of this folder in a system call, together with `at`."""
        return name if self.at is not None else str(self.path / name)


def _keep_permissions(folder: OwnFolder, name: str, handle: int) -> None:
    """Give a new file the permissions of our own one that it replaces."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        status = folder.status(name)
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
            os.fchmod(handle, status.st_mode & 0o777)
