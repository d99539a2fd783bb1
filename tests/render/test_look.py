"""The page is readable in every theme, and a real browser shows it as it is meant."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from grader import grade
from grader.jupyter import check
from grader.model import Report
from grader.render import render
from grader.render.html import cards_html, style
from tests.browsers import open_browser

ROOT = Path(__file__).parents[2]


def _luminance(colour: tuple[float, float, float]) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in colour
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _hex(text: str) -> tuple[float, float, float]:
    text = text.lstrip("#")
    text = "".join(2 * c for c in text) if len(text) == 3 else text
    return (
        int(text[:2], 16) / 255,
        int(text[2:4], 16) / 255,
        int(text[4:], 16) / 255,
    )


def _over(
    ground: tuple[float, float, float], layer: str
) -> tuple[float, float, float]:
    *rgb, alpha = (float(part) for part in layer.split(","))
    red, green, blue = (
        c / 255 * alpha + g * (1 - alpha)
        for c, g in zip(rgb, ground, strict=True)
    )
    return red, green, blue


THEMES = {
    "light": ("#1f2328", "#ffffff"),
    "dark": ("#e6e8eb", "#1e2126"),
    "jupyterlab": ("#212121", "#ffffff"),
    "jupyterlab dark": ("#ffffff", "#111111"),
    "vs code dark": ("#cccccc", "#1f1f1f"),
    "vs code light": ("#3b3b3b", "#ffffff"),
    "colab dark": ("#d5d5d5", "#383838"),
}


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_are_readable_on_every_shade(theme: str) -> None:
    """In every theme digits reach WCAG AA (4.5) on each shade, and frames 3.0 on the ground."""
    ink, ground = map(_hex, THEMES[theme])
    shades = re.findall(
        r"td\.[pn]\d \{ background: rgba\(([^)]+)\)", str(style())
    )
    assert len(shades) == 10
    for shade in shades:
        assert _contrast(ink, _over(ground, shade)) >= 4.5, shade
    window = re.search(r"--exg-window: (#\w+)", str(style()))
    assert window
    assert _contrast(_hex(window[1]), ground) >= 3.0


def test_badges_are_readable() -> None:
    """White on each badge's colour reaches WCAG AA."""
    for name in ("good", "bad", "plain"):
        found = re.search(rf"--exg-{name}: (#\w+)", str(style()))
        assert found
        assert _contrast((1, 1, 1), _hex(found[1])) >= 4.5


# --------------------------------------------------------------------------- browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's browser, or the one that playwright brought."""
    with open_browser("--disable-gpu", "--disable-quic") as started:
        yield started


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser(
    browser: Any, mixed: Report, tmp_path: Path, scripts: bool, scheme: str
) -> None:
    """With scripts on and off, the page fits 360 pixels, loads nothing and logs no complaint."""
    file = tmp_path / "report.html"
    file.write_text(render(mixed, "html", "instructor"), encoding="utf-8")
    page = browser.new_page(
        java_script_enabled=scripts,
        color_scheme=scheme,
        viewport={"width": 360, "height": 800},
    )
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    assert page.locator(".exg-card").count() == 4
    assert page.locator("table").first.is_visible()
    assert page.get_by_text(
        "Your output is 10x10, but it should be 8x8."
    ).is_visible()
    box = page.locator(".exg-strip").first.bounding_box()
    assert box
    assert box["x"] + box["width"] <= 360
    assert complaints == []
    assert requests == [file.as_uri()]
    page.close()


def test_the_style_takes_effect(
    browser: Any, mixed: Report, tmp_path: Path
) -> None:
    """The policy lets the one style sheet in: shades, frames and the dark ground are there."""
    file = tmp_path / "report.html"
    file.write_text(render(mixed, "html"), encoding="utf-8")
    page = browser.new_page(
        color_scheme="dark", viewport={"width": 1200, "height": 800}
    )
    page.goto(file.as_uri())
    look = json.loads(
        page.evaluate(
            """JSON.stringify({
              ground: getComputedStyle(document.body).backgroundColor,
              wrong: getComputedStyle(document.querySelector("td.w")).boxShadow,
              shade: getComputedStyle(document.querySelector("td.p5")).backgroundColor,
              wide: document.documentElement.scrollWidth <= innerWidth,
            })"""
        )
    )
    assert look == {
        "ground": "rgb(21, 23, 26)",
        "wrong": "rgb(230, 232, 235) 0px 0px 0px 2px inset",
        "shade": "rgba(230, 126, 0, 0.4)",
        "wide": True,
    }
    page.close()


# --------------------------------------------------------------------------- the first screen

OUTPUT_BOX = {"width": 800, "height": 312}
"""What Notebook 7 shows of an output before one scrolls."""


@pytest.fixture(scope="module")
def flipped() -> dict[str, str]:
    """Return what a student with the flipped kernel sees: of `check`, and of a grading."""
    file = ROOT / "solutions" / "convolution" / "samples" / "flipped.py"
    namespace: dict[str, Any] = {}
    exec(compile(file.read_bytes(), str(file), "exec"), namespace)  # noqa: S102 - our own sample
    report = grade(file, secret=b"first screen", solutions=ROOT / "solutions")
    return {
        "check": check(namespace["convolve"], "convolution")._repr_html_(),
        "cards": cards_html(report),
        "page": render(report, "html", "student"),
    }


@pytest.mark.parametrize("kind", ["check", "cards"])
def test_the_first_screen_says_what_is_wrong_and_shows_it(
    browser: Any, flipped: dict[str, str], kind: str
) -> None:
    """In an output box of 800 x 312 stand verdict, sentence, hint and the top of the picture."""
    page = browser.new_page(viewport=OUTPUT_BOX)
    page.set_content(flipped[kind])
    for part in (".exg-badge", ".exg-message", ".exg-hint"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= OUTPUT_BOX["height"], part
    picture = page.locator(".exg-grid").first.bounding_box()
    assert picture["y"] + 40 <= OUTPUT_BOX["height"]
    assert page.locator(".exg-card:visible").count() == 1
    assert page.locator(".exg-same > summary").is_visible()
    page.close()


def test_the_folded_line_opens(browser: Any, flipped: dict[str, str]) -> None:
    """A click shows the cases with the same finding, and so does a link to one of them."""
    page = browser.new_page(viewport=OUTPUT_BOX)
    page.set_content(flipped["page"])
    assert page.locator(".exg-card:visible").count() == 1
    page.locator(".exg-same > summary").click()
    assert page.locator(".exg-card:visible").count() == 4
    page.close()
    page = browser.new_page(viewport=OUTPUT_BOX)
    page.set_content(flipped["page"])
    page.locator(".pips a").nth(2).click()
    page.locator("#case-3").wait_for(state="visible")
    page.close()


def test_a_printed_report_is_two_pages_at_most(
    browser: Any, flipped: dict[str, str]
) -> None:
    """On A4 a report with one mistake in every case takes one or two pages."""
    page = browser.new_page()
    page.set_content(flipped["page"])
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert 1 <= len(sheets) <= 2
    page.close()
