"""What Python's syntax errors mean, in a beginner's words."""

import re
from collections.abc import Callable

import msgspec

from grader.untrusted import quoted

_OLD_PRINT = re.compile(r"^[ \t]*(print|exec)[ \t]+[^=( \t]")
_CURLY_QUOTES = "\u201c\u201d\u2018\u2019"
_PROMPTS = (">>>", "...")
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
    line = _line_of(source, error.lineno)
    message = quoted(error.msg or "invalid syntax")
    for applies, sentence in _SENTENCES:
        if applies(line, message, error):
            return Problem(sentence, error.lineno)
    text = f"Python cannot read this line ({message})"
    if line.strip():
        text += f": `{quoted(line)}`"
    return Problem(text, error.lineno)


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


def _mixed_tabs(_line: str, message: str, error: SyntaxError) -> bool:
    return isinstance(error, TabError) or "inconsistent use of tabs" in message


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
    (_begins(*_PROMPTS), "delete the >>> and ... of the Python prompt"),
    (
        _begins(*_MERGE_MARKS),
        (
            "this is the mark of an unfinished merge (git); "
            "keep one of the two versions and delete the marks"
        ),
    ),
    (
        _holds(_CURLY_QUOTES),
        "there is a curly quotation mark from a text program; type a plain \" or '",
    ),
)
