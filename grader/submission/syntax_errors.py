"""What Python's syntax errors mean, in a beginner's words."""

import re
import unicodedata
from collections.abc import Callable

import msgspec

from grader.submission.lenient import parse_leniently
from grader.untrusted import quoted

_OLD_PRINT = re.compile(r"^[ \t]*(print|exec)[ \t]+[^=( \t]")
_CURLY_QUOTES = "\u201c\u201d\u2018\u2019"
_PROMPTS = (">>>", "...")
_IPYTHON_PROMPT = re.compile(r"^\s*(?:In|Out)\s*\[\d*\]:")
_NUMBERED = re.compile(r"^[ \t]*\d+(?:[ \t.:|)]|$)")
_ODD = re.compile(r"character .*\(?U\+([0-9A-F]{4,6})\)?")
_LOOKALIKES = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u00d7\u2217\u22c5", "*"),
    "\u00f7": "/",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\u2026": "...",
}
_NO_SOURCE = (
    (
        ("<!doctype html", "<html", "<head", "<?xml"),
        (
            "this is a web page (HTML) and not Python; "
            "hand in the file itself, and not a page that shows it"
        ),
    ),
    (
        ("{\\rtf",),
        "this is a document of a text program (RTF); save it as plain text",
    ),
    (
        ("diff --git", "--- a/"),
        (
            "this is a list of changes (a diff) and not Python; "
            "hand in the file that it would change"
        ),
    ),
    (
        ("\\documentclass", "\\begin{"),
        "this is LaTeX and not Python; hand in the source file itself",
    ),
)
"""How other documents begin, and what to say about them."""
_FENCE = (
    "``` marks code in Markdown, and is not Python; "
    "keep only the code between the two marks"
)
_FEW = 3
_NEARLY_ALL = 0.75
_LINE_NUMBERS = "the line numbers were copied with the code; delete them"
_MERGE_MARKS = ("<<<<<<<", "=======", ">>>>>>>")


class Problem(msgspec.Struct, frozen=True):
    """Why text is not Python: a sentence without its place, and the line if one is known."""

    text: str
    line: int | None = None
    """Counted from 1."""


def explain(source: str, error: Exception) -> Problem:
    """Return the sentence for an error of the parser.

    It names a known beginner's mistake, or else says what Python says.
    """
    if not isinstance(error, SyntaxError):
        name = type(error).__name__
        return Problem(
            f"Python cannot read it ({name}): it is nested too deeply or damaged"
        )
    whole = no_source(source)
    if whole is not None:
        return whole
    # Its patterns take 4 ms to compile, and most files can be read.
    from grader.submission.newer_python import explained

    newer = explained(source)
    if newer is not None:
        return Problem(newer, error.lineno)
    line = _line_of(source, error.lineno)
    message = quoted(error.msg or "invalid syntax")
    odd = _odd_character(message, line, error.offset)
    if odd is not None:
        return Problem(odd, error.lineno)
    for applies, sentence in _SENTENCES:
        if applies(line, message, error):
            return Problem(sentence, error.lineno)
    text = f"Python cannot read this line ({message})"
    if line.strip():
        text += f": `{quoted(line)}`"
    return Problem(text, error.lineno)


def no_source(source: str) -> Problem | None:
    """Return what a text is that is not Python, or that has more in it than Python."""
    start = source.lstrip("\ufeff \t\r\n").lower()
    for marks, sentence in _NO_SOURCE:
        if start.startswith(marks):
            return Problem(sentence, 1)
    fence = _fence(source)
    if fence is not None:
        return Problem(_FENCE, fence)
    lines = [line for line in source.split("\n") if line.strip()]
    numbered = sum(1 for line in lines if _NUMBERED.match(line))
    if numbered >= _FEW and numbered >= _NEARLY_ALL * len(lines):
        return Problem(_LINE_NUMBERS, 1)
    return None


def _fence(source: str) -> int | None:
    """Return the line of the ``` mark, if what stands below it is source."""
    lines = source.split("\n")
    marks = [
        number
        for number, line in enumerate(lines, 1)
        if line.lstrip().startswith("```")
    ]
    if not marks:
        return None
    end = marks[1] - 1 if len(marks) > 1 else len(lines)
    inside = "\n".join(lines[marks[0] : end])
    tree = parse_leniently(inside, 1).tree
    return marks[0] if tree is not None and tree.body else None


def _odd_character(message: str, line: str, offset: int | None) -> str | None:
    """Return the sentence about a character that only looks like one of Python's."""
    found = _ODD.search(message)
    if found is not None:
        character = chr(int(found[1], 16))
    elif message.endswith(" literal"):
        # Until Python 3.11.4 the end of a number is all that is told where one stands behind it.
        character = line[offset or 0 :][:1]
    else:
        return None
    if character.isascii() or f"a{character}".isidentifier():
        return None
    code = f"U+{ord(character):04X}"
    if character.isspace() or not character.isprintable():
        return (
            f"there is an invisible character ({code}) from a web page or a text program; "
            "type a space there, or nothing"
        )
    meant = _LOOKALIKES.get(character)
    meant = meant or unicodedata.normalize("NFKC", character)
    if meant == character or not meant.isascii() or not meant.isprintable():
        return None
    shown = quoted(character)
    return f"{shown} ({code}) only looks like {meant}; type {meant}"


def _line_of(source: str, number: int | None) -> str:
    lines = source.split("\n")
    if number is None or not 0 < number <= len(lines):
        return ""
    return lines[number - 1]


_Applies = Callable[[str, str, SyntaxError], bool]
"""Whether a sentence applies, given the line, Python's message and the error."""


def _old_print(line: str, message: str, _error: SyntaxError) -> bool:
    named = "Missing parentheses in call to" in message
    return named or bool(_OLD_PRINT.match(line))


def _mixed_tabs(_line: str, _message: str, error: SyntaxError) -> bool:
    return isinstance(error, TabError)


def _says(part: str) -> _Applies:
    return lambda _line, message, _error: part in message


def _begins(*marks: str) -> _Applies:
    return lambda line, _message, _error: line.startswith(marks)


def _holds(characters: str) -> _Applies:
    return lambda line, _message, _error: any(
        each in line for each in characters
    )


_SENTENCES: tuple[tuple[_Applies, str], ...] = (
    (
        _old_print,
        "this is Python 2; in Python 3 print needs parentheses, as in print(x)",
    ),
    (
        _says("multiple exception types must be parenthesized"),
        "this is Python 2; in Python 3 it is `except Error as name:`",
    ),
    (
        _mixed_tabs,
        "tabs and spaces are mixed at the start of the line; use 4 spaces everywhere",
    ),
    (
        _says("unindent does not match"),
        (
            "the line starts further left than the block above it, but no block begins there; "
            "use 4 spaces for each level"
        ),
    ),
    (
        _says("unexpected indent"),
        (
            "the line starts further right than the line above it, which does not open a block; "
            "remove the spaces in front of it"
        ),
    ),
    (
        lambda line, _message, _error: bool(_IPYTHON_PROMPT.match(line)),
        "delete the In [ ]: and ...: of IPython's prompt",
    ),
    (
        _begins(*_MERGE_MARKS),
        (
            "this is the mark of an unfinished merge (git); "
            "keep one of the two versions and delete the marks"
        ),
    ),
    (_begins(*_PROMPTS), "delete the >>> and ... of the Python prompt"),
    (
        _holds(_CURLY_QUOTES),
        "there is a curly quotation mark from a text program; type a plain \" or '",
    ),
)
