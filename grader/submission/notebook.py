"""An .ipynb file's bytes to units of source: lenient, because real notebooks are seldom what the format says.

Code cells are numbered from 1, counting code cells alone (empty ones too), whatever Jupyter's own
counters say: those change with every run. Of all that a notebook carries only the text of its code
cells is kept, in a new and clean notebook: outputs, widget state, Colab's metadata and tags must
not change a grade, and would break what runs it.
"""

import json
import re
from typing import Any

from grader.model import Exercise, Fault, Unit
from grader.submission.program import program_of
from grader.submission.python import (
    Content,
    holds_code,
    read_python,
    syntax_fault,
    too_big,
)
from grader.submission.decoding import binary_kind
from grader.submission.source import SOURCE_CAP, Parsed, parse_cell, shown

_OLDEST, _NEWEST = 3, 4
_CELLS_CAP = 2000
_PYTHON = re.compile(r"(i?python|xpython|xeus-python|pyodide|py)[\d.]*", re.IGNORECASE)
# Magics whose cell is plain Python that stays in the notebook's namespace.
_PYTHON_CELL = re.compile(
    r"\A(?:[ \t]*(?:#[^\n]*)?\n)*(?P<magic>[ \t]*%%(?:grade|time|capture|prun|memit)\b[^\n]*)"
)


def read_notebook(data: bytes, exercise: Exercise) -> Content:
    """Read a notebook of format 4, or 3; total: every byte string gives a `Content`."""
    if not data.strip():
        return Content(
            fault=Fault(
                message="The file is empty. Save the notebook, and hand it in again."
            )
        )
    kind = binary_kind(data)
    if kind is not None:
        return Content(
            fault=Fault(
                message=f"This is {kind}, not a notebook. Hand in the .ipynb file itself."
            )
        )
    notes: tuple[str, ...] = ()
    try:
        document = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except UnicodeDecodeError:
        notes = (
            "The notebook is not saved as UTF-8; letters that could not be read were replaced.",
        )
        document = _loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError, MemoryError):
        document = None
    if not isinstance(document, dict):
        return _not_json(data, exercise)
    cells = _cells(document)
    if isinstance(cells, Fault):
        return Content(fault=cells)
    return _content(document, [_readable(cell) for cell in cells], exercise, notes)


def _loads(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError, MemoryError):
        return None


def _not_json(data: bytes, exercise: Exercise) -> Content:
    """Take a .py file that was only renamed for what it is."""
    if not data.lstrip().startswith((b"{", b"[")):
        content = read_python(data)
        if (
            content.fault is None
            and program_of(content.parsed).last(exercise.function) is not None
        ):
            return content
    return Content(
        fault=Fault(
            message="The file is damaged: it is not a notebook. Save it in Jupyter, and hand it in again."
        )
    )


def _cells(document: dict[str, Any]) -> list[str] | Fault:
    """Give the source of every code cell, or the fault that there is none to find."""
    version = document.get("nbformat")
    if isinstance(version, int) and not _OLDEST <= version <= _NEWEST:
        age = "old" if version < _OLDEST else "new"
        text = f"The notebook is saved in format {version}, which is too {age}."
        return Fault(
            message=f"{text} Open it in Jupyter, and save it again as format 4."
        )
    cells = document.get("cells")
    if cells is None and isinstance(document.get("worksheets"), list):
        sheets = [
            sheet.get("cells")
            for sheet in document["worksheets"]
            if isinstance(sheet, dict)
        ]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        return Fault(
            message="The file is not a notebook: it has no cells. Hand in the .ipynb file from Jupyter."
        )
    found = [
        _source(cell)
        for cell in cells
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]
    if not any(source.strip() for source in found):
        return Fault(message="The notebook has no code: every code cell is empty.")
    if len(found) > _CELLS_CAP:
        return Fault(
            message=f"The notebook has more than {_CELLS_CAP} code cells. Hand in only what belongs to the exercise."
        )
    if sum(map(len, found)) > SOURCE_CAP:
        return too_big("notebook")
    return found


def _source(cell: dict[str, Any]) -> str:
    # Format 3 calls it `input`. One string or a list of lines: both are common.
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = source if isinstance(source, str) else ""
    return (
        text.encode("utf-8", "replace")
        .decode()
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\0", "")
    )


def _readable(source: str) -> str:
    """Turn `%%time` and the like into a comment, so that the cell is what it is without it: Python."""
    found = _PYTHON_CELL.match(source)
    if found is None:
        return source
    start = found.start("magic")
    return f"{source[:start]}# {source[start:].lstrip()}"


def _content(
    document: dict[str, Any],
    sources: list[str],
    exercise: Exercise,
    notes: tuple[str, ...],
) -> Content:
    size = sum(map(len, sources))
    parsed = tuple(
        (number, parse_cell(source, size)) for number, source in enumerate(sources, 1)
    )
    return Content(
        units=tuple(Unit(source, number) for number, source in enumerate(sources, 1)),
        parsed=parsed,
        fault=_fault(document, parsed, exercise),
        notes=notes,
        notebook=_clean(sources),
    )


def _fault(
    document: dict[str, Any],
    parsed: tuple[tuple[int | None, Parsed], ...],
    exercise: Exercise,
) -> Fault | None:
    if program_of(parsed).last(exercise.function) is not None:
        return None
    language = _language(document)
    if language is not None:
        return Fault(
            message=f"The notebook is written for {shown(language)}, not for Python."
        )
    defines = re.compile(
        rf"^[ \t]*(async[ \t]+)?def[ \t]+{re.escape(exercise.function)}\b", re.MULTILINE
    )
    for cell, unit in reversed(parsed):
        if unit.problem is not None and defines.search(unit.source):
            return syntax_fault(unit.problem, cell)
    if not any(unit.tree is None or holds_code(unit.tree) for _, unit in parsed):
        return Fault(message="The notebook's code cells have only comments, no code.")
    return None


def _language(document: dict[str, Any]) -> str | None:
    """Give the notebook's language where it says one that is not Python."""
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for table, key in (("kernelspec", "language"), ("language_info", "name")):
        value = metadata.get(table)
        name = value.get(key) if isinstance(value, dict) else None
        if isinstance(name, str) and name.strip():
            return None if _PYTHON.fullmatch(name.strip()) else name
    return None


def _clean(sources: list[str]) -> object:
    import nbformat

    cells: list[dict[str, object]] = [
        {
            "id": f"cell-{number}",
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(sources, 1)
    ]
    kernel = {
        "kernelspec": {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
    }
    return nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}
    )  # type: ignore[no-untyped-call] # it has no types
