"""The loop that code was in when its time was up: the innermost that holds all of its lines."""

import ast
from collections.abc import Iterator, Sequence

import msgspec

from grader.model import Outcome, Still, Submission
from grader.submission.nodes import last_line, walk
from grader.submission.program import read_program

_LOOPS = (ast.While, ast.For, ast.AsyncFor)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def with_loops(
    outcomes: Sequence[Outcome], submission: Submission
) -> tuple[Outcome, ...]:
    """Return the outcomes; code that was still in a loop has the line of that loop alone."""
    known: dict[Still, Still] = {}
    found = []
    for outcome in outcomes:
        still = outcome.still
        if still is None:
            found.append(outcome)
            continue
        if still not in known:
            known[still] = _in_loop(still, submission)
        found.append(msgspec.structs.replace(outcome, still=known[still]))
    return tuple(found)


def _in_loop(still: Still, submission: Submission) -> Still:
    for cell, tree in read_program(submission.units).trees():
        if cell == still.cell:
            line = _innermost(tree, still.lines)
            if line is not None:
                return Still(lines=(line,), cell=cell, is_loop=True)
    return still


def _innermost(tree: ast.Module, lines: Sequence[int]) -> int | None:
    """Return the line of the innermost loop with these lines; None where a function begins in it.

    A function that is called in a loop is another matter: the loop of its caller does not hold it.
    """
    first, last = lines[0], lines[-1]
    line = None
    for node, end in _with_ends(tree):
        if node.lineno <= first and last <= end:
            line = node.lineno if isinstance(node, _LOOPS) else None
    return line


def _with_ends(
    tree: ast.Module,
) -> Iterator[tuple[ast.stmt | ast.Lambda, int]]:
    """Yield loops and scopes, outer ones first, and where the body of each ends."""
    for node in walk(tree):
        if isinstance(node, _LOOPS):
            # What stands behind `else` comes when the loop has ended.
            yield node, last_line(node.body[-1])
        elif isinstance(node, _SCOPES) and last_line(node) != node.lineno:
            yield node, last_line(node)
