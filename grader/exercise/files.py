"""Reading the files of an exercise: bounded, and every failure one line that names the file."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.errors import ExerciseError
from grader.strict import read

_FILE_CAP = 4 * 2**20
_DERIVED = frozenset({"hints.npz"})


def read_toml(path: Path, kind: type[Any]) -> tuple[Any, list[str]]:
    """Read a TOML file into a record of this kind, with every fault; None where it is no TOML at all."""
    faults: list[str] = []
    text = read_text(path, faults)
    if faults:
        return None, faults
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [f"{label(path)}: is not TOML: {reason(error)}"]
    table = read(data, kind, "", faults)
    return table, [f"{label(path)}: {fault}" for fault in faults]


def add_new(path: Path, more: Iterable[str], faults: list[str]) -> None:
    """Add what else is wrong with a file, except about keys that are known to be wrong already."""
    known = {_key(fault) for fault in faults}
    faults += [
        f"{label(path)}: {fault}" for fault in more if _key(f": {fault}") not in known
    ]


def _key(fault: str) -> str:
    """Give the key that a fault `file: key: what` is about; an item's number in a list is no part of it."""
    return re.sub(r" \d+$", "", fault.split(": ")[1]) if ": " in fault else fault


def read_text(path: Path, faults: list[str]) -> str:
    """Read a UTF-8 file of at most 4 MiB; where that fails, add a fault and give an empty string."""
    try:
        if not path.is_file():
            faults.append(f"{label(path)}: there is no such file")
        elif path.stat().st_size > _FILE_CAP:
            faults.append(f"{label(path)}: is bigger than {_FILE_CAP >> 20} MiB")
        else:
            return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        faults.append(f"{label(path)}: is not UTF-8")
    except OSError as error:
        faults.append(f"{label(path)}: cannot be read ({reason(error)})")
    return ""


def digest_folder(folder: Path, *, deep: bool = True) -> str:
    """Digest names and contents of the folder's files, and of its subfolders' where `deep`.

    Hidden files and `__pycache__` are left out, since they come and go by themselves; so is what is
    derived.
    """
    digest = hashlib.sha256()
    for path in sorted(
        folder.rglob("*") if deep else folder.iterdir(),
        key=lambda path: path.relative_to(folder).as_posix(),
    ):
        name = path.relative_to(folder)
        passing = any(
            part.startswith(".") or part == "__pycache__" for part in name.parts
        )
        if passing or path.name in _DERIVED or not path.is_file():
            continue
        try:
            content = hashlib.sha256(path.read_bytes()).digest()
        except OSError as error:
            raise ExerciseError(
                f"{label(path)}: cannot be read ({reason(error)})"
            ) from error
        digest.update(
            len(name.as_posix().encode()).to_bytes(8, "big")
            + name.as_posix().encode()
            + content
        )
    return f"sha256:{digest.hexdigest()}"


def label(path: Path) -> str:
    """Name a file as its author knows it: `convolution/cases.toml`."""
    return f"{path.parent.name}/{path.name}"


def reason(error: BaseException) -> str:
    """Say in one line what an exception says."""
    text = (
        error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    )
    return " ".join(text.split()) or type(error).__name__
