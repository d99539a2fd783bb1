"""The grade cell: how it names its exercise, and how a report becomes its outputs.

nbgrader takes the points of a grade cell from the outputs of that cell, and asks nobody who wrote
them. So the code of a student must never run beside it, and does not.

Source: `utils.py` of nbgrader 0.9.6 (`determine_grade`, `get_partial_grade`). An output of the
type `error` means 0; an `execute_result` whose text is a number means that many points; anything
else, or nothing, means full points.
"""

import re
from enum import Enum
from typing import Any, Final

from grader.model import Report
from grader.platforms.telling import fraction, notes
from grader.render import text
from grader.render.html import cards_html
from grader.untrusted import for_html

_MARK: Final = "# Graded by exercise-grader: "
_CELL: Final = """\
{mark}{exercise}
# When your course grades this notebook, the hidden cases run here. Leave this cell as it is.
import os

if os.environ.get("NBGRADER_EXECUTION") == "autograde":
    raise RuntimeError("Not graded: nbgrader_config.py lacks the lines of exercise-grader.")"""
_NAME: Final = re.compile(rf"{re.escape(_MARK)}([\w-]+)$", re.MULTILINE)

Cell = dict[str, Any]


def grade_source(exercise: str) -> str:
    """Return the source of the grade cell.

    It fails where nbgrader runs it: an empty cell would give full points to everybody in a course
    whose configuration lacks our lines.
    """
    return _CELL.format(mark=_MARK, exercise=exercise)


class Kind(Enum):
    """What a cell means to nbgrader, after its sanitizing."""

    OURS = "ours"
    """A locked test cell that names an exercise."""
    TESTS = "tests"
    """Another test cell: nbgrader would run it."""
    OTHER = "other"
    """No points come from its outputs."""


def kind_of(cell: Cell) -> Kind:
    """Return what a cell of a sanitized notebook is.

    nbgrader restores the source of a locked cell from its database before it grades, so a student
    does not choose the name of the exercise.
    """
    about = cell["metadata"].get("nbgrader", {})
    if not about.get("grade"):
        return Kind.OTHER
    if cell["cell_type"] != "code" or about.get("solution"):
        return Kind.OTHER  # graded by hand
    locked = about.get("locked") and _NAME.search(cell["source"])
    return Kind.OURS if locked else Kind.TESTS


def test_cell(source: str, grade_id: str, points: float) -> Cell:
    """Return a locked test cell, with the metadata of nbgrader's schema 3."""
    about = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": True,
        "locked": True,
        "solution": False,
        "task": False,
        "points": points,
    }
    return {
        "id": grade_id,
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"nbgrader": about},
        "outputs": [],
        "source": source,
    }


def exercise_of(cell: Cell) -> str:
    """Return the exercise that a cell of the kind OURS names."""
    found = _NAME.search(cell["source"])
    if found is None:
        raise ValueError("the cell names no exercise")
    return found[1]


def outputs(report: Report, points: float) -> list[dict[str, Any]]:
    """Return the outputs that give the report's share of `points`, and show its feedback.

    Raises ValueError for a report without a score, which must never become points.
    """
    share = fraction(report)
    if share is None:
        raise ValueError("a report without a score has no points")
    earned = round(share * points, 6)
    said = "".join(
        f"<p>{for_html(note)}</p>" for note in notes(report).splitlines()
    )
    shown = {
        "data": {
            "text/html": cards_html(report) + said,
            "text/plain": text.render(report, notebook=True),
        },
        "metadata": {},
        "output_type": "display_data",
    }
    result = {
        "data": {"text/plain": str(earned)},
        "execution_count": 1,
        "metadata": {},
        "output_type": "execute_result",
    }
    return [shown, result]
