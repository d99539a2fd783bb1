"""Starting the template's interpreter before it is known what it is for. Linux only.

A grading from cold pays for two interpreters that import numpy: its own and the template's. The
template learns what to do over its control socket, so it can start first and import numpy on
another core while this process does the same; hence nothing here may import numpy.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from grader.execution.launch import environment, interpreter


class Early:
    """An interpreter that waits for its orders: its process, the control socket to it, and its empty folder."""

    def __init__(self) -> None:
        self.taken = False
        self.root = tempfile.mkdtemp(prefix="grader-")
        try:
            self.control, theirs = socket.socketpair(
                socket.AF_UNIX, socket.SOCK_SEQPACKET
            )
            with theirs:
                self.process = _start_interpreter(theirs, self.root)
        except OSError:
            shutil.rmtree(self.root, ignore_errors=True)
            raise

    def end(self) -> None:
        """Hang up, which ends the process, and remove its folder."""
        self.control.close()
        self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)


@contextlib.contextmanager
def begin() -> Iterator[Early | None]:
    """Start an interpreter now, and end it if nobody has taken it; None where there is no fork server, or no room."""
    early = None
    if sys.platform == "linux":
        with contextlib.suppress(
            OSError
        ):  # whoever needs it tries again, and says why it cannot be
            early = Early()
    try:
        yield early
    finally:
        if early and not early.taken:
            early.end()


def _start_interpreter(control: socket.socket, cwd: str) -> "subprocess.Popen[bytes]":
    # Its own session: Ctrl-C reaches the grader alone, which then ends the template by hanging up.
    return subprocess.Popen(
        interpreter("server"),
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("GRADER_DEBUG") else subprocess.DEVNULL,
        env=environment(),
        cwd=cwd,
        start_new_session=True,
    )
