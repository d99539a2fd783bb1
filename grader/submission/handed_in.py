"""A student's file that is opened once: first for what it defines, then to be graded."""

import ast
import functools
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

from grader.model import Exercise, Fault, Submission
from grader.submission.bindings import Binding
from grader.submission.parsing import kind_of, parse_submission, read_content
from grader.submission.reading import Raw, digest_of, read_file
from grader.submission.scope import FUNCTIONS, parameters

_DEFINITION = re.compile(
    r"^[ \t]*+(?:async[ \t]++)?def[ \t]++(\w++)", re.MULTILINE
)
_NO_VALUE = frozenset({"import", "deleted"})


class HandedIn:
    """A file as a student handed it in: its bytes, or what reads them when they are asked for."""

    def __init__(self, name: str, data: bytes | Callable[[], Raw]) -> None:
        self._name = name
        read = data if callable(data) else lambda: Raw(data, digest_of(data))
        self._read = functools.cache(read)

    @classmethod
    def at(cls, path: Path) -> Self:
        """Return the file at a path, which is opened once, when it is first needed."""
        return cls(path.name, lambda: read_file(path))

    def names(self) -> dict[str, tuple[str, ...]]:
        """Return the names that the file defines, with parameters; none if it cannot be read.

        Raises `UsageError` if the path does not exist or is a folder.
        """
        raw = self._read()
        if raw.reason is not None:
            return {}
        return defined_names(self._name, raw.data)

    def submission(self, exercise: Exercise) -> Submission:
        """Return the submission; what cannot be read gives one with a fault.

        Raises `UsageError` if the path does not exist or is a folder.
        """
        raw = self._read()
        name = self._name
        if raw.reason is None:
            return parse_submission(name, raw.data, exercise, raw.digest)
        return Submission(
            name=name,
            kind=kind_of(name),
            digest=raw.digest,
            units=(),
            fault=Fault(message=f"The file cannot be read: {raw.reason}."),
        )


def read_submission(path: Path, exercise: Exercise) -> Submission:
    """Read a .py file or an .ipynb notebook; what cannot be read gives a `Submission` with a fault.

    Raises `UsageError` only if the path does not exist or is a folder.
    """
    return HandedIn.at(path).submission(exercise)


def defined_names(name: str, data: bytes) -> dict[str, tuple[str, ...]]:
    """Return the names that a file defines at its top level: functions, classes, other values.

    Each with the names of its parameters, if it has any. Only its text is looked at, within the
    limits for every file. What is imported is not defined here. Of text that is not Python,
    whatever stands after `def` counts.
    """
    program = read_content(name, data, None)[1].program
    defined = definitions_in(program.bindings)
    for _, parsed in program.problems():
        for found in _DEFINITION.findall(parsed.source):
            defined.setdefault(found, ())
    return defined


def definitions_in(
    bindings: Iterable[Binding],
) -> dict[str, tuple[str, ...]]:
    """Return the names that are bound to values, each with the names of its last parameters."""
    return {
        binding.name: _parameters(binding.node)
        for binding in bindings
        if binding.kind not in _NO_VALUE
    }


def _parameters(node: ast.AST) -> tuple[str, ...]:
    """Return the names of the parameters of a function, or of the class that is made."""
    if isinstance(node, FUNCTIONS):
        return tuple(each.arg for each in parameters(node))
    if isinstance(node, ast.ClassDef):
        for each in node.body:
            if isinstance(each, ast.FunctionDef) and each.name == "__init__":
                return _parameters(each)[1:]
    return ()
