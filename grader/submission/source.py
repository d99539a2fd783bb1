"""From source text to syntax trees, or to one sentence that says why there is none."""

import ast
import re
from collections.abc import Sequence

import msgspec

from grader.model import Unit
from grader.submission.lenient import Lenient, parse_cell, parse_leniently
from grader.submission.syntax_errors import Problem, explain

SOURCE_CAP = 512 * 2**10
"""Most bytes of code in a submission."""

ORDINARY = 24 * 2**10
"""Characters of code that are cheap to parse, whatever they say: 0.1 s, 40 MB."""
_TOKENS_CAP = 32 * 2**10
"""Most words and signs: 4000 lines of code, or a picture of 128x128 numbers."""
_SEARCHED_CAP = 2**29
"""Braces times characters: in Python 3.11 each brace of an f-string searches all of it."""
_PARSED_AGAIN = 2 * ORDINARY
"""Characters that are parsed again, all attempts together, to find lines of IPython."""
_ATTEMPTS = 50

_WORD = re.compile(r"\w+|[^\w\s]")
_TOKEN = re.compile(
    r"""
      \#[^\n]*+
    | (?P<prefix>[a-zA-Z]{0,2}) (?P<text>
          '''(?: [^'\\]++ | \\. | '(?!'') )* (?:''')?
        | \"\"\"(?: [^"\\]++ | \\. | "(?!"") )* (?:\"\"\")?
        | '(?: [^'\\\n]++ | \\. )* '?
        | "(?: [^"\\\n]++ | \\. )* "?
      )
    | \w+
    | [^\w\s]
    """,
    re.VERBOSE | re.DOTALL,
)
"""A comment, a text, a word or a sign.

The repetitions of texts are not possessive, as they could be: Python 3.11 before 3.11.5 gets those
wrong that stand in others. What follows them is optional, so none of them is ever tried again.
"""


class Parsed(msgspec.Struct, frozen=True, eq=False):
    """Source as it will be loaded, with its tree, or with the problem that prevents one."""

    source: str
    tree: ast.Module | None
    problem: Problem | None = None
    magics: tuple[int, ...] = ()
    """Lines of IPython that were turned into comments, counted from 1."""


Cells = tuple[tuple[int | None, Parsed], ...]
"""The parse of each unit, with its cell (None for a file)."""


def parse(source: str) -> Parsed:
    """Parse source of which nothing is left out."""
    return _parsed(parse_leniently(source, 0))


def parse_units(units: Sequence[Unit], *, limited: bool = True) -> Cells | None:
    """Parse the units of a submission; None if that is too much work.

    Without `limited` it is done whatever it costs.
    """
    total = sum(len(unit.source) for unit in units)
    attempts = min(_ATTEMPTS, _PARSED_AGAIN // max(total, 1))
    if limited and total > ORDINARY:
        # Which starts processes: hardly ever needed.
        from grader.submission import apart

        request = [
            (unit.source, unit.cell is not None, attempts) for unit in units
        ]
        if not _is_bounded(units, total) or apart.is_expensive(request):
            return None
    parsed = []
    for unit in units:
        read = parse_leniently if unit.cell is None else parse_cell
        parsed.append((unit.cell, _parsed(read(unit.source, attempts))))
    return tuple(parsed)


def _parsed(found: Lenient) -> Parsed:
    problem = None
    if found.error is not None:
        problem = explain(found.source, found.error)
    return Parsed(found.source, found.tree, problem, found.magics)


def _is_bounded(units: Sequence[Unit], total: int) -> bool:
    """Return whether source is simple enough to be tried in a child process.

    Comments and texts, however long, are simple.
    """
    braces = sum(unit.source.count("{") for unit in units)
    if braces * total > _SEARCHED_CAP:
        return False
    tokens = 0
    for unit in units:
        for found in _TOKEN.finditer(unit.source):
            tokens += 1
            if "f" in (found["prefix"] or "").lower():
                # An f-string is code.
                tokens += sum(1 for _ in _WORD.finditer(found["text"]))
            if tokens > _TOKENS_CAP:
                return False
    return True
