"""Whose file is it: the download layouts of Moodle, Canvas and Gradescope, a folder per student, and flat files.

| layout | looks like |
|---|---|
| Moodle | `Ada Lovelace_123456_assignsubmission_file_/x.py`, or all in the file's name |
| Canvas | `lovelaceada_LATE_123456_7891011_file-1.py`, `van_der_bergkim_123456_7891011_file.py` |
| Canvas, anonymous | `anon_Ab3x9_7891011_file.py`, `LATE_anon_Ab3x9_7891011_file.py` |
| Gradescope | `submission_12345/x.py` beside `submission_metadata.yml` |
| folders | `ada/x.py`, `section-a/ada/homework/x.py` |
| flat | `ada.py` |

Sources: Moodle's `mod/assign/locallib.php` (download_submissions), Canvas's `content_zipper.rb`,
Gradescope's export.
"""

import re
import sys
from collections.abc import Iterator, Mapping

import msgspec

from grader.intake.archives import archive_stem, is_archive
from grader.intake.sources import METADATA, File

_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_|$)", re.DOTALL
)
# Canvas takes care that no name holds `_123_`: the first two numbers in a row are the user's and
# the attachment's.
_CANVAS = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>[0-9]{2,})_(?P<attachment>[0-9]{2,})_(?P<file>.+)",
    re.DOTALL,
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon_(?P<user>[0-9A-Za-z]+))_(?P<attachment>[0-9]{2,})_(?P<file>.+)",
    re.DOTALL,
)
_GRADESCOPE = re.compile(r"submission_(\d+)$")
_METADATA_BYTES = 16 << 20
_SUBMITTERS = re.compile(r":?submitters:(?: +&\S+)?")
_NAME = re.compile(r":?name: *(.*)")
_ANCHOR = re.compile(r"^&\S+ +")
_ESCAPE = re.compile(
    r"\\(?:x(?P<x>[0-9A-Fa-f]{2})|u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|(?P<one>.))",
    re.DOTALL,
)
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
    '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
"""What YAML lets stand after a backslash in double quotes; JSON has fewer, and no `\\x`."""


class Owner(msgspec.Struct, frozen=True):
    """Who handed a file in, as far as a platform's layout tells."""

    name: str
    qualifier: str
    """What tells two of one name apart."""


class PlatformLayout:
    """Recognises, for the files of one root, the platforms that name the student."""

    def __init__(self, files: tuple[File, ...]) -> None:
        self._submitters = _gradescope_submitters(files)
        self._canvas = _is_canvas(files)

    def owner(self, parts: tuple[str, ...]) -> Owner | None:
        """Return who handed in the file at `parts`; None where no platform's layout tells."""
        for part in parts:
            match = _MOODLE.match(part)
            if match is not None:
                return _moodle_owner(match["name"], match["id"])
            match = _GRADESCOPE.fullmatch(part)
            if match is not None and (self._submitters or len(parts) > 1):
                return self._gradescope_owner(part, match[1])
        match = self._canvas_match(_leading(parts)[-1])
        return Owner(match["name"], match["user"]) if match is not None else None

    def named(self, file: File) -> File:
        """Return `file` with what the student called it, without what the platform put before it."""
        name = file.parts[-1]
        if (match := _MOODLE.match(name)) is not None:
            return msgspec.structs.replace(file, called=name[match.end() :])
        if (match := self._canvas_match(name)) is not None:
            # Canvas numbers what is handed in again: convolve-1.py.
            return msgspec.structs.replace(
                file, called=re.sub(r"-\d+(?=\.\w+$)", "", match["file"])
            )
        return file

    def is_late(self, file: File) -> bool:
        """Tell whether the platform marked the file as late."""
        match = self._canvas_match(_leading(file.parts)[-1])
        return match is not None and match["late"] is not None

    def _canvas_match(self, name: str) -> re.Match[str] | None:
        return _canvas_match(name) if self._canvas else None

    def _gradescope_owner(self, folder: str, number: str) -> Owner | None:
        names = self._submitters.get(folder)
        if names:
            return Owner(" & ".join(names), number)
        return Owner(folder, number) if self._submitters else None


