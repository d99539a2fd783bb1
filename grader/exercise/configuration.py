r"""The user's own configuration: one file, which says which hidden half to trust.

    [trust]
    solutions = "/home/me/course/solutions"

It is `config.toml` in the folder for settings of the user's system: `~/.config/exercise-grader`
(or below `XDG_CONFIG_HOME`) on Linux, `~/Library/Application Support/exercise-grader` on macOS,
`%APPDATA%\exercise-grader` on Windows. What it names is run with the user's rights, so it counts
only if nobody else can have written it: the file and its folder belong to the user (or to root),
and nobody else may write to them. Files on Windows have no such bits; the folder is the user's own.
"""

import json
import os
import stat
import sys
import tomllib
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.exercise.files import reason
from grader.files import write_whole
from grader.strict import read
from grader.user_folders import settings_folder

_LARGEST_FILE = 64 * 1024
_ROOT = 0
_TEXT = """\
# Written by `grader trust`: the folder whose hidden tests the grader uses. Its code is run.
[trust]
solutions = {folder}
"""


class _Trust(msgspec.Struct, frozen=True, kw_only=True):
    """The table `[trust]`."""

    solutions: str


class _Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of config.toml."""

    trust: _Trust


def configuration_file() -> Path | None:
    """Return where the configuration is, or would be; None if the user has no home."""
    folder = settings_folder()
    return None if folder is None else folder / "config.toml"


def read_configuration(file: Path) -> Path | None:
    """Return the trusted folder that a configuration names, or None if the file does not exist.

    Raises `UsageError` if the file is not safe, or not valid.
    """
    try:
        # Without blocking, so that a pipe of this name cannot stop the grader.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({reason(error)})") from error
    with open(descriptor, "rb") as opened:  # noqa: PTH123 - a Path cannot open a descriptor
        _require_own(file, os.fstat(descriptor))
        _require_own(file.parent, file.parent.stat())
        try:
            data = tomllib.loads(opened.read(_LARGEST_FILE).decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{file}: is not TOML: {reason(error)}") from error
    faults: list[str] = []
    configuration = read(data, _Configuration, "", faults)
    if faults:
        raise UsageError("\n".join(f"{file}: {fault}" for fault in faults))
    folder = Path(configuration.trust.solutions)
    if not folder.is_absolute():
        raise UsageError(
            f"{file}: trust.solutions: give an absolute path, not {folder}"
        )
    return folder


def _require_own(found: Path, status: os.stat_result) -> None:
    """Raise `UsageError` unless only the user can have written a file or a folder."""
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise UsageError(f"{found}: is not a regular file, so it is not read")
    if sys.platform == "win32":
        return
    if status.st_uid not in {os.geteuid(), _ROOT}:
        raise UsageError(
            f"{found}: belongs to another user, so it is not trusted; "
            "run `grader trust DIR` as the user who grades, or pass --solutions DIR"
        )
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UsageError(
            f"{found}: others may write to it, so it is not trusted; run `chmod go-w {found}`"
        )


def write_configuration(folder: Path) -> Path:
    """Write a configuration that trusts a folder, and return its path."""
    file = configuration_file()
    if file is None:
        raise UsageError(
            "there is no home folder to write the configuration to: "
            "set GRADER_SOLUTIONS, or pass --solutions DIR"
        )
    text = _TEXT.format(folder=json.dumps(str(folder), ensure_ascii=False))
    try:
        tomllib.loads(text)
        data = text.encode()
    except ValueError as error:
        raise UsageError(
            f"{folder!r}: this name cannot be written into a configuration; rename the folder"
        ) from error
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _require_own(file.parent, file.parent.stat())
        write_whole(file, data)
        file.chmod(0o600)
    except OSError as error:
        raise UsageError(
            f"{file}: cannot be written ({reason(error)})"
        ) from error
    return file
