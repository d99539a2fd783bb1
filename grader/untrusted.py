r"""Text of strangers: one rule for what is shown, and one function for each place that shows it.

A stranger is a student, their code, their notebook, or whoever named a file or packed an archive.
What they write may hold terminal escapes, overrides that turn a line around, invisible letters,
halves of surrogate pairs that no encoder takes, markup, spreadsheet formulas, commands to a CI
runner, or megabytes of blanks. The rule is the same for every reader:

- A character that acts instead of showing is written as its escape (`\x1b`, `\u202e`). So nothing
  acts, nothing is lost, and a reader sees that something was there. "Acts" means the control
  characters, the line ends that only some programs know, lone surrogates, code points that will
  never be characters, and all that Unicode calls default-ignorable: direction marks, zero-width
  characters, tags, fillers.
- Honest writing is kept: letters of every script, accents (also as separate marks, at most four on
  one letter, since a pile of them covers the lines around it), emoji. Two invisible kinds are part
  of honest writing, and are kept only where they do their work: joiners between two characters that
  join (emoji families, Persian, the scripts of India), and variation selectors right after a
  character that has variants (emoji, ideographs in Japanese names). Anywhere else they can only
  make two texts look the same, so they are shown.
- `\r\n` and `\r` become `\n`. Text of several lines keeps `\n` and tab; a text of one line has
  neither.
- Text is cut to a length, before the costly work and again after it.

On top of that each sink escapes its own syntax. What a sink returns is complete: it may stand at
the beginning of a line, and no line of it is a command to a CI runner. A runner reads its log line
by line: `::error ...` is a command of GitHub's at the beginning of a line, after blanks too;
`##[error]` and Azure's `##vso[...]` anywhere in it.

Every function here is pure and idempotent on its own plain text. The trusted side uses this module;
student processes do not import it, because what they say is not trusted anyway.
"""

import functools
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markupsafe import Markup

LINE_LIMIT: Final = 300
"""Characters of a text that shares a line with words of ours."""

QUOTE_LIMIT: Final = 80
"""Characters of a text that a sentence of ours quotes."""

TEXT_LIMIT: Final = 2000
"""Characters of a text of several lines: a longer one helps nobody, and platforms have limits."""

NAME_LIMIT: Final = 200
"""Characters of a file name; a file system allows 255 bytes for one part of a path."""

_CUT: Final = "..."
_ROOM: Final = 8
"""So many times its limit of a text is looked at: blanks and escapes change its length."""

# Characters that act, wherever they stand. Line ends and tabs have rules of their own.
_ALWAYS: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f"  # invisible; direction
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of pairs, and noncharacters
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags
    + "".join(
        f"{chr(0x1FFFE + at)}{chr(0x1FFFF + at)}"
        for at in range(0, 0x100000, 0x10000)
    )
)
_JOINERS: Final = "\u200c\u200d"
_SELECTORS: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_MONGOLIAN_SELECTORS: Final = "\u180b-\u180f"
_MONGOLIAN_LETTERS: Final = "\u1820-\u18aa"
_MARKS: Final = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31"
    "\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
# Scripts whose letters join, and the blocks of symbols and emoji.
_JOINING: Final = (
    "\u0620-\u109f\u1780-\u17b3\u17b6-\u17dd\u1820-\u18aa\u2190-\u2bff"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f\U0001f000-\U0001faff"
)
# Symbols and ideographs that have variants.
_VARIABLE: Final = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299"
    "\u3400-\u9fff\uf900-\ufaff\U0001f000-\U0001faff\U00020000-\U0002fffd\U00030000-\U000323af"
)

