"""Grading inside nbgrader: a preprocessor that takes the place of its `Execute`.

    c.Autograde.sanitize_preprocessors.prepend(["grader.nbgrader.tidy"])
    c.Autograde.autograde_preprocessors = ["grader.nbgrader.grade", ...]

nbgrader runs a student's notebook in an ordinary kernel with the rights of whoever grades, beside
the tests and the outputs that become points. With this preprocessor it runs nothing: the notebook
is graded in a confined worker, and the trusted side writes the outputs of the grade cell. nbgrader
goes on from there: it saves the points, takes off for late work, makes the feedback.

The hidden half and the secret come from where `grader grade` takes them. A grading that fails for
a reason of ours raises, and nbgrader leaves the old grade as it is: that is never a 0.

A preprocessor of nbconvert may be a plain function, so this module needs no class of nbgrader's.
"""

import json
from typing import Any, NamedTuple

import nbformat

from grader.api import grade as grade_submission
from grader.errors import GraderError, UsageError
from grader.model import Report
from grader.platforms.nbgrader.cells import (
    Kind,
    exercise_of,
    kind_of,
    outputs,
    test_cell,
)

Notebook = Any
"""A `nbformat.NotebookNode`, which is a dict."""


class CourseCell(NamedTuple):
    """A cell of the instructor's notebook that nbgrader keeps an eye on."""

    name: str
    source: str
    points: float


def tidy(
    nb: Notebook, resources: dict[str, Any]
) -> tuple[Notebook, dict[str, Any]]:
    """Make every cell that is not the course's an ordinary cell, before nbgrader sanitizes.

    A student who copies a grade cell, or invents one, would otherwise end nbgrader's run for
    everybody: it takes the metadata of the copy away, and then calls them too old. As nbgrader
    does, this keeps the last of several cells with one id.
    """
    about = resources["nbgrader"]
    known = {cell.name for cell in _course_cells(about)}
    for cell in reversed(nb["cells"]):
        says = cell["metadata"].get("nbgrader")
        name = says.get("grade_id") if isinstance(says, dict) else None
        if isinstance(name, str) and name in known:
            known.remove(name)
        else:
            cell["metadata"].pop("nbgrader", None)
    return nb, resources


def grade(
    nb: Notebook, resources: dict[str, Any]
) -> tuple[Notebook, dict[str, Any]]:
    """Fill the outputs of the grade cell that names an exercise of this grader.

    `nb` is what nbgrader's sanitizing left; `resources["nbgrader"]` says whose it is. Raises
    GraderError where it cannot be graded, and UsageError where another cell would need code to run:
    nbgrader gives full points to a test cell without outputs.
    """
    about = resources["nbgrader"]
    where = f"{about['student']}, {about['notebook']}.ipynb"
    ours = []
    for cell in nb["cells"]:
        kind = kind_of(cell)
        if kind is Kind.TESTS:
            raise UsageError(
                f"{where}: the cell {cell['metadata']['nbgrader']['grade_id']!r} has tests that "
                "would run beside the student's code; grade it by hand, or make an exercise of it"
            )
        if kind is Kind.OURS:
            ours.append(cell)
    if not ours:
        ours = _from_database(about)
        nb["cells"] += ours
    if not ours:
        raise UsageError(
            f"{where}: no grade cell of this assignment names an exercise; "
            "take the notebook that `grader package nbgrader` makes"
        )
    for cell in ours:
        report = _report(nb, exercise_of(cell), f"{about['notebook']}.ipynb")
        points = float(cell["metadata"]["nbgrader"]["points"])
        cell["outputs"] = _nodes(outputs(report, points))
        cell["execution_count"] = 1
    return nb, resources


def _from_database(about: dict[str, Any]) -> list[Notebook]:
    """Return the grade cells that a student deleted, as nbgrader's database has them.

    nbgrader can put them back itself (`OverwriteCells.add_missing_cells`). But it fails where the
    cell above is missing as well, and where the student copied a grade cell.
    """
    cells = [
        test_cell(cell.source, cell.name, cell.points)
        for cell in _course_cells(about)
    ]
    return _nodes([cell for cell in cells if kind_of(cell) is Kind.OURS])


def _nodes(made: list[dict[str, Any]]) -> list[Notebook]:
    nodes: list[Notebook] = nbformat.from_dict(made)  # type: ignore[no-untyped-call] # no types
    return nodes


def _course_cells(about: dict[str, Any]) -> list[CourseCell]:
    """Return the cells of the instructor's notebook, as nbgrader's database has them."""
    from nbgrader.api import Gradebook

    place = about["notebook"], about["assignment"]
    with Gradebook(about["db_url"]) as database:
        notebook = database.find_notebook(*place)
        points = {cell.name: cell.max_score for cell in notebook.grade_cells}
        return [
            CourseCell(cell.name, cell.source, points.get(cell.name, 0.0))
            for cell in notebook.source_cells
        ]


def _report(nb: Notebook, exercise: str, name: str) -> Report:
    """Return the report about the student's own cells."""
    own = [cell for cell in nb["cells"] if kind_of(cell) is not Kind.OURS]
    report = grade_submission(
        json.dumps({**nb, "cells": own}).encode(), exercise, name=name
    )
    if report.score is None:
        raise GraderError(f"{name}: not graded: {report.message}")
    return report
