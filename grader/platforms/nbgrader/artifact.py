"""The source notebook of an assignment, and the lines for nbgrader_config.py.

Source: https://nbgrader.readthedocs.io (Creating and grading assignments), and nbgrader 0.9.6:
`nbgraderformat/v3.py` for the metadata of cells, `preprocessors/clearsolutions.py` for the markers.
"""

import ast
import json
from typing import Any, Final

from grader.platforms.nbgrader.cells import Cell, grade_source, test_cell
from grader.platforms.parts import PLAIN, Parts, Tree, under, without

_BEGIN: Final = "### BEGIN SOLUTION"
_END: Final = "### END SOLUTION"
_TO_DO: Final = "raise NotImplementedError"


def files(parts: Parts) -> Tree:
    """Return the assignment's source folder, the configuration, the wheel and where to begin."""
    name = parts.exercise.name
    notebook = json.dumps(source_notebook(parts), indent=1) + "\n"
    return {
        "START.md": (parts.fill("nbgrader/templates/START.md"), PLAIN),
        "nbgrader_config.py": (
            parts.fill("nbgrader/templates/nbgrader_config.txt"),
            PLAIN,
        ),
        **without(parts.install, {"install.sh": (b"", PLAIN)}),
        f"source/{name}/{name}.ipynb": (notebook.encode(), PLAIN),
        **under(f"source/{name}", parts.pictures),
    }


def source_notebook(parts: Parts) -> dict[str, Any]:
    """Return the instructor's version: statement, the function to write, one grade cell."""
    exercise = parts.exercise
    cells = [
        {
            "id": "statement",
            "cell_type": "markdown",
            "metadata": {},
            "source": parts.statement_alone,
        },
        _solution_cell(
            with_markers(exercise.stub, exercise.function), exercise.function
        ),
        test_cell(
            grade_source(exercise.name),
            f"grade-{exercise.name}",
            parts.max_score,
        ),
    ]
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _solution_cell(source: str, grade_id: str) -> Cell:
    cell = test_cell(source, grade_id, 0.0)
    about = cell["metadata"]["nbgrader"]
    del about["points"]
    about.update(grade=False, locked=False, solution=True)
    return cell


def with_markers(stub: str, function: str) -> str:
    """Return the stub with nbgrader's markers around what the student replaces.

    Without them `nbgrader generate_assignment` would replace the whole cell, with the `def` in it.
    """
    lines = stub.rstrip("\n").split("\n")
    found = [
        node
        for node in ast.parse(stub).body
        if isinstance(node, ast.FunctionDef) and node.name == function
    ]
    if not found:
        return "\n".join([*lines, _BEGIN, _TO_DO, _END])
    body = found[-1].body
    documented = ast.get_docstring(found[-1], clean=False) is not None
    work = body[1:] if documented else body
    margin = " " * body[0].col_offset
    begin, end = f"{margin}{_BEGIN}", f"{margin}{_END}"
    if not work:
        at = body[0].end_lineno or body[0].lineno
        return "\n".join(
            [*lines[:at], begin, margin + _TO_DO, end, *lines[at:]]
        )
    first, last = work[0].lineno - 1, work[-1].end_lineno or work[-1].lineno
    inside = lines[first:last]
    return "\n".join([*lines[:first], begin, *inside, end, *lines[last:]])
