"""From the bytes of an .ipynb file to units of source.

This is lenient, because real notebooks are seldom what the format says. Code cells are numbered
from 1, counting code cells alone (empty ones too), whatever Jupyter's own counters say: those
change with every run. Only the text of the code cells is kept, in a new and clean notebook.
Outputs, widget state, Colab's metadata and tags must not change a grade, and some of them would
break what runs the notebook.
"""

import re
from collections.abc import Sequence

from grader.model import Fault, Unit
from grader.submission.budget import too_complicated
from grader.submission.decoding import binary_kind
from grader.submission.documents import Document, read_document, read_source
from grader.submission.program import Program, read_program
from grader.submission.python import (
    Content,
    holds_code,
    read_python,
    syntax_fault,
    too_big,
)
from grader.submission.source import SOURCE_CAP, Parsed
from grader.untrusted import quoted
from grader.vocabulary import place_first

_OLDEST, _NEWEST = 3, 4
_CELLS_CAP = 1000
"""Most code cells. Running one costs the grader half a millisecond."""
_RAW_CAP = 6 * SOURCE_CAP
"""Most bytes of sources as JSON, which may need six for one character (`\\u00e9`)."""
_PYTHON = re.compile(
    r"(i?python|xpython|xeus-python|pyodide|py)[\d.]*", re.IGNORECASE
)
_PYTHON_CELL = re.compile(
    r"\A(?:[ \t]*(?:#[^\n]*)?\n)*(?P<magic>[ \t]*%%(?:grade|time|capture|prun|memit)\b[^\n]*)"
)
"""Magics whose cell is plain Python that stays in the notebook's namespace."""

_OTHER_CELL = re.compile(
    r"\s*(%%(?:writefile|file|bash|sh|script|cmd|system|sx|html|HTML|svg|SVG|javascript|js"
    r"|latex|markdown|perl|ruby|timeit))\b"
)
"""Magics whose cell defines nothing in the notebook."""
_TAKES_FROM_FILES = re.compile(
    r"^[ \t]*(?:from[ \t]+(?!numpy\b)[\w.]+[ \t]+import\b|%run\b|%load\b|exec\()",
    re.MULTILINE,
)
"""Lines that may bring back what a cell has written to a file."""

_EMPTY = Fault(
    message="The file is empty. Save the notebook, and hand it in again."
)
_NO_CODE = Fault(message="The notebook has no code: every code cell is empty.")
_ONLY_COMMENTS = Fault(
    message="The notebook's code cells have only comments, no code."
)
_NO_CELLS = Fault(
    message="The file is not a notebook: it has no cells. Hand in the .ipynb file from Jupyter."
)
_DAMAGED = Fault(
    message=(
        "The file is damaged: it is not a notebook. "
        "Save it in Jupyter, and hand it in again."
    )
)
_PAGE_START = 200
_PAGE_MARKS = (b"<!doctype html", b"<html")
_PAGE = Fault(
    message=(
        "The file is a web page (HTML), not a notebook. "
        "Hand in the .ipynb file itself, and not a page that shows it."
    )
)
_TEXT_CELLS = {"markdown": "a Markdown cell", "raw": "a raw cell"}
_TOO_MANY = Fault(
    message=(
        f"The notebook has more than {_CELLS_CAP} code cells. "
        "Hand in only what belongs to the exercise."
    )
)
_LETTERS = "The notebook is not saved as UTF-8; letters that could not be read were replaced."


def read_notebook(data: bytes, function: str | None) -> Content:
    """Read a notebook of format 4 or 3. Total: every byte string gives a `Content`.

    `function` is the name that is asked for, or None where any will do.
    """
    if not data.strip():
        return Content(fault=_EMPTY)
    kind = binary_kind(data)
    if kind is not None:
        message = (
            f"This is {kind}, not a notebook. Hand in the .ipynb file itself."
        )
        return Content(fault=Fault(message=message))
    document = read_document(data)
    if document is None:
        return _not_json(data, function)
    fault = _fault_of(document)
    if fault is not None:
        return Content(fault=fault)
    return _read(document, function)


def _not_json(data: bytes, function: str | None) -> Content:
    """Read a .py file that was only given another suffix."""
    if data[:_PAGE_START].lstrip().lower().startswith(_PAGE_MARKS):
        return Content(fault=_PAGE)
    if not data.lstrip().startswith((b"{", b"[")):
        content = read_python(data)
        if content.fault is None and _defines(content.program, function):
            return content
    return Content(fault=_DAMAGED)


