"""Starting the template's interpreter before it is known what it is for. Linux only.

A cold grading pays for two interpreters that import numpy: the grader's own and the template's.
The template learns its settings over its control socket. So it can start first, and import numpy
on one core while the grader does the same on another. Hence nothing here may import numpy, nor
anything else that takes milliseconds.
"""

# pathlib takes 3 ms to import, and the template must start before that:
# ruff: noqa: PTH100, PTH102, PTH106

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

from grader.execution.launch import environment, interpreter


class PrestartedTemplate:
    """An interpreter that waits for its settings: a process, its control socket, an empty folder.

    The code that uses it sets `taken`, and from then on has to end it.
    """

    def __init__(self, *, same_session: bool = False) -> None:
        self.taken = False
        self.root = _new_folder()
        try:
            self.control, theirs = socket.socketpair(
                socket.AF_UNIX, socket.SOCK_SEQPACKET
            )
            with theirs:
                self.process = _start_interpreter(
                    theirs, self.root, same_session=same_session
                )
        except OSError:
            os.rmdir(self.root)
            raise

    def discard(self) -> None:
        """End the process and remove its folder, unless somebody has taken it."""
        if self.taken:
            return
        self.taken = True
        # Before it gets its settings it makes no file that it would have to remove.
        self.process.kill()
        self.control.close()
        self.process.wait()
        os.rmdir(self.root)


@contextlib.contextmanager
def prestart() -> Iterator[PrestartedTemplate | None]:
    """Start a template's interpreter now, and end it where nobody has taken it.

    Gives None where there is no fork server, or no room for one.
    """
    template = None
    if sys.platform == "linux":
        # The code that needs a template tries again, and reports why there can be none.
        with contextlib.suppress(OSError):
            template = PrestartedTemplate()
    try:
        yield template
    finally:
        if template is not None:
            template.discard()


def _new_folder() -> str:
    # `tempfile` takes 4 ms to import: the template would start that much later.
    parent = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - the name below cannot be guessed
    path = os.path.abspath(f"{parent}/grader-{os.urandom(4).hex()}")
    try:
        os.mkdir(path, 0o700)
    except OSError:
        import tempfile  # it knows other places

        return tempfile.mkdtemp(prefix="grader-")
    return path


def _start_interpreter(
    control: socket.socket, cwd: str, *, same_session: bool
) -> "subprocess.Popen[bytes]":
    # In its own session, or at least its own group of processes: Ctrl-C reaches only the grader,
    # which then ends the template by closing the socket.
    return subprocess.Popen(
        interpreter("server"),
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("GRADER_DEBUG") else subprocess.DEVNULL,
        env=environment(),
        cwd=cwd,
        start_new_session=not same_session,
        process_group=0 if same_session else None,
    )
