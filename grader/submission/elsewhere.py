"""Libraries that may be there where a student tries their code, and not where it is graded."""

import ast
import sys
from collections.abc import Collection, Iterator
from importlib.util import find_spec

from grader.libraries import is_known
from grader.model import Exercise, Submission
from grader.submission.nodes import walk
from grader.submission.program import read_program
from grader.untrusted import quoted
from grader.vocabulary import place_first

_MOST_NOTES = 5


def absence_notes(
    exercise: Exercise, submission: Submission
) -> tuple[str, ...]:
    """Return a note for each library that is imported and that the exercise does not promise.

    Named are libraries that courses use. A name that nobody knows may be a file of the student's,
    and of what is not installed here either, running the submission tells.
    """
    first: dict[str, str] = {}
    for cell, tree in read_program(submission.units).trees():
        for name, line in _imported(tree):
            if is_known(name):
                first.setdefault(name, place_first(line, cell))
    promised = _promised(exercise) if first else ()
    notes = [
        f"{where}: {quoted(name)} may not be installed where this is graded."
        for name, where in first.items()
        if name not in promised and find_spec(name) is not None
    ]
    return tuple(notes[:_MOST_NOTES])


def _promised(exercise: Exercise) -> Collection[str]:
    """Return the top-level modules that need no warning; a forbidden one has its own."""
    from grader.confined.stand_ins import STOOD_IN_FOR

    promised = {
        *sys.stdlib_module_names,
        *STOOD_IN_FOR,
        *exercise.rules.libraries,
        *(name.partition(".")[0] for name in exercise.preload),
        *(_folded(name) for name in exercise.packages),
    }
    if exercise.packages:
        from importlib.metadata import packages_distributions

        wanted = {_folded(name) for name in exercise.packages}
        for module, distributions in packages_distributions().items():
            if wanted & {_folded(name) for name in distributions}:
                promised.add(module)
    return promised


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0], node.lineno