def _leading(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the path as far as the part that Canvas has named, or would have: the first file or archive on the way."""
    ends = [
        at for at, part in enumerate(parts) if is_archive(part) or at == len(parts) - 1
    ]
    # A download is an archive that Canvas has not named, where it lies beside another.
    at = next((at for at in ends if _canvas_match(parts[at])), ends[0])
    return parts[: at + 1]


def _canvas_match(name: str) -> re.Match[str] | None:
    # The anonymous form first: an id of digits alone would make it look like a student who is
    # called anon.
    return _CANVAS_ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name)


def _is_canvas(files: tuple[File, ...]) -> bool:
    """Tell a download of Canvas: at least half of its files are named so, and each has an attachment's number.

    Fewer are a student's own taste in names. Numbers that several files share are a teacher's:
    `lab_2024_10_ada.py` and `lab_2024_10_bob.py` are two students.
    """
    entries = {_leading(file.parts) for file in files if file.parts[-1] != METADATA}
    named = {
        entry[-1]: match
        for entry in entries
        if (match := _canvas_match(entry[-1])) is not None
    }
    attachments = {match["attachment"] for match in named.values()}
    found = sum(entry[-1] in named for entry in entries)
    return found * 2 >= len(entries) > 0 and len(attachments) * 2 > len(named)


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

    Only what stands under the first `:submitters:` among a submission's own keys counts: an entry
    of its history may have that key again, and test results have names too. All of them are
    indented further than a submission's own keys, and so is every line of a longer text, whatever a
    student wrote into it. Reads the subset of YAML that Gradescope writes, so that no YAML library
    is needed for one word in it.
    """
    blocks: list[tuple[str, list[str]]] = []
    # Not splitlines(): that also splits at characters that may stand inside a student's text.
    for line in text.split("\n"):
        if line[:1].strip():
            blocks.append((line.strip().rstrip(":").strip("\"'"), []))
        elif line.strip() and blocks:
            blocks[-1][1].append(line)
    found: dict[str, tuple[str, ...]] = {}
    for key, lines in blocks:
        if _GRADESCOPE.fullmatch(key) and (
            names := tuple(filter(None, _submitters(lines)))
        ):
            found.setdefault(key, names)
    return found


def _submitters(lines: list[str]) -> Iterator[str]:
    """Yield the names in the lines of one submission."""
    own = _indent(lines[0]) if lines else 0
    keys = (
        at
        for at, line in enumerate(lines)
        if _indent(line) == own and _SUBMITTERS.fullmatch(line.strip())
    )
    start = next(keys, len(lines)) + 1
    entry = depth = -1
    for line in lines[start:]:
        bare, indent = line.strip(), _indent(line)
        if indent < own or (indent == own and not bare.startswith("- ")):
            return
        if bare.startswith("- ") and entry in {-1, indent}:
            entry = indent
            bare = bare[1:].lstrip()
            indent = depth = line.index(bare, indent + 1)
        match = _NAME.fullmatch(bare) if indent == depth else None
        if match is not None:
            yield _scalar(match[1])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _scalar(text: str) -> str:
    """Return the value of a YAML scalar that stands on one line; an empty one where it has none."""
    text = _ANCHOR.sub("", text.strip())
    if text.startswith('"'):
        value = _ESCAPE.sub(_unescaped, text[1:].removesuffix('"'))
        # Two halves of a character, as JSON writes them, become one; a single half is none.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if text.startswith("'"):
        return text[1:].removesuffix("'").replace("''", "'")
    return "" if text in {"~", "null"} or text.startswith("*") else text


def _unescaped(match: re.Match[str]) -> str:
    code = match["x"] or match["u"] or match["U"]
    if code is None:
        return _ESCAPES.get(match["one"], match[0])
    # What is no character stays as it is written: it shows that something is wrong, and breaks
    # nothing.
    return chr(number) if (number := int(code, 16)) <= sys.maxunicode else match[0]


def person(part: str) -> str:
    """Return a folder's, or an archive's, name as a student's name."""
    return archive_stem(part) if is_archive(part) else part
