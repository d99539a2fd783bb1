"""How every kind of report looks, to the letter.

A change of one word or one class shows here, in `golden/`. After a change that is meant, write the
files again and read the difference before you commit it:

    GRADER_UPDATE=1 pytest tests/render/test_golden.py
"""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.model import Report, Verdict
from grader.render import render
from grader.render.html import cards_html
from grader.render.svg import grid_svg
from grader.render.terminal import Terminal
from grader.render.text import render as text

HERE = Path(__file__).parent / "golden"


def assert_golden(name: str, shown: str) -> None:
    """Compare with a golden file; with GRADER_UPDATE set, write it first."""
    file = HERE / name
    if os.environ.get("GRADER_UPDATE"):
        file.write_text(shown, "utf-8", newline="\n")
    assert shown == file.read_text("utf-8")


def test_text(named: tuple[str, Report]) -> None:
    """Every verdict and status as text for a student, and below it for an instructor."""
    name, report = named
    both = f"{render(report, 'text')}{'=' * 80}\n{render(report, 'text', 'instructor')}"
    assert_golden(f"{name}.txt", both)


def test_text_on_a_wide_terminal_with_colours(mixed: Report) -> None:
    """Colours are written as escape sequences, which are shown here as their escapes."""
    shown = text(mixed, "instructor", Terminal(120, colour=True))
    assert_golden("mixed_in_colour.txt", shown.replace("\x1b", "\\x1b"))


def test_text_in_ascii_on_a_narrow_terminal(mixed: Report) -> None:
    """Marks are ASCII, and arrays stand below each other."""
    assert_golden(
        "mixed_narrow.txt", text(mixed, "student", Terminal(40, symbols=False))
    )


def test_text_in_a_notebook(mixed: Report) -> None:
    """Every case that failed is drawn."""
    assert_golden("mixed_in_a_notebook.txt", text(mixed, notebook=True))


def test_page(mixed: Report) -> None:
    """The page of a usual submission for its instructor."""
    assert_golden("mixed.html", render(mixed, "html", "instructor"))


@pytest.mark.parametrize("name", ["raised", "not_gradable", "grader_error", "passed"])
def test_cards(name: str, kit: SimpleNamespace) -> None:
    """The cards of other reports for a student, without their style."""
    report: Report = kit.reports[name]
    _, cards = cards_html(report).split("</style>\n")
    assert_golden(f"{name}.html", cards)


@pytest.mark.parametrize("verdict", [Verdict.WRONG_VALUES, Verdict.WRONG_SHAPE])
def test_picture(verdict: Verdict, kit: SimpleNamespace) -> None:
    """The arrays of a case as a picture."""
    picture = grid_svg(kit.case(verdict))
    assert picture is not None
    assert_golden(f"{verdict}.svg", picture.replace("><", ">\n<"))
