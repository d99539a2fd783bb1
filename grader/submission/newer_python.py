"""Syntax that a newer Python reads and this one does not: valid code is never called unreadable.

A grammar that is not installed cannot be asked. So what newer versions added is written in an older
way, one addition after the other, until this Python reads the text. The text is never run: what was
written in another way only shows that nothing else is wrong.
"""

import re
import sys
from collections.abc import Callable
from typing import NamedTuple

from grader.submission.lenient import parse, parse_leniently

_LONGEST = 50_000
"""Most characters that are written in another way."""
_MOST_BRACES = 1000
_DEEPEST = 10
"""F-strings in f-strings."""
_ATTEMPTS = 5

_TOKEN = re.compile(
    r"""
      \#[^\n]*
    | (?P<prefix>(?<!\w)[a-zA-Z]{0,2})(?P<quote>'''|\"\"\"|'|\")
    | \w+
    | [^\w\s#'\"]+
    """,
    re.VERBOSE,
)
_GENERIC = re.compile(
    r"^([ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+[ \t]*)(\[[^\n]*?\])(?=[ \t]*[(:])",
    re.MULTILINE,
)
_ALIAS = re.compile(
    r"^([ \t]*)type[ \t]+(\w+)[ \t]*(?:\[[^\n=]*\])?[ \t]*=(?!=)", re.MULTILINE
)
_EXCEPT = re.compile(
    r"^([ \t]*except\*?[ \t]+)([A-Z][\w.]*(?:[ \t]*,[ \t]*[A-Z][\w.]*)+)[ \t]*:",
    re.MULTILINE,
)


class Newer(NamedTuple):
    """Something that newer versions of Python read."""

    version: tuple[int, int]
    advice: str
    rewrite: Callable[[str], str]


def explained(source: str) -> str | None:
    """Return the sentence about source that only a newer Python reads; None for any other."""
    if len(source) > _LONGEST or source.count("{") > _MOST_BRACES:
        return None
    for addition in _ADDITIONS:
        if addition.version <= sys.version_info:
            continue
        try:
            rewritten = addition.rewrite(source)
        except ValueError:
            return None
        if rewritten == source:
            continue
        source = rewritten
        if parse_leniently(source, _ATTEMPTS).tree is not None:
            return _sentence(addition)
    return None


def _sentence(addition: Newer) -> str:
    needed = ".".join(map(str, addition.version))
    here = ".".join(map(str, sys.version_info[:2]))
    return (
        f"this is valid from Python {needed} on, and Python {here} grades; "
        f"{addition.advice}"
    )


# ------------------------------------------------------------------------------------ f-strings


def _plain_f(source: str, deep: int = _DEEPEST) -> str:
    return _without(source, ("f",), deep)


def _plain_t(source: str, deep: int = _DEEPEST) -> str:
    return _without(source, ("f", "t"), deep)


def _without(source: str, kinds: tuple[str, ...], deep: int) -> str:
    """Write an empty text for each f-string whose expressions this Python can read."""
    pieces = []
    at = 0
    while found := _TOKEN.search(source, at):
        pieces.append(source[at : found.start()])
        if found["quote"] is None:
            pieces.append(found[0])
            at = found.end()
            continue
        prefix = found["prefix"].lower()
        if any(kind in prefix for kind in kinds):
            at = _Literal(source, kinds, deep).end_of(found)
            pieces.append('""')
        else:
            at = _end_of_text(source, found.end(), found["quote"])
            pieces.append(source[found.start() : at])
    return "".join([*pieces, source[at:]])


def _end_of_text(source: str, at: int, quote: str) -> int:
    """Return where an ordinary text ends."""
    while at < len(source):
        if source.startswith(quote, at):
            return at + len(quote)
        if source[at] == "\n" and len(quote) == 1:
            raise ValueError("a text does not end")
        at += 2 if source[at] == "\\" else 1
    raise ValueError("a text does not end")