_LINE_STARTS_COMMAND: Final = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_COMMAND: Final = re.compile(r"#(?=#\w*\[)")
# What a spreadsheet runs, also in the full-width forms that some of them fold to the plain ones.
_FORMULA: Final = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
# Semicolon and tab too: Excel splits there where the comma is the decimal sign.
_SEPARATORS: Final = frozenset(',;"\t\n')
_BLANKS: Final = str.maketrans("\n\t", "  ")
_LINE_ENDS: Final = (("\n", "\\n"), ("\t", "\\t"))
# What actions/toolkit calls `escapeData` and `escapeProperty`.
_DATA: Final = (("%", "%25"), ("\n", "%0A"))
_PROPERTY: Final = ((":", "%3A"), (",", "%2C"))


# --------------------------------------------------------------------------- one rule for all


def visible(text: str) -> str:
    r"""Return the text with every character that acts as its escape, such as `\x1b`.

    Line ends and tabs stay; `\r\n` and `\r` become `\n`. For a sink, use one of the functions
    below.
    """
    if text.isascii() and text.isprintable():
        return text  # as nearly every line
    return _each_acting(text, _escape)


def replace_acting(text: str, replacement: str) -> str:
    """Return the text with a replacement for every character that acts: for names of our files."""
    return _each_acting(text, lambda _acting: replacement)


def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Return the text on one line, at most `limit` characters long, every blank a single space.

    It is fit for the middle of a line of ours that nothing parses. For a sink that parses, and for
    the beginning of a line, use one of the functions below.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        # As nearly always: there is nothing to escape, and nothing to cut.
        return " ".join(text.split())
    head, rest = _head(text, limit)
    flat = " ".join(visible(head).split())
    return _cut(flat, limit, rest)


def quoted(text: str) -> str:
    """Return the beginning of a line of source or a name, short enough to stand in a sentence."""
    return one_line(text, QUOTE_LIMIT)


