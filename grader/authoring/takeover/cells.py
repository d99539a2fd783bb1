"""A notebook or a Python file as cells."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import UsageError
from grader.files import open_regular
from grader.untrusted import quoted

_LARGEST = 32 * 2**20
_MARK = re.compile(r"# ?%%\s*(\[markdown\])?.*")


class Cell(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
):
    """One cell: its text line by line, and what a course's tool noted about it."""

    kind: str
    """`code`, `markdown` or `raw`."""
    lines: tuple[str, ...]
    place: str
    """How an author finds it: `cell 3`, or the name of a file."""
    first_line: int = 1
    """The number of its first line, as an author counts."""
    is_solution: bool = False
    """Whether nbgrader's metadata say that students write this cell."""
    is_test: bool = False
    output: str | None = None
    """The saved result of its last line, as text."""

    def at(self, line: int) -> str:
        """Name a line, counted from 0."""
        return f"{self.place}, line {self.first_line + line}"


def read_cells(path: Path) -> tuple[Cell, ...]:
    """Return the cells of a notebook or of a Python file.

    Raises `UsageError`, in one line that names the file, if it cannot be read or is neither.
    """
    try:
        if path.is_dir():
            raise UsageError(
                f"{path}: is a folder; --from takes a notebook or a .py file"
            )
        with open_regular(path, through_links=True) as stream:
            data = stream.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(
            f"{path}: cannot be read ({reason}); --from takes a notebook or a .py file"
        ) from error
    if len(data) > _LARGEST:
        raise UsageError(
            f"{path}: is larger than {_LARGEST >> 20} MiB; clear its outputs first"
        )
    if path.suffix == ".ipynb":
        return _notebook(path, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: is not UTF-8 text; --from takes a notebook or a .py file"
        ) from error
    return tuple(_percent_cells(path, text))


def _notebook(
    path: Path,
    data: bytes,
) -> tuple[Cell, ...]:
    try:
        content = msgspec.json.decode(data)
    except (
        msgspec.DecodeError,
        RecursionError,
        UnicodeError,
    ) as error:
        raise UsageError(
            f"{path}: is not a notebook ({error}); save it again in Jupyter"
        ) from error
    cells = (
        content.get("cells")
        if isinstance(
            content,
            dict,
        )
        else None
    )
    if not isinstance(cells, list):
        raise UsageError(
            f"{path}: has no list of cells, as a notebook of format 4 has; "
            "open it in Jupyter and save it again"
        )
    about = _table(_table(content).get("metadata"))
    language = _language(about)
    if language not in ("", "python"):
        raise UsageError(
            f"{path}: is a notebook in {quoted(language)}; only Python can be taken over"
        )
    return tuple(
        _cell(number, cell)
        for number, cell in enumerate(cells, 1)
        if isinstance(cell, dict)
    )


def _cell(
    number: int,
    cell: dict[str, Any],
) -> Cell:
    about = _table(_table(cell.get("metadata")).get("nbgrader"))
    is_solution = about.get("solution") is True
    return Cell(
        kind=str(cell.get("cell_type")),
        lines=tuple(_joined(cell.get("source")).splitlines()),
        place=f"cell {number}",
        is_solution=is_solution,
        is_test=about.get("grade") is True and not is_solution,
        output=_output(cell.get("outputs")),
    )


def _language(about: dict[str, Any]) -> str:
    """Return the language of a notebook; an empty text if it does not say."""
    found = (
        _table(about.get("kernelspec")).get("language"),
        _table(about.get("language_info")).get("name"),
    )
    return next((each for each in found if isinstance(each, str)), "").lower()


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _joined(value: object) -> str:
    parts = (
        value
        if isinstance(
            value,
            list,
        )
        else [value]
    )
    return "".join(part for part in parts if isinstance(part, str))


def _output(outputs: object) -> str | None:
    for each in (
        outputs
        if isinstance(
            outputs,
            list,
        )
        else []
    ):
        data = _table(_table(each).get("data"))
        if "text/plain" in data:
            return _joined(data["text/plain"])
    return None


def _percent_cells(
    path: Path,
    text: str,
) -> Iterator[Cell]:
    """Split a file at its `# %%` lines; a text cell is a comment or a string."""
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if _MARK.fullmatch(line)]
    bounds = [
        0,
        *starts,
        len(lines),
    ]
    for start, end in itertools.pairwise(bounds):
        mark = _MARK.fullmatch(lines[start]) if start in starts else None
        first = start + 1 if mark else start
        part = lines[first:end]
        if any(line.strip() for line in part):
            is_text = mark is not None and mark[1] is not None
            yield Cell(
                kind="markdown" if is_text else "code",
                lines=tuple(_text_lines(part) if is_text else part),
                place=path.name,
                first_line=first + 1,
            )


def _text_lines(lines: list[str]) -> list[str]:
    quotes = {'"""', "'''"}
    kept = [line for line in lines if line.strip() not in quotes]
    return [re.sub(r"^# ?", "", line) for line in kept]


def without_magics(lines: tuple[str, ...]) -> list[str]:
    """Return lines of code in which those that only Jupyter understands are comments."""
    return [f"# {line}" if _is_magic(line) else line for line in lines]


def _is_magic(line: str) -> bool:
    stripped = line.strip()
    return stripped[:1] in {
        "%",
        "!",
        "?",
    } or bool(re.fullmatch(r"[\w.]+\?{1,2}", stripped))