class _Literal:
    """Finds the end of an f-string, and tries what stands in its braces."""

    def __init__(self, source: str, kinds: tuple[str, ...], deep: int) -> None:
        if not deep:
            raise ValueError("nested too deeply")
        self._source = source
        self._kinds = kinds
        self._deep = deep

    def end_of(self, found: re.Match[str]) -> int:
        """Return where the f-string ends that begins with this match."""
        return self._text(found.end(), found["quote"])

    def _text(self, at: int, quote: str) -> int:
        source = self._source
        while at < len(source):
            if source.startswith(quote, at):
                return at + len(quote)
            if source[at] == "{" and source[at + 1 : at + 2] != "{":
                at = self._field(at + 1, quote)
            elif source[at] == "\n" and len(quote) == 1:
                raise ValueError("an f-string does not end")
            else:
                is_pair = source[at] == "\\" or source[at : at + 2] == "{{"
                at += 2 if is_pair else 1
        raise ValueError("an f-string does not end")

    def _field(self, start: int, quote: str) -> int:
        """Return where the text goes on after `{expression!r:format}`."""
        at = self._expression(start)
        source = self._source
        written = source[start:at].rstrip().removesuffix("=")
        if not written.strip() or not _reads(written, self._kinds, self._deep):
            raise ValueError("an expression cannot be read")
        if source[at] == "!":
            at += 2
        if source[at : at + 1] == ":":
            return self._format(at + 1, quote)
        if source[at : at + 1] != "}":
            raise ValueError("a brace is not closed")
        return at + 1

    def _format(self, at: int, quote: str) -> int:
        source = self._source
        while at < len(source) and not source.startswith(quote, at):
            if source[at] == "}":
                return at + 1
            at = self._field(at + 1, quote) if source[at] == "{" else at + 1
        raise ValueError("a brace is not closed")

    def _expression(self, at: int) -> int:
        """Return where an expression in braces ends: at its `}`, `!` or `:`."""
        source = self._source
        depth = 0
        while at < len(source):
            found = _TOKEN.match(source, at)
            if found is not None and found["quote"] is not None:
                at = self._inner_text(found)
                continue
            if source[at] == "#":
                at = found.end() if found else at + 1
                continue
            if not depth and self._ends(at):
                return at
            depth += (source[at] in "([{") - (source[at] in ")]}")
            at += 1
        raise ValueError("a brace is not closed")

    def _ends(self, at: int) -> bool:
        here, following = self._source[at], self._source[at + 1 : at + 2]
        return here in "}:" or (here == "!" and following != "=")

    def _inner_text(self, found: re.Match[str]) -> int:
        prefix = found["prefix"].lower()
        if any(kind in prefix for kind in self._kinds):
            inner = _Literal(self._source, self._kinds, self._deep - 1)
            return inner.end_of(found)
        return _end_of_text(self._source, found.end(), found["quote"])


def _reads(expression: str, kinds: tuple[str, ...], deep: int) -> bool:
    plain = _without(expression, kinds, deep - 1)
    return not isinstance(parse(f"(\n{plain}\n)"), Exception)


# --------------------------------------------------------------------------------------- others


def _no_type_parameters(source: str) -> str:
    return _ALIAS.sub(r"\1\2 =", _GENERIC.sub(r"\1", source))


def _grouped_exceptions(source: str) -> str:
    return _EXCEPT.sub(r"\1(\2):", source)


_ADDITIONS = (
    Newer(
        (3, 12),
        (
            "inside the braces of an f-string use other quotes than around it, "
            "and no backslash or comment"
        ),
        _plain_f,
    ),
    Newer(
        (3, 12),
        "write it without the type parameters in [ ], and without the word type",
        _no_type_parameters,
    ),
    Newer(
        (3, 14),
        "put brackets around the exceptions, as in except (A, B):",
        _grouped_exceptions,
    ),
    Newer((3, 14), "write an f-string instead of the t-string", _plain_t),
)
"""What newer versions added, the oldest first."""
