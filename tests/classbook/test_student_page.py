"""The page of one student, for the instructor: what was handed in, and the place in the class."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser

from grader.api import grade
from grader.classbook.listing import Gap, Line, listing
from grader.classbook.student_page import HEAD, Beside, student_page, threaded
from grader.model import Exercise, Report, Submission
from grader.submission import parse_submission
from tests.batch.conftest import BROKEN, FLIPPED, RAISES, RIGHT
from tests.browsers import open_browser

ROOT = Path(__file__).parents[2]
NASTY = "<script>window.hacked = 1</script><!--/class-->"


def graded(
    folder: Path, exercise: Exercise, source: str, name: str = "one.py"
) -> tuple[Report, Submission]:
    """Grade one file."""
    path = folder / name
    path.write_text(source, encoding="utf-8")
    report = grade(path, ROOT / "exercises" / "convolution", secret=b"page")
    return report, parse_submission(name, path.read_bytes(), exercise)


def notebook(*sources: str) -> str:
    """Make a notebook of code cells."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for source in sources
    ]
    book = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    return json.dumps(book)


def marked(submission: Submission, report: Report) -> list[tuple[str, int]]:
    """Return where the marked lines are: the title of the piece, and the line."""
    return [
        (piece.title, line.number)
        for piece in listing(submission, report)
        for line in piece.lines
        if isinstance(line, Line) and line.marked
    ]


@pytest.mark.parametrize(
    ("source", "name", "places"),
    [
        (RAISES, "one.py", [("", 11)]),
        (BROKEN, "one.py", [("", 8)]),
        (FLIPPED, "one.py", []),
        (notebook("import math", RAISES), "one.ipynb", [("Cell 2", 11)]),
    ],
)
def test_the_line_that_the_report_speaks_of_is_marked(
    tmp_path: Path,
    exercise: Exercise,
    source: str,
    name: str,
    places: list[tuple[str, int]],
) -> None:
    """An exception marks its line in a file and in a cell, and so does a syntax error."""
    report, submission = graded(tmp_path, exercise, source, name)
    assert marked(submission, report) == places


def test_a_long_file_and_long_lines_are_bounded(
    tmp_path: Path, exercise: Exercise
) -> None:
    """Of 5,000 lines those around the mark and the function are shown, and the rest is counted."""
    source = "x = 1\n" * 2500 + RAISES + f"y = '{'long ' * 9000}'\n"
    report, submission = graded(
        tmp_path, exercise, source + "z = 2\n" * 2500, "long.py"
    )
    (piece,) = listing(submission, report)
    shown = [line for line in piece.lines if isinstance(line, Line)]
    gaps = [line.said for line in piece.lines if isinstance(line, Gap)]
    assert len(shown) < 100
    assert any(line.marked == "all 4 cases" for line in shown)
    assert any("def convolve" in line.text for line in shown)
    assert gaps[-1].endswith(" to 5012 not shown")
    cut = next(line for line in shown if line.text.startswith("y = "))
    assert cut.cut.endswith("more characters")
    assert len(student_page(report, submission)) < 300_000


@pytest.mark.parametrize("cells", [100, 30])
def test_a_notebook_of_many_cells_is_bounded(
    tmp_path: Path, exercise: Exercise, cells: int
) -> None:
    """At most 400 lines of a page are source, however they are divided."""
    source = notebook(RIGHT, *["x = 1\n" * 40] * cells)
    report, submission = graded(tmp_path, exercise, source, "many.ipynb")
    pieces = listing(submission, report)
    lines = [each for piece in pieces for each in piece.lines]
    assert sum(isinstance(line, Line) for line in lines) <= 400
    last = lines[-1]
    assert isinstance(last, Gap)
    assert last.said.endswith("not shown")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's browser, or the one that playwright brought."""
    with open_browser() as started:
        yield started


PLACE = Beside(2, 3, f"a{NASTY}", "c d", (("file", NASTY), ("late", "by 2 h")))


def test_the_source_stands_beside_the_feedback_and_is_text(
    tmp_path: Path, exercise: Exercise, browser: Browser
) -> None:
    """Markup in source and names is shown, line numbers are not copied, the mark is linked."""
    source = RAISES.replace(
        "import numpy as np", f"import numpy as np  # {NASTY}"
    )
    report, submission = graded(tmp_path, exercise, source)
    page = threaded(student_page(report, submission), PLACE)
    assert page is not None
    path = tmp_path / "page.html"
    path.write_bytes(page)
    opened = browser.new_page(viewport={"width": 1400, "height": 900})
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.goto(path.as_uri())
    assert opened.evaluate("window.hacked") is None
    told = opened.locator(".told").bounding_box()
    shown = opened.locator(".source").bounding_box()
    assert told is not None
    assert shown is not None
    assert told["x"] + told["width"] < shown["x"]
    lines = opened.locator(".listing").inner_text().splitlines()
    assert lines[0] == f"import numpy as np  # {NASTY}"
    assert opened.locator(".listing mark").inner_text().startswith("    return")
    opened.get_by_role("link", name="line 11").click()
    assert opened.url.endswith("#line-1-11")
    links = opened.locator("nav.class-nav a").evaluate_all(
        "all => all.map(each => each.getAttribute('href'))"
    )
    assert links[0] == "../index.html"
    assert links[2] == "c%20d.html"
    assert "by 2 h" in opened.locator(".handed-in").inner_text()
    assert said == []
    opened.close()


def test_a_page_is_written_again_only_for_another_place(
    tmp_path: Path, exercise: Exercise
) -> None:
    """The same place changes nothing; another one changes the place alone."""
    report, submission = graded(tmp_path, exercise, FLIPPED)
    bare = student_page(report, submission)
    first = threaded(bare, PLACE)
    assert first is not None
    assert threaded(first, PLACE) is None
    assert threaded(first[:HEAD], PLACE) is None
    other = msgspec.structs.replace(PLACE, after="somebody else")
    second = threaded(first, other)
    assert second is not None
    assert threaded(second, PLACE) == first
    assert threaded(b"<p>of an older grader", PLACE) is None


@pytest.mark.parametrize("source", [FLIPPED, RAISES, BROKEN])
def test_a_page_prints_on_two_sheets(
    tmp_path: Path, exercise: Exercise, browser: Browser, source: str
) -> None:
    """Feedback, one picture and a source of usual length fit on two sheets of A4."""
    report, submission = graded(tmp_path, exercise, source)
    path = tmp_path / "page.html"
    path.write_bytes(student_page(report, submission))
    opened = browser.new_page()
    opened.goto(path.as_uri())
    printed = opened.pdf(format="A4")
    assert 1 <= printed.count(b"/Type /Page\n") <= 2
    opened.close()
