"""The class page: with and without its script, on screens of any size, with hostile names."""

import functools
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from grader.classbook import charts
from grader.classbook.behaviour import Behaviour, Given
from grader.classbook.facts import Facts, RaisedAt
from grader.classbook.page import class_page, page_address
from grader.classbook.rows import Row
from grader.classbook.summarise import summarise
from grader.classbook.summary import SecretSource
from grader.classbook.unexplained import common_of
from grader.exercise import load_solutions
from grader.intake.sources import Skipped
from grader.intake.student import Student
from grader.model import Exercise, Status, Verdict
from tests.browsers import open_browser

HIDDEN = Path(__file__).parents[2] / "solutions" / "convolution"
CASES = ["8x8", "12x10", "10x10", "12x8"]
EMPTY = zlib.compress(b"")
NASTY = "<script>window.hacked = 1</script>\"'&"


def row(number: int, **more: Any) -> Facts:
    """Make the facts of one submission."""
    passed = number % 5
    verdicts = tuple(
        (case, Verdict.PASSED if at < passed else Verdict.RAISED)
        for at, case in enumerate(CASES)
    )
    given: dict[str, Any] = {
        "name": f"student {number:04}",
        "status": Status.GRADED,
        "score": float(passed),
        "message": "",
        "hints": (("kernel-flipped", "Use `kernel` as it is."),)
        if passed < 2
        else (),
        "exceptions": (RaisedAt("ValueError", "no", "out[i] = 1", 4),)
        if passed < 4
        else (),
        "alike": (str(number % 7), str(number % 3)),
        "isolation": "full",
    }
    return Facts(
        kind="python", max_score=4.0, verdicts=verdicts, **(given | more)
    )


def page(
    exercise: Exercise,
    rows: list[Facts],
    folder: Path,
    source: SecretSource = "file",
) -> Path:
    """Write the page of a class."""
    summary = summarise(
        rows,
        exercise,
        CASES,
        [Skipped(f"{NASTY}.pdf", "a .pdf file")],
        source,
        functools.partial(
            common_of, exercise, load_solutions(exercise, HIDDEN), b"page"
        ),
    )
    path = folder / "index.html"
    shown = [Row(Student(name=facts.name), facts) for facts in rows]
    path.write_bytes(b"".join(class_page(summary, shown)))
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's browser, or the one that playwright brought."""
    with open_browser() as started:
        yield started


@pytest.mark.parametrize("size", [5, 200, 5000])
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (360, "dark")])
def test_the_page_reads_without_a_script_on_any_screen(
    tmp_path: Path,
    exercise: Exercise,
    browser: Browser,
    size: int,
    width: int,
    scheme: Any,
) -> None:
    """Everybody is in the table and linked, charts have labels, and nothing is too wide."""
    path = page(exercise, [row(number) for number in range(size)], tmp_path)
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=False,
    )
    opened = context.new_page()
    opened.goto(path.as_uri())
    assert opened.locator("table.class tbody tr").count() == size
    assert (
        opened.locator("table.class a").first.get_attribute("href")
        == "reports/student%200000.html"
    )
    label = opened.locator("svg.chart").get_attribute("aria-label") or ""
    assert label.count(" of 4 points") == 5
    assert not opened.locator(".filter").is_visible()
    wide = opened.locator("main > *").evaluate_all(
        "all => Math.max(...all.map(e => e.getBoundingClientRect().right))"
    )
    assert wide <= width
    context.close()


def test_the_script_sorts_and_filters(
    tmp_path: Path, exercise: Exercise, browser: Browser
) -> None:
    """One click sorts, the next reverses, the filter filters; no error and no request."""
    path = page(exercise, [row(number) for number in range(12)], tmp_path)
    opened = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(path.as_uri())
    scores = opened.locator("table.class tbody td.number")
    opened.get_by_role("button", name="score").click()
    assert scores.all_inner_texts() == sorted(scores.all_inner_texts())
    opened.get_by_role("button", name="score").click()
    assert scores.all_inner_texts() == sorted(
        scores.all_inner_texts(), reverse=True
    )
    assert opened.locator("th[aria-sort=descending]").inner_text() == "score"
    opened.get_by_label("Show only").fill("0007")
    assert opened.locator("table.class tbody tr:visible").count() == 1
    assert (said, asked) == ([], [path.as_uri()])
    opened.close()


def test_a_students_text_is_never_markup(
    tmp_path: Path, exercise: Exercise, browser: Browser
) -> None:
    """Names, messages, hints, sources and paths are shown and not run."""
    rows = [
        row(
            0,
            name=NASTY,
            exceptions=(RaisedAt(NASTY, NASTY, NASTY, 1),),
            hints=((NASTY, NASTY),),
        ),
        row(
            1,
            name="b",
            status=Status.NOT_GRADABLE,
            message=f"`{NASTY}` {NASTY}",
        ),
        row(2, name="c", status=Status.GRADER_ERROR, score=None, message=NASTY),
    ]
    path = page(exercise, rows, tmp_path)
    opened = browser.new_page()
    opened.goto(path.as_uri())
    assert opened.evaluate("window.hacked") is None
    assert opened.evaluate("document.scripts.length") == 2
    assert (
        opened.locator("table.class tbody tr").first.locator("a").inner_text()
        == NASTY
    )
    assert (
        opened.locator("table.class tbody tr")
        .nth(2)
        .locator("td.number")
        .inner_text()
        == "none"
    )
    opened.close()