def bounded(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return the text with its lines, at most `limit` characters long, no blanks at its ends."""
    head, rest = _head(text, limit)
    shown = visible(head).strip()
    return _cut(shown, limit, rest)


def _each_acting(text: str, shown: Callable[[str], str]) -> str:
    if text.isascii() and text.replace("\n", "").isprintable():
        return text  # as nearly always, and far cheaper than what follows
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Piles of marks first: what stands beside a joiner must not change after it was looked at.
    for pattern in _patterns():
        text = pattern.sub(lambda found: "".join(map(shown, found[0])), text)
    return text


@functools.lru_cache(1024)  # floods are of few characters
def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _head(text: str, limit: int) -> tuple[str, bool]:
    """Return what of a text is looked at, and whether there is more.

    Megabytes of blanks need not be joined to show 300 characters.
    """
    most = _ROOM * limit
    return text[:most], len(text) > most


def _cut(text: str, limit: int, rest: bool) -> str:
    if len(text) <= limit and not rest:
        return text
    kept = text[: limit - len(_CUT)]
    # A joiner at the end would join nothing any more, and act.
    return kept.rstrip().rstrip(_JOINERS) + _CUT


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile at first use: most gradings meet nothing but printable ASCII."""
    piles = re.compile(f"(?<=[{_MARKS}]{{4}})[{_MARKS}]+")
    acting = re.compile(
        f"[{_ALWAYS}]+"
        # A joiner that does not stand between two characters that join.
        f"|(?<![{_JOINING}])(?<![{_VARIABLE}]\ufe0f)[{_JOINERS}]"
        f"|[{_JOINERS}](?![{_JOINING}])"
        # A selector after a character that has no variants. A keycap is a digit with one.
        f"|(?<![{_VARIABLE}])(?!(?<=[#*0-9])\ufe0f\u20e3)[{_SELECTORS}]"
        f"|(?<![{_MONGOLIAN_LETTERS}])[{_MONGOLIAN_SELECTORS}]"
    )
    return piles, acting


# --------------------------------------------------------------------------- one for each sink


def for_terminal(text: str, limit: int = LINE_LIMIT) -> str:
    """Return the text as one line for a terminal or a log; it may begin that line."""
    return no_commands(one_line(text, limit))


def for_log(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return the text as lines for a terminal or a log, none of which is a command to a runner."""
    return no_commands(bounded(text, limit))


def no_commands(text: str, mark: str = "\\") -> str:
    r"""Part what a CI runner would take for a command with a mark: `:\:error`, `#\#[error]`.

    For lines that are finished otherwise, as after wrapping: nothing else is changed.
    """
    if not may_hold_commands(text):
        return text
    parted = _LINE_STARTS_COMMAND.sub(lambda found: f"{found[1]}:{mark}", text)
    return _COMMAND.sub(lambda _found: f"#{mark}", parted)


def may_hold_commands(text: str) -> bool:
    """Return False for nearly every text: one that holds no command whatever is done with it."""
    return "::" in text or "##" in text


def file_name(path: str | os.PathLike[str], limit: int = NAME_LIMIT) -> str:
    r"""Return the name of a file or folder for a terminal or a log; it may begin a line.

    Line ends and tabs in it are shown as `\n` and `\t`, so that the file can be found.
    """
    head, rest = _head(os.fspath(path), limit)
    # First, because `visible` takes a carriage return for a line end.
    named = head.replace("\r", "\\r")
    shown = visible(named)
    for sign, escaped in _LINE_ENDS:
        shown = shown.replace(sign, escaped)
    return no_commands(_cut(shown, limit, rest))


def for_json_document(document: str) -> str:
    r"""Return a JSON document in which what acts, and what begins a command, is `\uXXXX`.

    It is the same JSON: strings hold no other characters than before.
    """
    shown = _each_acting(document, _json_escape)
    return _COMMAND.sub(r"\\u0023", shown) if "##" in shown else shown


def _json_escape(character: str) -> str:
    digits = character.encode("utf-16-be", "surrogatepass").hex()
    return re.sub("....", r"\\u\g<0>", digits)


def for_html(text: str, limit: int | None = None) -> "Markup":
    """Return the text, with its lines, as HTML text or the inside of a quoted attribute."""
    import markupsafe  # two names from it would be looked up at each call

    shown = visible(text) if limit is None else bounded(text, limit)
    if not may_hold_commands(shown):
        return markupsafe.escape(shown)
    return markupsafe.Markup(for_xml(shown))  # noqa: S704 - escaped there


def for_xml(text: str, limit: int | None = None) -> str:
    """Return the text, with its lines, as XML text or the inside of a quoted attribute."""
    from html import escape  # it takes longer to import than this module

    shown = visible(text) if limit is None else bounded(text, limit)
    return for_xml_document(escape(shown))


def for_xml_document(document: str) -> str:
    """Return an XML document in which what begins a command is a character reference.

    It is the same XML, if it has no CDATA sections.
    """
    if not may_hold_commands(document):
        return document
    return _COMMAND.sub("&#35;", _LINE_STARTS_COMMAND.sub(r"\1&#58;", document))


def for_csv(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return the text as one field of a CSV file, on one line, quoted where it has to be.

    A quote stands before what a spreadsheet would run as a formula.
    """
    head, rest = _head(text, limit)
    line = visible(head).translate(_BLANKS)
    field = _cut(line, limit, rest)
    field = inert(field)
    if _SEPARATORS.isdisjoint(field) and field == field.strip():
        return field
    doubled = field.replace('"', '""')
    return f'"{doubled}"'


def inert(cell: str) -> str:
    """Return a cell with a quote before what a spreadsheet would run as a formula.

    A text that begins with such a quote itself gets another one, so that `as_written` is certain.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_written(cell: str) -> str:
    """Return a cell without the quote of `inert`."""
    quoted_by_us = cell.startswith("'") and _FORMULA.match(cell[1:])
    return cell[1:] if quoted_by_us else cell


def for_workflow_command(text: str, *, property_value: bool = False) -> str:
    """Return the text as the data of a GitHub workflow command, or as the value of a property."""
    shown = _COMMAND.sub(r"#\\", bounded(text))
    signs = _DATA + _PROPERTY if property_value else _DATA
    for sign, escaped in signs:
        shown = shown.replace(sign, escaped)
    return shown
