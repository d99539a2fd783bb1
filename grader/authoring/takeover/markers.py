"""Which lines of the cells are the solution, and which are tests, by the markers in them."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.authoring.takeover.cells import Cell, without_magics
from grader.errors import UsageError

_BLOCK: Final = re.compile(
    r"\s*#+\s*(BEGIN|END) (SOLUTION|HIDDEN TESTS?|TESTS?|MARK SCHEME)\b.*"
)
_PROMPT: Final = re.compile(r".*(?:'''|\"\"\")\s*;?\s*# (BEGIN|END) PROMPT\s*")
_LINE: Final = re.compile(r"(.*?)\s*#\s*SOLUTION(?: NO PROMPT)?\s*")
_RAW: Final = re.compile(
    r"\s*#\s*(BEGIN|END) (SOLUTION|PROMPT|TESTS|QUESTION)\b.*"
)
_HIDDEN: Final = re.compile(r"\s*#+\s*(HIDDEN|Hidden Test).*")
_OLD_TEST: Final = re.compile(
    r"\s*#+\s*(Hidden )?Test\b.*",
    re.IGNORECASE,
)


class Line(msgspec.Struct, frozen=True):
    """One line of code, without the marks in it."""

    text: str
    number: int
    """Its place in the cell, from 0."""
    is_solution: bool = False
    is_hidden: bool = False
    """Whether it is a hidden test."""


class Code(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
):
    """A cell of code, and what it is for."""

    cell: Cell
    lines: tuple[Line, ...]
    is_test: bool = False
    is_prompt: bool = False

    @property
    def source(self) -> str:
        """The code as Python reads it: what was marked, without the marks."""
        return "\n".join(line.text for line in self.lines) + "\n"

    @property
    def has_solution(self) -> bool:
        """Whether a line of it is the solution."""
        return any(line.is_solution for line in self.lines)


def read_code(
    path: Path,
    cells: Sequence[Cell],
) -> tuple[Code, ...]:
    """Return the cells of code with their lines marked.

    Raises `UsageError` for a marker without its other half.
    """
    inside: set[str] = set()
    found = []
    for cell in cells:
        if cell.kind == "raw":
            _enter_or_leave(cell, inside)
        elif cell.kind == "code":
            found.append(_code(path, cell, inside))
    return tuple(found)


def _enter_or_leave(
    cell: Cell,
    inside: set[str],
) -> None:
    mark = _RAW.match(cell.lines[0]) if cell.lines else None
    if mark is None:
        return
    if mark[1] == "BEGIN":
        inside.add(mark[2])
    else:
        inside.discard(mark[2])
        if mark[2] == "QUESTION":
            inside.clear()


def _code(
    path: Path,
    cell: Cell,
    inside: set[str],
) -> Code:
    lines = list(_lines(path, cell))
    marked = any(line.is_solution for line in lines)
    if (cell.is_solution or "SOLUTION" in inside) and not marked:
        lines = [
            msgspec.structs.replace(
                line,
                is_solution=True,
            )
            for line in lines
        ]
    first = cell.lines[0] if cell.lines else ""
    if _HIDDEN.match(first):
        lines = [
            msgspec.structs.replace(
                line,
                is_hidden=True,
            )
            for line in lines
        ]
    return Code(
        cell=cell,
        lines=tuple(lines),
        is_test=cell.is_test
        or "TESTS" in inside
        or _OLD_TEST.fullmatch(first) is not None,
        is_prompt="PROMPT" in inside,
    )


def _lines(
    path: Path,
    cell: Cell,
) -> Iterator[Line]:
    """Yield the lines of a cell; a marked block is solution, hidden or neither."""
    opened: dict[str, int] = {}
    in_prompt = False
    for number, text in enumerate(without_magics(cell.lines)):
        block, prompt = _BLOCK.fullmatch(text), _PROMPT.fullmatch(text)
        if block is not None:
            _open_or_close(path, cell, number, block, opened)
        elif prompt is not None:
            in_prompt = prompt[1] == "BEGIN"
        elif not in_prompt and "MARK SCHEME" not in opened:
            line = _LINE.fullmatch(text)
            yield Line(
                text if line is None else line[1],
                number,
                is_solution=line is not None or "SOLUTION" in opened,
                is_hidden=any(name.startswith("HIDDEN") for name in opened),
            )
    for name, number in opened.items():
        raise UsageError(
            f"{path}: {cell.at(number)}: BEGIN {name} has no END {name} below it; add the line"
        )


def _open_or_close(
    path: Path,
    cell: Cell,
    number: int,
    mark: re.Match[str],
    opened: dict[str, int],
) -> None:
    name = mark[2]
    if mark[1] == "BEGIN":
        if name in opened:
            raise UsageError(
                f"{path}: {cell.at(number)}: BEGIN {name} inside another one; "
                f"end the first with END {name}"
            )
        opened[name] = number
    elif opened.pop(name, None) is None:
        raise UsageError(
            f"{path}: {cell.at(number)}: END {name} has no BEGIN {name} above it; add the line"
        )
