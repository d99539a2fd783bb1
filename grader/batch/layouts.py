"""Whose file is it: the download layouts of Moodle, Canvas and Gradescope, a folder per student, and flat files.

| layout | looks like |
|---|---|
| Moodle | `Ada Lovelace_123456_assignsubmission_file_/x.py`, or all in the file's name |
| Canvas | `lovelaceada_LATE_123456_7891011_file-1.py` |
| Gradescope | `submission_12345/x.py` beside `submission_metadata.yml` |
| folders | `ada/x.py`, `section-a/ada/homework/x.py` |
| flat | `ada.py` |

Sources: Moodle's `mod/assign/locallib.php` (download_submissions), Canvas's `content_zipper.rb`, Gradescope's export.
"""

import json
import re
from collections.abc import Mapping

import msgspec

from grader.batch.archives import archive_stem, is_archive
from grader.batch.sources import METADATA, File

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_|$)", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>[^_]+)(?P<late>_LATE)?_(?P<user>\d{2,})_(?P<submission>\d{2,})_(?P<file>.+)", re.DOTALL)
_GRADESCOPE = re.compile(r"submission_(\d+)$")
_METADATA_BYTES = 16 << 20


class Owner(msgspec.Struct, frozen=True):
    """Who handed a file in, as far as a platform's layout tells."""

    name: str
    qualifier: str
    """What tells two of one name apart."""


class PlatformLayout:
    """Recognises, for the files of one root, the platforms that name the student."""

    def __init__(self, files: tuple[File, ...]) -> None:
        self._submitters = _gradescope_submitters(files)
        names = [_leading(file.parts) for file in files if file.parts[-1] != METADATA]
        # One file that looks like Canvas among many that do not is a student's own taste in names.
        self._canvas = sum(_CANVAS.fullmatch(name) is not None for name in names) * 2 >= len(names) > 0

    def owner(self, parts: tuple[str, ...]) -> Owner | None:
        """Return who handed in the file at `parts`; None where no platform's layout tells."""
        for part in parts:
            match = _MOODLE.match(part)
            if match is not None:
                return _moodle_owner(match["name"], match["id"])
            match = _GRADESCOPE.fullmatch(part)
            if match is not None and (self._submitters or len(parts) > 1):
                return self._gradescope_owner(part, match[1])
        if self._canvas and (match := _CANVAS.fullmatch(_leading(parts))) is not None:
            return Owner(match["name"], match["user"])
        return None

    def named(self, file: File) -> File:
        """Return `file` with what the student called it, without what the platform put before it."""
        name = file.parts[-1]
        if (match := _MOODLE.match(name)) is not None:
            return msgspec.structs.replace(file, called=name[match.end() :])
        if self._canvas and (match := _CANVAS.fullmatch(name)) is not None:
            # Canvas numbers what is handed in again: convolve-1.py.
            return msgspec.structs.replace(file, called=re.sub(r"-\d+(?=\.\w+$)", "", match["file"]))
        return file

    def is_late(self, file: File) -> bool:
        """Tell whether the platform marked the file as late."""
        match = _CANVAS.fullmatch(_leading(file.parts)) if self._canvas else None
        return match is not None and match["late"] is not None

    def _gradescope_owner(self, folder: str, number: str) -> Owner | None:
        names = self._submitters.get(folder)
        if names:
            return Owner(" & ".join(names), number)
        return Owner(folder, number) if self._submitters else None


def _leading(parts: tuple[str, ...]) -> str:
    """Return the part that Canvas would have named: the first file or archive on the way."""
    return next((part for part in parts[:-1] if is_archive(part)), parts[-1])


def _moodle_owner(name: str, number: str) -> Owner:
    # Anonymous marking: Moodle writes "Participant" in the language of the course, for everybody.
    return Owner(f"{name} {number}" if name == "Participant" else name, number)


def _gradescope_submitters(files: tuple[File, ...]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for file in files:
        if file.parts[-1] == METADATA:
            try:
                with file.place.open("rb") as opened:
                    text = opened.read(_METADATA_BYTES).decode("utf-8", "replace")
            except OSError:
                continue
            found.update(read_submitters(text))
    return found


def read_submitters(text: str) -> dict[str, tuple[str, ...]]:
    """Return folder -> names of the submitters, from the text of Gradescope's `submission_metadata.yml`.

    Only the lines under `:submitters:` count: test results further down have names too. Reads the subset of YAML that
    Gradescope writes, so that no YAML library is needed for one word in it.
    """
    found: dict[str, tuple[str, ...]] = {}
    folder, depth = "", -1
    for line in text.splitlines():
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if indent == 0 and _GRADESCOPE.fullmatch(bare.rstrip(":").strip("\"'")):
            folder, depth = bare.rstrip(":").strip("\"'"), -1
        elif bare in {":submitters:", "submitters:"}:
            depth = indent
        elif depth >= 0 and (indent > depth or (indent == depth and bare.startswith("-"))):
            match = re.fullmatch(r"(?:- +)?:?name: *(.*)", bare)
            if match is not None and folder:
                found[folder] = (*found.get(folder, ()), _scalar(match[1]))
        elif bare:
            depth = -1
    return {key: tuple(name for name in names if name) for key, names in found.items()}


def _scalar(text: str) -> str:
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            return text.strip('"')
    if text.startswith("'") and text.endswith("'"):
        return text[1:-1].replace("''", "'")
    return text


def person(part: str) -> str:
    """Return a folder's, or an archive's, name as a student's name."""
    return archive_stem(part) if is_archive(part) else part
