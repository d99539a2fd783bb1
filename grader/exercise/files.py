"""Read the files of an exercise: bounded, and each failure is one line that names the file.

`grader check` finds an exercise by place, so it may be a stranger's. Each file is opened once,
without waiting for anything, and what is open is looked at: a pipe or a device is not a file.
"""

import hashlib
import itertools
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from grader.errors import ExerciseError
from grader.files import NotAFileError, open_regular
from grader.strict import read

_LARGEST_FILE = 4 * 2**20
_LARGEST_TABLE = 2**20
"""Of a TOML file, which takes a second to read for each MiB."""
_LARGEST_FOLDER = 256 * 2**20
_MOST_FILES = 10_000
_PIECE = 2**20
_DERIVED = frozenset({"hints.npz", "validated.toml"})


def read_toml(
    path: Path,
    kind: type[Any],
) -> tuple[Any, list[str]]:
    """Return the record of type `kind` that a TOML file holds, and every fault of the file.

    The record is None if the file cannot be read or is not TOML.
    """
    data, faults = read_data(path)
    if faults:
        return None, faults
    return read_table(path, data, kind)


def read_data(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the values in a TOML file, and the fault if it cannot be read or is not TOML."""
    faults: list[str] = []
    text = read_text(path, faults, _LARGEST_TABLE)
    try:
        return tomllib.loads(text), faults
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return {}, [f"{label(path)}: is not TOML: {reason(error)}"]


def read_table(
    path: Path,
    data: dict[str, Any],
    kind: type[Any],
) -> tuple[Any, list[str]]:
    """Return the record of type `kind` that a TOML file's values make, and every fault."""
    faults: list[str] = []
    table = read(
        data,
        kind,
        "",
        faults,
    )
    return table, [f"{label(path)}: {fault}" for fault in faults]


def add_new(
    path: Path,
    more: Iterable[str],
    faults: list[str],
) -> None:
    """Add further faults of a file to `faults`, unless a fault with the same key is there already.

    For instance, a value of the wrong type is not reported a second time as out of range.
    """
    known = {_key(fault) for fault in faults}
    new = [fault for fault in more if _key(f": {fault}") not in known]
    faults += [f"{label(path)}: {fault}" for fault in new]


def _key(fault: str) -> str:
    """Return the key in a fault `file: key: text`, without the number of an item in a list."""
    if ": " not in fault:
        return fault
    key = fault.split(": ")[1]
    return re.sub(r" \d+$", "", key)


def read_regular(path: Path, most: int) -> bytes:
    """Return at most `most` bytes of a regular file; raises `OSError`, and waits for nothing."""
    with open_regular(path, through_links=True) as file:
        return file.read(most)


def read_text(
    path: Path,
    faults: list[str],
    most: int = _LARGEST_FILE,
) -> str:
    """Return the text of a UTF-8 file of at most 4 MiB, or of another size.

    If the file cannot be read, add a fault and return an empty string.
    """
    try:
        data = read_regular(path, most + 1)
        if len(data) <= most:
            text = data.decode("utf-8-sig")
            return text.replace("\r\n", "\n").replace("\r", "\n")
        faults.append(f"{label(path)}: is bigger than {most >> 20} MiB")
    except (FileNotFoundError, NotADirectoryError):
        faults.append(f"{label(path)}: there is no such file")
    except NotAFileError:
        faults.append(
            f"{label(path)}: there is no such file, but a folder, a pipe or a device"
        )
    except UnicodeDecodeError:
        faults.append(f"{label(path)}: is not UTF-8")
    except OSError as error:
        faults.append(f"{label(path)}: cannot be read ({reason(error)})")
    return ""


def digest_folder(
    folder: Path,
    *,
    deep: bool = True,
) -> str:
    """Return `sha256:...` over the names and contents of a folder's files.

    With `deep`, the files of its subfolders count too. Hidden files and `__pycache__` do not count,
    because other programs create and remove them; neither do files that are derived from the rest.
    """
    digest = hashlib.sha256()
    left = _LARGEST_FOLDER
    for name, path in _counted_files(folder, deep=deep):
        try:
            size, content = _digest(path, left)
            left -= size
        except OSError as error:
            raise ExerciseError(
                f"{label(path)}: cannot be read ({reason(error)})"
            ) from error
        encoded = name.encode()
        # The length keeps apart what two different names and contents would run together to.
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
        digest.update(content)
    return f"sha256:{digest.hexdigest()}"


def _digest(path: Path, most: int) -> tuple[int, bytes]:
    """Return the size of a file and the digest of its content.

    Raises `ExerciseError` if it has more than `most` bytes.
    """
    digest = hashlib.sha256()
    size = 0
    with open_regular(path, through_links=True) as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > most:
                raise ExerciseError(
                    f"{label(path)}: the exercise has more than {_LARGEST_FOLDER >> 20} MiB with "
                    "this file; move what does not belong to it out of its folder"
                )
            digest.update(piece)
    return size, digest.digest()


def _counted_files(
    folder: Path,
    *,
    deep: bool,
) -> Iterator[tuple[str, Path]]:
    """Yield the name and the path of each file that is part of a folder's digest, in order."""
    named = dict(_files_below(folder, deep=deep))
    for name in sorted(named):
        path = named[name]
        parts = name.split("/")
        transient = any(
            part.startswith(".") or part == "__pycache__" for part in parts
        )
        if not transient and path.name not in _DERIVED and path.is_file():
            yield name, path


def _files_below(folder: Path, *, deep: bool) -> Iterator[tuple[str, Path]]:
    """Yield what is in a folder and no folder itself, through no link to one.

    Raises `ExerciseError` if it is more than an exercise can be.
    """
    waiting = [folder]
    count = 0
    while waiting:
        place = waiting.pop()
        for entry in _entries(place):
            path = place / entry.name
            count += 1
            if count > _MOST_FILES:
                raise ExerciseError(
                    f"{folder.name}: has more than {_MOST_FILES:,} files; move what does not "
                    "belong to the exercise out of its folder"
                )
            if not entry.is_dir(follow_symlinks=False):
                yield path.relative_to(folder).as_posix(), path
            elif deep:
                waiting.append(path)


def _entries(place: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as found:
            return list(itertools.islice(found, _MOST_FILES + 1))
    except OSError as error:
        raise ExerciseError(
            f"{label(place)}: cannot be read ({reason(error)})"
        ) from error


def label(path: Path) -> str:
    """Return a file's name as its author knows it: `convolution/cases.toml`."""
    return f"{path.parent.name}/{path.name}"


def reason(error: BaseException) -> str:
    """Return an exception's message as one line."""
    text = str(error)
    if isinstance(error, OSError) and error.strerror:
        text = error.strerror
    return " ".join(text.split()) or type(error).__name__
