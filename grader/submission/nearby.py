"""The name of their own that a student may have meant where a name is not defined."""

import ast
import difflib
import re
from collections.abc import Iterator

from grader.model import Raised
from grader.submission.budget import Budget
from grader.submission.nodes import last_line, walk
from grader.submission.program import Program

_UNDEFINED = re.compile(r"name '([^']+)' is not defined")
_MOST_NAMES = 200
_LONGEST = 40
_ALIKE = 0.8
"""As difflib counts: one letter of five may differ."""


def nearby_name(raised: Raised, program: Program, budget: Budget) -> str | None:
    """Return the name in reach that differs in capital letters, or else in a letter or two.

    None where there is no such name, or several that differ in capital letters alone, and where the
    name itself is bound somewhere: the statement that was to bind it raised, or did not run. Raises
    `TooComplicated` if the budget is spent.
    """
    found = _UNDEFINED.search(raised.message)
    if raised.type != "NameError" or found is None or len(found[1]) > _LONGEST:
        return None
    wanted = found[1]
    names = _in_reach(raised, program, budget)
    if wanted in names:
        return None
    same = [name for name in names if name.casefold() == wanted.casefold()]
    if same:
        return same[0] if len(same) == 1 else None
    folded = {name.casefold(): name for name in reversed(names)}
    close = difflib.get_close_matches(wanted.casefold(), folded, 1, _ALIKE)
    return folded[close[0]] if close else None


def _in_reach(raised: Raised, program: Program, budget: Budget) -> list[str]:
    """Return the names that the function around a line binds, then those of the top level."""
    names: dict[str, None] = {}
    for cell, tree in program.trees():
        if cell != raised.cell or raised.line is None:
            continue
        for node in tree.body:
            last = last_line(node)
            if node.lineno <= raised.line <= last:
                names.update(dict.fromkeys(_bound(node, budget)))
    names.update(dict.fromkeys(name for name in program.by_name if name != "*"))
    short = [name for name in names if len(name) <= _LONGEST]
    return short[:_MOST_NAMES]


def _bound(root: ast.AST, budget: Budget) -> Iterator[str]:
    for node in walk(root):
        budget.spend()
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
