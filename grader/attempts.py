r"""How the last attempt at an exercise went, kept on the student's own machine and nowhere else.

    {"version": 1, "exercises": {"convolution": {"digest": "sha256:...", "right": 3, "of": 5}}}

It is `attempts.json` in the folder for state of the user's system: `~/.local/state/exercise-grader`
(or below `XDG_STATE_HOME`) on Linux, `~/Library/Application Support/exercise-grader` on macOS,
`%LOCALAPPDATA%\exercise-grader` on Windows. `check` and `%%grade` in a notebook and `grader check`
read and write it, so that they can say "2 more right than last time"; grading never does.

Nothing depends on it. What is not there, cannot be read, belongs to somebody else, is not such JSON
or is about another version of the exercise counts as a fresh start, without a word. So does a place
that cannot be written to. `GRADER_ATTEMPTS=off` keeps nothing and says nothing.
"""

import contextlib
import os
import stat
import sys
from pathlib import Path
from typing import Final

import msgspec

from grader.errors import GraderError
from grader.files import write_whole
from grader.user_folders import state_folder

VARIABLE: Final = "GRADER_ATTEMPTS"
_FILE: Final = "attempts.json"
_LARGEST_FILE: Final = 64 * 1024
_MOST_EXERCISES: Final = 100
_MOST_CASES: Final = 10_000


class Attempt(msgspec.Struct, frozen=True):
    """What came of an attempt: how many cases of how many were right, with which exercise."""

    digest: str
    right: int
    of: int


class _Attempts(msgspec.Struct, frozen=True):
    """The whole file; the exercise that was tried last comes last."""

    version: int
    exercises: dict[str, Attempt]


def since_last(exercise: str, attempt: Attempt) -> str:
    """Remember an attempt, and return how it compares with the one before; empty without one."""
    file = attempts_file()
    if file is None:
        return ""
    known = _read(file)
    before = known.pop(exercise, None)
    known[exercise] = attempt
    kept = dict(list(known.items())[-_MOST_EXERCISES:])
    _write(file, _Attempts(1, kept))
    if before is None or (before.digest, before.of) != (
        attempt.digest,
        attempt.of,
    ):
        return ""
    return _compared(before.right, attempt)


def _compared(before: int, attempt: Attempt) -> str:
    more = attempt.right - before
    if more:
        word = "more" if more > 0 else "fewer"
        return f"{abs(more)} {word} right than last time."
    return "" if attempt.right == attempt.of else "As many right as last time."


def attempts_file() -> Path | None:
    """Return where attempts are kept; None if they are not, or the user has no home."""
    if os.environ.get(VARIABLE, "").strip().lower() in ("off", "0", "no"):
        return None
    folder = state_folder()
    return None if folder is None else folder / _FILE


def _read(file: Path) -> dict[str, Attempt]:
    """Return what the file says that can be true; nothing of what cannot be read."""
    data = b""
    with contextlib.suppress(OSError):
        # Without blocking, so that a pipe of this name cannot stop a check.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(file, flags)
        with open(descriptor, "rb") as opened:  # noqa: PTH123 - a Path opens none
            if _is_own(os.fstat(opened.fileno())):
                data = opened.read(_LARGEST_FILE + 1)
    if len(data) > _LARGEST_FILE:
        return {}
    try:
        found = msgspec.json.decode(data, type=_Attempts)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return {
        name: attempt
        for name, attempt in found.exercises.items()
        if 0 <= attempt.right <= attempt.of <= _MOST_CASES
    }


def _is_own(status: os.stat_result) -> bool:
    is_file = stat.S_ISREG(status.st_mode)
    return is_file and (
        sys.platform == "win32" or status.st_uid == os.geteuid()
    )


def _write(file: Path, attempts: _Attempts) -> None:
    """Write the file, if it can be written: an attempt that is not remembered costs nothing."""
    with contextlib.suppress(OSError, GraderError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(file, msgspec.json.encode(attempts), private=True)
