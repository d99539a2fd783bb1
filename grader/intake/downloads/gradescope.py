"""Gradescope: `submission_12345/x.py` beside `submission_metadata.yml`, which has the names.

Source: exports of Gradescope. Of their YAML only the subset that Gradescope writes is read, so that
no YAML library is needed for one word in it.
"""

import re
import sys
from collections.abc import Iterator

from grader.intake.downloads.handed_in import HandedIn, Level, Reader
from grader.opening import UnreadableError

_FOLDER = re.compile(r"submission_(\d+)")
_METADATA_BYTES = 16 << 20
_SUBMITTERS = re.compile(r":?submitters:(?: +&\S+)?")
_NAME = re.compile(r":?name: *(.*)")
_ANCHOR = re.compile(r"^&\S+ +")
_ESCAPE = re.compile(
    r"\\(?:x(?P<x>[0-9A-Fa-f]{2})|u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|(?P<one>.))",
    re.DOTALL,
)
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029",
}  # fmt: skip
"""What YAML allows after a backslash in double quotes; JSON has fewer, and no `\\x`."""


def reader(level: Level) -> Reader | None:
    """Return what reads the names, if a file with metadata stands beside the folders."""
    submitters: dict[str, tuple[str, ...]] = {}
    for file in level.metadata:
        try:
            text = file.place.read(_METADATA_BYTES).decode("utf-8", "replace")
        except UnreadableError:
            continue
        submitters |= read_submitters(text)
    if not submitters:
        return None

    def read_name(name: str) -> HandedIn | None:
        match = _FOLDER.fullmatch(name)
        if match is None:
            return None
        return HandedIn(" & ".join(submitters.get(name, (name,))), match[1])

    return read_name


def read_submitters(text: str) -> dict[str, tuple[str, ...]]:
    """Return folder -> names of the submitters, from the text of `submission_metadata.yml`.

    Only what stands under the first `:submitters:` among a submission's own keys counts: an entry
    of its history may have that key again, and test results have names too. Both are indented
    further than a submission's own keys, and so is every line of a longer text, whatever a student
    wrote into it.
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
        names = tuple(filter(None, _submitters(lines)))
        if names and _FOLDER.fullmatch(key):
            found.setdefault(key, names)
    return found


def _submitters(lines: list[str]) -> Iterator[str]:
    """Yield the names in the lines of one submission."""
    own = _indent(lines[0]) if lines else 0
    entry = depth = -1
    """The indents of the list's dashes, and of the keys after them."""
    for line in _below_submitters(lines, own):
        bare, indent = line.strip(), _indent(line)
        if bare.startswith("- ") and entry in {-1, indent}:
            entry = indent
            bare = bare[1:].lstrip()
            indent = depth = line.index(bare, indent + 1)
        match = _NAME.fullmatch(bare) if indent == depth else None
        if match is not None:
            yield _scalar(match[1])


def _below_submitters(lines: list[str], own: int) -> Iterator[str]:
    """Yield the lines below the first `:submitters:` that is indented by `own`."""
    inside = False
    for line in lines:
        bare, indent = line.strip(), _indent(line)
        if inside:
            if indent < own or (indent == own and not bare.startswith("- ")):
                return
            yield line
        else:
            inside = indent == own and _SUBMITTERS.fullmatch(bare) is not None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _scalar(text: str) -> str:
    """Return the value of a YAML scalar that stands on one line; empty where it has none."""
    text = _ANCHOR.sub("", text.strip())
    if text.startswith('"'):
        value = _ESCAPE.sub(_unescaped, text[1:].removesuffix('"'))
        # Two halves of a character, as JSON writes them, become one; a single half is replaced.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if text.startswith("'"):
        return text[1:].removesuffix("'").replace("''", "'")
    return "" if text in {"~", "null"} or text.startswith("*") else text


def _unescaped(match: re.Match[str]) -> str:
    code = match["x"] or match["u"] or match["U"]
    if code is None:
        return _ESCAPES.get(match["one"], match[0])
    number = int(code, 16)
    # A number without a character stays as it is written: it shows that something is wrong.
    return chr(number) if number <= sys.maxunicode else match[0]
