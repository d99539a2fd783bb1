"""The student's own source as a notebook keeps it: the cells that were run, by IPython's names."""

import ast
import hashlib
import linecache
import types
from collections.abc import Mapping
from typing import Any, Final

from grader.confined import judging
from grader.model import Exercise, Submission, Unit
from grader.submission.program import read_program
from grader.submission.rules import rules_of
from grader.submission.stub import unchanged_stub

_CELL_CAP: Final = 100
"""How many cells are read: those that were run last."""


class Sources:
    """The text of the cells that were run, and of the file that a function comes from, if any.

    A cell's number is the one in the brackets beside it, `[7]`: that is what a student sees on the
    page.
    """

    def __init__(self, shell: Any, function: object) -> None:  # noqa: ANN401 - IPython's or None
        self._numbers = dict(_numbers(shell))
        self._own = _file_of(function)

    @property
    def cells(self) -> dict[str, int | None]:
        """The student's own source as tracebacks name it: file name -> number of the cell."""
        cells: dict[str, int | None] = (
            {} if self._own is None else {self._own: None}
        )
        return {**cells, **self._numbers}

    @property
    def own_number(self) -> int | None:
        """The number of the cell in which the function is written, if it is in one."""
        return None if self._own is None else self._numbers.get(self._own)

    def units(self) -> tuple[Unit, ...]:
        """Return the cells in the order they ran; the one that defines the function comes last.

        For a function from a file, that file is all there is.
        """
        names = sorted(self._numbers, key=self._numbers.__getitem__)[
            -_CELL_CAP:
        ]
        if self._own is not None and self._own not in self._numbers:
            names = [self._own]
        # One text for each number: a cell with %%grade is run twice, outside and inside, and the
        # inside is cached last.
        texts: dict[int | None, str] = {}
        for name in names:
            text = _text(name)
            if text:
                texts[self._numbers.get(name)] = text
        own = self._numbers.get(self._own or "")
        if own in texts:
            texts[own] = texts.pop(own)
        return tuple(Unit(text, number) for number, text in texts.items())


def current_number(shell: Any) -> int | None:  # noqa: ANN401 - as above
    """Return the number of the cell that is being run."""
    return max(_numbers(shell).values(), default=None)


def _numbers(shell: Any) -> Mapping[str, int]:  # noqa: ANN401 - as above
    # The only place where IPython keeps which cell has which name. Where it is missing, messages
    # have line numbers alone.
    compiler = getattr(shell, "compile", None)
    found: Mapping[str, int] = getattr(compiler, "_filename_map", {})
    return found


def _file_of(function: object) -> str | None:
    """Return the file, or cell, in which a function is written, whatever is wrapped around it."""
    if not callable(function):
        return None
    file = None
    for layer in judging.layers(function):
        if type(layer) is types.FunctionType:
            file = layer.__code__.co_filename
    return file


def submission_of(
    units: tuple[Unit, ...],
    exercise: Exercise,
    *,
    named: bool,
) -> Submission:
    """Return what `grader check` would read from a file: the text around a function.

    `named` says that the text calls the function by the exercise's name. Only then is the text
    searched for faults; otherwise it only tells what stands on which line.
    """
    text = "\n\n".join(unit.source for unit in units)
    program = read_program(units, limited=False)
    offence = rules_of(program, exercise)[1] if named else None
    return Submission(
        name="notebook",
        kind="notebook",
        digest=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
        units=units,
        fault=unchanged_stub(program, exercise) if named else None,
        offence=offence,
    )


def _text(name: str) -> str | None:
    text = "".join(linecache.getlines(name))
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None  # a cell that could not be run
    return text
