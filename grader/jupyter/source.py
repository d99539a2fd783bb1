"""The student's own source as a notebook keeps it: the cells that were run, under the names that IPython gave them."""

import ast
import hashlib
import inspect
import linecache
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from grader.model import Exercise, Fault, Submission, Unit
from grader.submission.program import read_program
from grader.submission.rules import forbidden_fault
from grader.submission.stub import unchanged_stub

_CELLS: Final = 100
"""So many of the cells that were run last are read."""


class Sources:
    """Finds the text of cells.

    A cell's number is the one in the brackets beside it, `[7]`: that is what a student sees on the
    page.
    """

    def __init__(self, shell: Any) -> None:  # noqa: ANN401 - IPython's InteractiveShell, or None
        self._numbers = dict(_numbers(shell))
        self._own: str | None = None

    def units(self, function: Any) -> tuple[Unit, ...]:  # noqa: ANN401 - students pass anything
        """Give the cells that were run, in that order, and last the one (or the file) that holds the function."""
        code = (
            getattr(_innermost(function), "__code__", None)
            if callable(function)
            else None
        )
        self._own = getattr(code, "co_filename", None)
        names = sorted(self._numbers, key=self._numbers.__getitem__)[-_CELLS:]
        if self._own is not None and self._own not in self._numbers:
            names = [self._own]
        # One text for each number: a cell with %%grade is run twice, inside and outside, and the
        # inside is cached last.
        texts = {
            self._numbers.get(name): text for name in names if (text := _text(name))
        }
        own = self._numbers.get(self._own or "")
        if own in texts:
            texts[own] = texts.pop(own)
        return tuple(Unit(text, number) for number, text in texts.items())

    def places(
        self, frames: Iterable[tuple[str, int]]
    ) -> Iterator[tuple[int, int | None]]:
        """Give line and cell of those frames, `(file, line)`, that are in the student's own source."""
        for name, line in frames:
            if name == self._own or name in self._numbers:
                yield line, self._numbers.get(name)


def current_number(shell: Any) -> int | None:  # noqa: ANN401 - as above
    """Give the number of the cell that is being run."""
    return max(_numbers(shell).values(), default=None)


def _numbers(shell: Any) -> Mapping[str, int]:  # noqa: ANN401 - as above
    # The only place where IPython keeps which cell has which name; where it is not, line numbers
    # alone are told.
    found: Mapping[str, int] = getattr(
        getattr(shell, "compile", None), "_filename_map", {}
    )
    return found


def submission_of(
    function: Any, exercise: Exercise, sources: Sources, *, named: bool
) -> Submission:  # noqa: ANN401 - as above
    """Give what `grader check` would read from a file: the text around a function, and what the text alone shows.

    Without `named`, what is checked is not what the text calls by the exercise's name, so the text
    says nothing about it but where its lines are.
    """
    units = sources.units(function)
    if not named and not callable(function):
        units = ()
    text = "\n\n".join(unit.source for unit in units)
    return Submission(
        name="notebook",
        kind="notebook",
        digest=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
        units=units,
        fault=_fault(exercise, units) if named else None,
    )


def _fault(exercise: Exercise, units: Sequence[Unit]) -> Fault | None:
    program = read_program(units)
    return forbidden_fault(program, exercise) or unchanged_stub(program, exercise)


def _innermost(function: Any) -> Any:  # noqa: ANN401 - as above
    try:
        return inspect.unwrap(function)
    except ValueError:
        return function  # decorators that go round in a circle


def _text(name: str) -> str | None:
    text = "".join(linecache.getlines(name))
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None  # a cell that could not be run
    return text
