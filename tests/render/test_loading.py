"""What was left out while a submission was loaded is said in notes."""

import pytest

from grader.model import Loading, Raised, Skipped, Unit
from grader.render.loading import loading_notes


def test_skipped_statements_and_cells_are_named() -> None:
    """What was skipped is named by its line and source, or by its cell."""
    missing = Raised(
        type="ModuleNotFoundError", message="No module named 'cv2'", line=3
    )
    units = (Unit("a = 1\nb = 2\nimport cv2\n"),)
    loading = Loading(
        state="ready", skipped=(Skipped(line=3, cell=None, raised=missing),)
    )
    assert loading_notes(loading, units) == (
        "Line 3: import cv2 raised ModuleNotFoundError: No module named 'cv2'; skipped.",
    )
    assert loading_notes(loading) == (
        "Line 3 raised ModuleNotFoundError: No module named 'cv2'; skipped.",
    )
    loading = Loading(
        state="ready", skipped=(Skipped(line=1, cell=5, raised=missing),)
    )
    assert loading_notes(loading) == (
        "Cell 5 raised ModuleNotFoundError: No module named 'cv2'; skipped.",
    )


@pytest.mark.parametrize("odd", ["\u2028", "\x0c", "\x85", "\x1c", "\v"])
def test_lines_are_counted_as_python_counts_them(odd: str) -> None:
    """Neither a form feed nor a line separator inside a line moves the lines after it."""
    missing = Raised(
        type="ModuleNotFoundError", message="No module named 'cv2'", line=3
    )
    loading = Loading(
        state="ready", skipped=(Skipped(line=3, cell=None, raised=missing),)
    )
    units = (Unit(f"a = '{odd}'\n# {odd}\nimport cv2\nimport os\n"),)
    assert loading_notes(loading, units)[0].startswith(
        "Line 3: import cv2 raised"
    )


def test_a_second_try_says_why_in_200_characters() -> None:
    """However long the reason is, the note stays one that can be read."""
    reason = "x" * 1000
    (note,) = loading_notes(
        Loading(state="ready", definitions_only=True, reason=reason)
    )
    shown = note.partition("(")[2].partition(")")[0]
    assert shown == "x" * 197 + "..."


def test_a_flood_of_skipped_statements_is_counted() -> None:
    """Twenty notes and a count, whatever a submission does."""
    skipped = Skipped(
        line=1, cell=None, raised=Raised(type="E", message="x" * 10_000)
    )
    notes = loading_notes(
        Loading(state="ready", skipped=(skipped,) * 500, definitions_only=True),
    )
    assert len(notes) == 22
    assert (
        notes[-1] == "480 more statements raised an exception and were skipped."
    )
    assert max(map(len, notes)) < 400
