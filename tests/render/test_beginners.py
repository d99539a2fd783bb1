"""Twenty beginners' mistakes as pages: short, on the first screen, on a phone, for everybody."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from grader.execution import open_runner
from grader.exercise import load_exercise
from grader.grading import check
from grader.model import Report, Verdict
from grader.render import render
from grader.render.html import cards_html
from grader.submission import parse_submission
from tests.beginners import MISTAKES
from tests.browsers import open_browser
from tests.finding_words import MOST_WORDS, said_twice, words_of

ROOT = Path(__file__).parents[2]
OUTPUT_BOX: Any = {"width": 800, "height": 312}
"""What Notebook 7 shows of an output before one scrolls."""
PHONE = {"width": 390, "height": 844}
SCREEN = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """Check the twenty as `grader check` does."""
    exercise = load_exercise(ROOT / "exercises" / "convolution")
    found = {}
    with open_runner(exercise) as runner:
        for name, source in MISTAKES.items():
            submission = parse_submission(
                "convolve.py", source.encode(), exercise
            )
            found[name] = check(exercise, submission, runner)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's browser, or the one that playwright brought."""
    with open_browser() as started:
        yield started


def test_there_are_twenty_and_each_is_told(reports: dict[str, Report]) -> None:
    """Each mistake fails, in at most 120 words for a finding, none of which stands there twice."""
    assert len(reports) == 20
    for name, report in reports.items():
        failed = [
            case for case in report.cases if case.verdict is not Verdict.PASSED
        ]
        assert failed, name
        for case in failed:
            assert words_of(case) <= MOST_WORDS, name
            assert said_twice(case) == [], name


def test_a_terminal_of_80_columns(reports: dict[str, Report]) -> None:
    """No line is longer, the cause stands in the first dozen lines, and there is no slug."""
    for name, report in reports.items():
        shown = render(report, "text", hints="full")
        lines = shown.splitlines()
        assert max(map(len, lines)) <= 80, name
        told = next(case for case in report.cases if case.details.trial)
        said = " ".join(" ".join(lines[:14]).split())
        for hint in told.hints:
            assert hint.text in said, name
        assert not re.search(r"\b(two-weights|not-square)\b", shown), name


@pytest.mark.parametrize("name", MISTAKES)
def test_the_first_screen(
    browser: Browser, reports: dict[str, Report], name: str
) -> None:
    """In a box of 800 x 312 stand verdict, sentence, hint, picture, and the cause after a click."""
    page = browser.new_page(viewport=OUTPUT_BOX)
    page.set_content(cards_html(reports[name]))
    card = page.locator(".exg-card").first
    for fold in card.locator(".exg-cause > summary").all():
        fold.click()
    page.evaluate("scrollTo(0, 0)")
    seen = [".exg-badge", ".exg-message", ".exg-hint", ".exg-moment"]
    parts = [part for kind in seen for part in card.locator(kind).all()]
    parts += card.locator(".exg-arrays[open]").first.locator("table").all()
    for part in parts:
        box = part.bounding_box()
        assert box
        assert box["y"] + box["height"] <= OUTPUT_BOX["height"], name
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
def test_everybody_can_read_it(
    browser: Browser,
    reports: dict[str, Report],
    tmp_path: Path,
    scheme: Any,
    size: Any,
) -> None:
    """Axe finds nothing on any page or card, nothing is wider than the screen, all folds open."""
    page = browser.new_page(viewport=size, color_scheme=scheme)
    for number, report in enumerate(reports.values()):
        file = tmp_path / f"{number}.html"
        file.write_text(render(report, "html"), encoding="utf-8")
        page.goto(file.as_uri())
        for fold in page.locator("summary:visible").all():
            fold.click()
        violations = Axe().run(page).response["violations"]
        assert [each["id"] for each in violations] == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"]
    page.close()
