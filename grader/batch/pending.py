"""Reports and pages on their way to disk: written under passing names, then in their places."""

import collections
import concurrent.futures
import contextlib
import os
from typing import Final

from grader.batch.own_folder import OwnFolder

SYNCERS: Final = 8
"""How many files are forced to disk side by side."""


class Pending:
    """Files of one folder that have not taken their names."""

    def __init__(self, folder: OwnFolder) -> None:
        self._folder = folder
        self._files: list[tuple[str, str, int]] = []
        """Passing name, name, descriptor."""
        self._syncers = concurrent.futures.ThreadPoolExecutor(
            SYNCERS, thread_name_prefix="fsync"
        )

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self._files)

    def stage(self, data: bytes, name: str) -> None:
        """Write a file under a passing name."""
        handle, passing = self._folder.new_file()
        self._files.append((passing, name, handle))
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]

    def sync(self) -> None:
        """Force reports to disk; pages can be made again from them."""
        handles = [
            handle for _, name, handle in self._files if name.endswith(".json")
        ]
        # Side by side: a file system commits together what waits together.
        synced = self._syncers.map(os.fsync, handles)
        collections.deque(synced, maxlen=0)

    def place(self) -> None:
        """Give every file its name."""
        while self._files:
            passing, name, handle = self._files[0]
            # Closed first: Windows renames nothing that is open.
            os.close(handle)
            self._files[0] = (passing, name, -1)
            self._folder.move(passing, name)
            del self._files[0]

    def drop(self) -> None:
        """Remove what is not in its place."""
        for passing, _, handle in self._files:
            with contextlib.suppress(OSError):
                os.close(handle)
            with contextlib.suppress(OSError):
                self._folder.remove(passing)
        self._files.clear()

    def close(self) -> None:
        """End the threads that force files to disk."""
        self._syncers.shutdown()
