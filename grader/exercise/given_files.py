"""The files of an exercise that submissions may read, such as a table of words."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from grader.exercise.files import label, read_regular
from grader.strict import did_you_mean

_MOST_BYTES: Final = 4 * 2**20
"""All files of an exercise together."""
_NAME: Final = re.compile(r"\w[\w .+-]{0,99}")
_OTHERS: Final = frozenset({"exercise.toml", "README.md", "hints.npz"})


def file_faults(
    path: Path,
    files: Sequence[str],
) -> Iterator[str]:
    """Yield what is wrong with `files` of an exercise.toml at `path`."""
    at = f"{label(path)}: files"
    total = 0
    for name in files:
        if Path(name).name != name or not _NAME.fullmatch(name):
            yield f"{at}: {name!r} is not the name of a file beside exercise.toml"
        elif name in _OTHERS or name.endswith(".py"):
            yield f"{at}: {name!r} is not a data file"
        elif (path.parent / name).is_symlink():
            yield f"{at}: {name} is a link; put the file itself there"
        elif (path.parent / name).exists() and not (
            path.parent / name
        ).is_file():
            yield f"{at}: {name} is not a file; put one there"
        elif not (path.parent / name).is_file():
            known = [each.name for each in path.parent.iterdir()]
            yield f"{at}: there is no {name}{did_you_mean(name, known)}"
        else:
            total += (path.parent / name).stat().st_size
    if total > _MOST_BYTES:
        yield f"{at}: have {total:,} bytes together; {_MOST_BYTES:,} is the most"


def read_given(folder: Path, name: str) -> bytes:
    """Return the content of one of the files; raises `OSError`, and waits for nothing."""
    return read_regular(folder / name, _MOST_BYTES)


def file_digests(
    folder: Path,
    files: Sequence[str],
) -> dict[str, str]:
    """Return name -> digest of the content, for the files that can be read."""
    found = {}
    for name in files:
        try:
            content = read_given(folder, name)
        except (OSError, ValueError):
            continue  # is a fault already
        found[name] = hashlib.sha256(content).hexdigest()
    return found
