"""From the bytes of an .ipynb file to units of source.

This is lenient, because real notebooks are seldom what the format says. Code cells are numbered
from 1, counting code cells alone (empty ones too), whatever Jupyter's own counters say: those
change with every run. Only the text of the code cells is kept, in a new and clean notebook.
Outputs, widget state, Colab's metadata and tags must not change a grade, and some of them would
break what runs the notebook.
"""

import json
import re
from typing import Any

from grader.model import Exercise, Fault, Unit
from grader.submission.decoding import binary_kind
from grader.submission.program import program_of
from grader.submission.python import (
    Content,
    holds_code,
    read_python,
    syntax_fault,
    too_big,
)
from grader.submission.source import SOURCE_CAP, Parsed, parse_cell
from grader.untrusted import quoted

_OLDEST, _NEWEST = 3, 4
_CELLS_CAP = 2000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PYTHON = re.compile(r"(i?python|xpython|xeus-python|pyodide|py)[\d.]*", re.IGNORECASE)
_PYTHON_CELL = re.compile(
    r"\A(?:[ \t]*(?:#[^\n]*)?\n)*(?P<magic>[ \t]*%%(?:grade|time|capture|prun|memit)\b[^\n]*)"
)
"""Magics whose cell is plain Python that stays in the notebook's namespace."""

_EMPTY = Fault(message="The file is empty. Save the notebook, and hand it in again.")
_NO_CODE = Fault(message="The notebook has no code: every code cell is empty.")
_ONLY_COMMENTS = Fault(message="The notebook's code cells have only comments, no code.")
_NO_CELLS = Fault(
    message="The file is not a notebook: it has no cells. Hand in the .ipynb file from Jupyter."
)
_DAMAGED = Fault(
    message=(
        "The file is damaged: it is not a notebook. "
        "Save it in Jupyter, and hand it in again."
    )
)
_TOO_MANY = Fault(
    message=(
        f"The notebook has more than {_CELLS_CAP} code cells. "
        "Hand in only what belongs to the exercise."
    )
)
_LETTERS = (
    "The notebook is not saved as UTF-8; letters that could not be read were replaced."
)

_Cells = tuple[tuple[int | None, Parsed], ...]
_Json = dict[str, Any]


def read_notebook(data: bytes, exercise: Exercise) -> Content:
    """Read a notebook of format 4 or 3. Total: every byte string gives a `Content`."""
    if not data.strip():
        return Content(fault=_EMPTY)
    kind = binary_kind(data)
    if kind is not None:
        message = f"This is {kind}, not a notebook. Hand in the .ipynb file itself."
        return Content(fault=Fault(message=message))
    document, notes = _load(data)
    if not isinstance(document, dict):
        return _not_json(data, exercise)
    found = _sources(document)
    if isinstance(found, Fault):
        return Content(fault=found)
    sources = [_without_magic(source) for source in found]
    total = sum(map(len, sources))
    parsed: _Cells = tuple(
        (number, parse_cell(source, total)) for number, source in enumerate(sources, 1)
    )
    return Content(
        units=tuple(Unit(source, number) for number, source in enumerate(sources, 1)),
        parsed=parsed,
        fault=_fault(document, parsed, exercise),
        notes=notes,
        notebook=_clean(sources),
    )


def _load(data: bytes) -> tuple[object, tuple[str, ...]]:
    """Return the JSON document, None where there is none, and notes about how it was read."""
    try:
        return json.loads(data.removeprefix(_BYTE_ORDER_MARK)), ()
    except UnicodeDecodeError:
        pass
    except (ValueError, RecursionError, MemoryError):
        return None, ()
    try:
        return json.loads(data.decode("utf-8", "replace")), (_LETTERS,)
    except (ValueError, RecursionError, MemoryError):
        return None, ()