def _fault_of(document: Document) -> Fault | None:
    """Return what is wrong with a document before its sources are looked at."""
    version = document.version
    if version is not None and not _OLDEST <= version <= _NEWEST:
        return _wrong_version(version)
    if document.sources is None:
        return _NO_CELLS
    if len(document.sources) > _CELLS_CAP or not document.is_whole:
        return _TOO_MANY
    if sum(map(len, document.sources)) > _RAW_CAP:
        return too_big("notebook")
    return None


def _read(document: Document, function: str | None) -> Content:
    read = [read_source(raw) for raw in document.sources or ()]
    sources = [_without_magic(_text(source)) for source, _ in read]
    if not any(source.strip() for source in sources):
        return Content(fault=_in_text(document, function) or _NO_CODE)
    if sum(map(len, sources)) > SOURCE_CAP:
        return Content(fault=too_big("notebook"))
    units = tuple(
        Unit(source, number) for number, source in enumerate(sources, 1)
    )
    program = read_program(units)
    if not program.units:
        return Content(fault=too_complicated("notebook"))
    return Content(
        units=units,
        program=program,
        fault=_in_magic(units, function) or _fault(document, program, function),
        notes=() if all(is_whole for _, is_whole in read) else (_LETTERS,),
        notebook=_clean(sources),
    )


def _wrong_version(version: int) -> Fault:
    age = "old" if version < _OLDEST else "new"
    return Fault(
        message=(
            f"The notebook is saved in format {version}, which is too {age}. "
            "Open it in Jupyter, and save it again as format 4."
        )
    )


def _text(source: str) -> str:
    text = source.encode("utf-8", "replace").decode()
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _without_magic(source: str) -> str:
    """Turn `%%time` and the like into a comment, which leaves a cell of plain Python."""
    found = _PYTHON_CELL.match(source)
    if found is None:
        return source
    start = found.start("magic")
    return f"{source[:start]}# {source[start:].lstrip()}"


def _defines(program: Program, function: str | None) -> bool:
    return function is None or program.last(function) is not None


def _fault(
    document: Document, program: Program, function: str | None
) -> Fault | None:
    if function is None or _defines(program, function):
        return None
    language = document.language
    if language is not None and not _PYTHON.fullmatch(language.strip()):
        message = (
            f"The notebook is written for {quoted(language)}, not for Python."
        )
        return Fault(message=message)
    hidden = _in_text(document, function)
    if hidden is not None:
        return hidden
    defines = _definition_of(function)
    for cell, unit in reversed(program.units):
        if unit.problem is not None and defines.search(unit.source):
            return syntax_fault(unit.problem, cell)
    if not any(map(_may_hold_code, program.units)):
        return _ONLY_COMMENTS
    return None


def _definition_of(function: str) -> re.Pattern[str]:
    name = re.escape(function)
    return re.compile(
        rf"^[ \t]*+(?:(?:async[ \t]+)?def|class)[ \t]+{name}\b", re.MULTILINE
    )


def _in_magic(units: Sequence[Unit], function: str | None) -> Fault | None:
    """Say that all cells with the function begin with a line such as `%%writefile`."""
    if function is None:
        return None
    defines = _definition_of(function)
    magic = None
    for unit in units:
        if _TAKES_FROM_FILES.search(unit.source):
            return None
        if not defines.search(unit.source):
            continue
        magic = _OTHER_CELL.match(unit.source)
        if magic is None:
            return None
        where = place_first(None, unit.cell)
    if magic is None:
        return None
    said = f"begins with {magic[1]}, so {function} is not defined there"
    return Fault(message=f"{where} {said}. Delete that line.")


def _in_text(document: Document, function: str | None) -> Fault | None:
    """Say that the function is in a cell of text."""
    if function is None:
        return None
    defines = _definition_of(function)
    for kind, raw in document.texts:
        if defines.search(_text(read_source(raw)[0])):
            cell = _TEXT_CELLS.get(kind, "a cell of text")
            said = f"{function} is in {cell}, which is not code"
            advice = "Change the cell's type to Code, run it, and save."
            return Fault(message=f"{said}. {advice}")
    return None


def _may_hold_code(unit: tuple[int | None, Parsed]) -> bool:
    _, parsed = unit
    return parsed.tree is None or holds_code(parsed.tree)


# ------------------------------------------------------------------------------ the clean notebook


def _clean(sources: list[str]) -> object:
    """Return a valid notebook of format 4.5 that has these code cells and nothing else."""
    import nbformat

    kernel = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
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
