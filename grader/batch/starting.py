"""How a grading process is started: as a fork of this process where that is safe, else afresh.

A fork has already imported what takes a new interpreter 0.2 s, and a small class would wait for
that. Forking is safe while this process has one thread: a lock that another thread held would stay
locked in the fork for good. So the program `grader` forks before it starts threads of its own.
New interpreters are started on macOS and Windows, where `grade_batch` is called beside other
threads, and in place of a grading process that died.

Either way the process leads a session of its own, so that Ctrl-C on the terminal reaches the owner
alone. It has pipes for standard input and output, a log for standard error and no other descriptor.
The variable with the secret is not handed on. What a fork was started with can still be read in
/proc by that user's processes, and so can its owner's environment.
"""

import contextlib
import gc
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, NoReturn, Protocol, cast

import grader
from grader.batch.engine import import_for_grading
from grader.cases import SECRET_VARIABLE
from grader.files import open_regular
from grader.opening.helpers import is_safe_to_fork

_PIPE = 1 << 18
"""Bytes in a pipe where that can be chosen: some reports fit while the owner is busy."""

# -P: the working folder may hold the submissions, and one of those may be called numpy.py.
# The package's own place comes last on the path, for a checkout that is not installed.
_BOOT = """
import sys
sys.path.append(sys.argv[1])
from grader.startup import settle
settle()
from grader.batch.grading_process import main
sys.exit(main(sys.argv[2:]))
"""


class Process(Protocol):
    """What the owner needs of a process; `subprocess.Popen` has it."""

    pid: int
    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status, negative for a signal; TimeoutExpired if it has not ended."""

    def kill(self) -> None:
        """End it at once."""


def start(log: Path, cpu: int | None) -> Process:
    """Start a grading process whose standard error is appended to `log`.

    It keeps to the processor `cpu`, if one is given.
    """
    process = _start(log, [] if cpu is None else [str(cpu)])
    # Not every system has these, and one user's pipes may only have so many pages together.
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        stdout = cast("IO[bytes]", process.stdout)
        fcntl.fcntl(stdout, fcntl.F_SETPIPE_SZ, _PIPE)
    return process


def _start(log: Path, cpus: list[str]) -> Process:
    with open_regular(log, "ab") as stderr:
        if is_safe_to_fork():
            import_for_grading()
            return _Forked(stderr.fileno(), cpus)
        package = Path(grader.__file__).resolve().parents[1]
        environment = dict(os.environ)
        environment.pop(SECRET_VARIABLE, None)
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT, str(package), *cpus],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment,
            start_new_session=True,
        )


class _Forked:
    """A fork of this process that has become a grading process."""

    def __init__(self, stderr: int, cpus: list[str]) -> None:
        with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:
            stdin = _pipe(reading=theirs, writing=ours)
            stdout = _pipe(reading=ours, writing=theirs)
            self.pid = os.fork()
            if self.pid == 0:
                _become_grading_process((stdin[0], stdout[1], stderr), cpus)
            self._pidfd = os.pidfd_open(self.pid)
            ours.pop_all()
        self.stdin: IO[bytes] | None = os.fdopen(stdin[1], "wb")
        self.stdout: IO[bytes] | None = os.fdopen(stdout[0], "rb")
        self._code: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status, negative for a signal; TimeoutExpired if it has not ended."""
        if self._code is None:
            waiting = select.poll()
            waiting.register(self._pidfd, select.POLLIN)
            milliseconds = (
                None if timeout is None else max(0, int(timeout * 1000))
            )
            if not waiting.poll(milliseconds):
                raise subprocess.TimeoutExpired(
                    "a grading process", timeout or 0.0
                )
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self._pidfd)
        return self._code

    def kill(self) -> None:
        """End it at once."""
        if self._code is None:
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)


def _pipe(
    *, reading: contextlib.ExitStack, writing: contextlib.ExitStack
) -> tuple[int, int]:
    """Open a pipe whose two ends are closed with these stacks, also where starting fails."""
    ends = os.pipe()
    for end, stack in zip(ends, (reading, writing), strict=True):
        stack.callback(os.close, end)
    return ends


def _become_grading_process(
    streams: tuple[int, int, int], cpus: list[str]
) -> NoReturn:
    """Leave the owner's session, signals and descriptors behind, and grade until the input ends.

    `streams` become standard input, output and error.
    """
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _take_streams(streams)
        os.environ.pop(SECRET_VARIABLE, None)
        gc.freeze()
        from grader.batch.grading_process import main

        status = main(cpus)
    except BaseException as error:  # noqa: BLE001 - the owner's code must not go on in this process
        sys.excepthook(type(error), error, error.__traceback__)
    os._exit(status)


def _take_streams(streams: tuple[int, int, int]) -> None:
    """Make `streams` the standard streams, and close every other descriptor."""
    import fcntl  # not on Windows

    # First out of the way: any of the three may stand where another one has to go.
    moved = [fcntl.fcntl(fd, fcntl.F_DUPFD, 3) for fd in streams]
    for target, fd in enumerate(moved):
        os.dup2(fd, target)
    # A progress bar may have put itself in their place, and would draw into the log.
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    # Above all the pipes of other grading processes, which would never see their end, and the
    # lock of the output folder.
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are enough
        if int(name) > 2:  # noqa: PLR2004 - standard error
            with contextlib.suppress(OSError):
                os.close(int(name))


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