def _not_json(data: bytes, exercise: Exercise) -> Content:
    """Read a .py file that was only given another suffix."""
    if not data.lstrip().startswith((b"{", b"[")):
        content = read_python(data)
        program = program_of(content.parsed)
        if content.fault is None and program.last(exercise.function) is not None:
            return content
    return Content(fault=_DAMAGED)


# ---------------------------------------------------------------------------- from JSON to sources


def _sources(document: _Json) -> list[str] | Fault:
    """Return the source of every code cell, or the fault that there is none to be found."""
    version = document.get("nbformat")
    if isinstance(version, int) and not _OLDEST <= version <= _NEWEST:
        return _wrong_version(version)
    cells = _cells(document)
    if not isinstance(cells, list):
        return _NO_CELLS
    code_cells = [cell for cell in cells if _is_code(cell)]
    found = [_source(cell) for cell in code_cells]
    if not any(source.strip() for source in found):
        return _NO_CODE
    if len(found) > _CELLS_CAP:
        return _TOO_MANY
    if sum(map(len, found)) > SOURCE_CAP:
        return too_big("notebook")
    return found


def _wrong_version(version: int) -> Fault:
    age = "old" if version < _OLDEST else "new"
    return Fault(
        message=(
            f"The notebook is saved in format {version}, which is too {age}. "
            "Open it in Jupyter, and save it again as format 4."
        )
    )


def _cells(document: _Json) -> object:
    cells = document.get("cells")
    worksheets = document.get("worksheets")
    if cells is not None or not isinstance(worksheets, list):
        return cells
    # Format 3 has its cells in worksheets.
    found: list[object] = []
    for sheet in worksheets:
        inside = sheet.get("cells") if isinstance(sheet, dict) else None
        if isinstance(inside, list):
            found += inside
    return found


def _is_code(cell: object) -> bool:
    return isinstance(cell, dict) and cell.get("cell_type") == "code"


def _source(cell: _Json) -> str:
    # Format 3 calls it `input`. Both one string and a list of lines are common.
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    text = source.encode("utf-8", "replace").decode()
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _without_magic(source: str) -> str:
    """Turn `%%time` and the like into a comment, which leaves a cell of plain Python."""
    found = _PYTHON_CELL.match(source)
    if found is None:
        return source
    start = found.start("magic")
    return f"{source[:start]}# {source[start:].lstrip()}"


# ---------------------------------------------------------------------------------- what is wrong


def _fault(document: _Json, parsed: _Cells, exercise: Exercise) -> Fault | None:
    if program_of(parsed).last(exercise.function) is not None:
        return None
    language = _foreign_language(document)
    if language is not None:
        message = f"The notebook is written for {quoted(language)}, not for Python."
        return Fault(message=message)
    name = re.escape(exercise.function)
    defines = re.compile(rf"^[ \t]*(async[ \t]+)?def[ \t]+{name}\b", re.MULTILINE)
    for cell, unit in reversed(parsed):
        if unit.problem is not None and defines.search(unit.source):
            return syntax_fault(unit.problem, cell)
    if all(unit.tree is not None and not holds_code(unit.tree) for _, unit in parsed):
        return _ONLY_COMMENTS
    return None


def _foreign_language(document: _Json) -> str | None:
    """Return the notebook's language if it names one other than Python."""
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return None
    for table, key in (("kernelspec", "language"), ("language_info", "name")):
        value = metadata.get(table)
        name = value.get(key) if isinstance(value, dict) else None
        if isinstance(name, str) and name.strip():
            return None if _PYTHON.fullmatch(name.strip()) else name
    return None


# ------------------------------------------------------------------------------ the clean notebook


def _clean(sources: list[str]) -> object:
    """Return a valid notebook of format 4.5 that has these code cells and nothing else."""
    import nbformat

    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel},
        "cells": [_code_cell(*numbered) for numbered in enumerate(sources, 1)],
    }
    return nbformat.from_dict(notebook)  # type: ignore[no-untyped-call] # it has no types


def _code_cell(number: int, source: str) -> dict[str, object]:
    return {
        "id": f"cell-{number}",
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
