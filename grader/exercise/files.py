"""Read the files of an exercise: bounded, and each failure is one line that names the file."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from grader.errors import ExerciseError
from grader.strict import read

_LARGEST_FILE = 4 * 2**20
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
    text = read_text(path, faults)
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


def read_text(
    path: Path,
    faults: list[str],
) -> str:
    """Return the text of a UTF-8 file of at most 4 MiB.

    If the file cannot be read, add a fault and return an empty string.
    """
    try:
        if not path.is_file():
            faults.append(f"{label(path)}: there is no such file")
        elif path.stat().st_size > _LARGEST_FILE:
            faults.append(
                f"{label(path)}: is bigger than {_LARGEST_FILE >> 20} MiB"
            )
        else:
            return path.read_text(encoding="utf-8-sig")
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
    for name, path in _counted_files(folder, deep=deep):
        try:
            content = hashlib.sha256(path.read_bytes()).digest()
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


def _counted_files(
    folder: Path,
    *,
    deep: bool,
) -> Iterator[tuple[str, Path]]:
    """Yield the name and the path of each file that is part of a folder's digest, in order."""
    found = folder.rglob("*") if deep else folder.iterdir()
    named = {path.relative_to(folder).as_posix(): path for path in found}
    for name in sorted(named):
        path = named[name]
        parts = name.split("/")
        transient = any(
            part.startswith(".") or part == "__pycache__" for part in parts
        )
        if not transient and path.name not in _DERIVED and path.is_file():
            yield name, path


def label(path: Path) -> str:
    """Return a file's name as its author knows it: `convolution/cases.toml`."""
    return f"{path.parent.name}/{path.name}"


def reason(error: BaseException) -> str:
    """Return an exception's message as one line."""
    text = str(error)
    if isinstance(error, OSError) and error.strerror:
        text = error.strerror
    return " ".join(text.split()) or type(error).__name__
