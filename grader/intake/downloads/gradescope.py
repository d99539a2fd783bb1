"""Gradescope: `submission_12345/x.py` beside `submission_metadata.yml`, which has the names.

Source: exports of Gradescope. Of their YAML only the subset that Gradescope writes is read, so that
no YAML library is needed for one word in it.
"""

import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from grader.intake.downloads.handed_in import (
    HandedIn,
    Level,
    Reader,
    text_of,
)
from grader.intake.left_out import METADATA
from grader.opening import UnreadableError

_FOLDER = re.compile(r"submission_(\d+)")
_SUBMITTERS = re.compile(r":?submitters:(?: +&\S+)?")
_FIELD = re.compile(r":?(?P<key>name|sid|email): *(?P<value>.*)")
_CREATED = re.compile(
    r":?created_at: *[\"']?(?P<day>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d:\d\d)(?:\.\d*)?"
    r" *(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?[\"']?"
)
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


class Submitter(NamedTuple):
    """One student of a submission; empty where the metadata do not tell."""

    name: str = ""
    sid: str = ""
    email: str = ""


class Submission(NamedTuple):
    """What the metadata say about one folder."""

    submitters: tuple[Submitter, ...]
    created_at: str = ""
    """ISO 8601; empty where there is none that can be read."""


def reader(level: Level) -> Reader | None:
    """Return what reads the names, if a file with metadata stands beside the folders."""
    submissions: dict[str, Submission] = {}
    for each in level.metadata(METADATA):
        try:
            submissions |= read_metadata(text_of(each.file))
        except UnreadableError:
            continue
    if not submissions:
        return None

    def read_name(name: str) -> HandedIn | None:
        match = _FOLDER.fullmatch(name)
        if match is None:
            return None
        submission = submissions.get(name, Submission((Submitter(name),)))
        return _handed_in(submission, match[1])

    return read_name


def _handed_in(submission: Submission, number: str) -> HandedIn:
    names = " & ".join(each.name for each in submission.submitters)
    alone = len(submission.submitters) == 1
    team = tuple(
        HandedIn(
            each.name,
            number,
            at=submission.created_at,
            email=each.email,
            id=each.sid or each.email,
            member="" if alone else each.name,
            group="" if alone else names,
        )
        for each in submission.submitters
    )
    return team[0]._replace(team=team)


def read_metadata(text: str) -> dict[str, Submission]:
    """Return folder -> submission, from the text of `submission_metadata.yml`.

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
    found: dict[str, Submission] = {}
    for key, lines in blocks:
        submitters = tuple(each for each in _submitters(lines) if each.name)
        if submitters and _FOLDER.fullmatch(key):
            found.setdefault(key, Submission(submitters, _created_at(lines)))
    return found


def _submitters(lines: list[str]) -> list[Submitter]:
    """Return the students in the lines of one submission."""
    own = _indent(lines[0]) if lines else 0
    entry = depth = -1
    """The indents of the list's dashes, and of the keys after them."""
    found: list[Submitter] = []
    for line in _below_submitters(lines, own):
        bare, indent = line.strip(), _indent(line)
        if bare.startswith("- ") and entry in {-1, indent}:
            entry = indent
            bare = bare[1:].lstrip()
            indent = depth = line.index(bare, indent + 1)
            found.append(Submitter())
        match = _FIELD.fullmatch(bare) if indent == depth else None
        if match is not None:
            found[-1] = found[-1]._replace(
                **{match["key"]: _scalar(match["value"])}
            )
    return found


def _created_at(lines: list[str]) -> str:
    """Return when a submission was made; empty where its own keys do not say."""
    own = _indent(lines[0]) if lines else 0
    for line in lines:
        match = (
            _CREATED.fullmatch(line.strip()) if _indent(line) == own else None
        )
        if match is not None:
            zone = (match["zone"] or "").replace("UTC", "Z")
            return f"{match['day']}T{match['time']}{zone}"
    return ""


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
        return value.encode("utf-16", "surrogatepass").decode(
            "utf-16", "replace"
        )
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