@pytest.mark.parametrize("name", ["a b", "100%", "a#b?c", "ä"])
def test_a_link_leads_to_its_page(
    tmp_path: Path, browser: Browser, name: str
) -> None:
    """The address is that of the file, whatever characters its name holds."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / f"{name}.html").write_text("<title>here</title>")
    opened = browser.new_page()
    opened.goto(
        (tmp_path / "index.html").as_uri().removesuffix("index.html")
        + page_address(name)
    )
    assert opened.title() == "here"
    opened.close()


@pytest.mark.parametrize("groups", [2, 60])
def test_the_table_is_not_far_down_however_many_share_their_code(
    tmp_path: Path, exercise: Exercise, browser: Browser, groups: int
) -> None:
    """A few groups are open; many are folded, and open without a script."""
    rows = [
        row(4, name=f"{n:04}", hints=(), alike=(str(n // 2), str(n // 2)))
        for n in range(2 * groups)
    ]
    context = browser.new_context(
        viewport={"width": 1200, "height": 800}, java_script_enabled=False
    )
    opened = context.new_page()
    opened.goto(page(exercise, rows, tmp_path).as_uri())
    section = opened.locator(
        "section", has=opened.get_by_role("heading", name="The same code")
    )
    box = section.bounding_box()
    assert box is not None
    assert box["height"] < 300
    if groups > 2:
        section.get_by_text("60 groups").click()
    assert section.get_by_text("2 submissions: 0000, 0001").is_visible()
    context.close()


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 200, "0 %"),
        (1, 200, "<1 %"),
        (2, 200, "1 %"),
        (5, 200, "3 %"),
        (199, 200, ">99 %"),
        (200, 200, "100 %"),
        (0, 0, "0 %"),
    ],
)
def test_a_share_is_never_rounded_to_nobody_or_everybody(
    part: int, whole: int, shown: str
) -> None:
    """One of two hundred is not nobody."""
    assert charts.share(part, whole) == shown


def test_the_bars_of_misconceptions_are_shares_of_the_class(
    tmp_path: Path, exercise: Exercise, browser: Browser
) -> None:
    """One of 200 has half a percent of the track, and is written as `<1 %`."""
    rows = [row(4, name=str(number), hints=()) for number in range(199)]
    path = page(
        exercise,
        [row(4, name="a", hints=(("stride-two", "You skip."),)), *rows],
        tmp_path,
    )
    opened = browser.new_page()
    opened.goto(path.as_uri())
    bar = opened.locator(".line", has_text="Stride two")
    assert bar.locator(".value").inner_text() == "1, <1 %"
    widths = bar.locator("rect").evaluate_all(
        "all => all.map(each => each.getAttribute('width'))"
    )
    assert widths == ["100%", "0.5%"]
    opened.close()


@pytest.mark.parametrize(
    ("secret", "shown"), [("file", 0), ("environment", 0), ("default", 1)]
)
def test_the_default_secret_is_a_warning_at_the_top(
    tmp_path: Path,
    exercise: Exercise,
    browser: Browser,
    secret: Any,
    shown: int,
) -> None:
    """Any other source is only mentioned; options are set as code."""
    opened = browser.new_page()
    opened.goto(page(exercise, [row(0)], tmp_path, secret).as_uri())
    assert (
        opened.locator(
            ".notice", has_text="the default secret, which everybody can read"
        ).count()
        == shown
    )
    assert opened.get_by_text("The hidden inputs were drawn with").count() == 1
    told = {
        "file": ["--secret-file"],
        "environment": ["GRADER_SECRET"],
        "default": ["--secret-file FILE", "GRADER_SECRET"],
    }
    assert opened.locator("main > p code").all_inner_texts() == told[secret]
    opened.close()


def test_the_same_class_gives_the_same_bytes(
    tmp_path: Path, exercise: Exercise
) -> None:
    """Nothing in the page depends on when it was made."""
    rows = [row(number) for number in range(20)]
    assert (
        page(exercise, rows, tmp_path).read_bytes()
        == page(exercise, rows, tmp_path).read_bytes()
    )


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (360, "dark")])
def test_groups_without_a_name_fit_any_screen(
    tmp_path: Path,
    exercise: Exercise,
    browser: Browser,
    width: int,
    scheme: Any,
) -> None:
    """A group shows its size, arrays, code and skeleton; code is text, and nothing is too wide."""
    code = (
        f"def convolve(image, kernel):\n    return {NASTY!r}  # {'long ' * 60}"
    )
    raised = Behaviour((Given(f"ValueError: {NASTY}"),) * 12, EMPTY, code)
    rows = [row(0, name=f"s{at}", behaviour=raised) for at in range(7)]
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    opened = context.new_page()
    opened.goto(page(exercise, rows, tmp_path).as_uri())
    section = opened.locator(
        "section", has=opened.get_by_role("heading", name="nobody has named")
    )
    assert "7 students give this" in section.inner_text()
    shown = section.locator("pre").all_inner_texts()
    assert any("return '<script>" in text for text in shown)
    assert section.get_by_text("misconceptions.py").count() > 0
    section.get_by_text("To paste into").click()
    assert section.get_by_text("def unnamed_1(image, kernel):").is_visible()
    wide = opened.locator("main *:not(pre *):not(.scroll *)").evaluate_all(
        "all => Math.max(...all.map(e => e.getBoundingClientRect().right))"
    )
    assert wide <= width
    assert opened.evaluate("window.hacked") is None
    context.close()
