"""Every page for everybody: axe-core finds nothing, a phone is wide enough, nothing must move."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.service.conftest import Served
from tests.service.pages.conftest import FLIPPED, open_work, write

LOOKS = [
    pytest.param(
        {"viewport": {"width": width, "height": 844}, "color_scheme": scheme},
        id=f"{width}-{scheme}",
    )
    for width in (1366, 390)
    for scheme in ("light", "dark")
]
RAISES = "def convolve(image, kernel):\n    print('seen')\n    return image[99, 99]\n"


def violations(page: Page) -> list[str]:
    """Return what axe-core finds, and what is wider than the page."""
    found = [
        f"{each['id']}: {node['html'][:160]}"
        for each in Axe().run(page).response["violations"]
        for node in each["nodes"]
    ]
    wide = "document.documentElement.scrollWidth - innerWidth"
    if (over := page.evaluate(wide)) > 0:
        found.append(f"{over} px wider than the screen")
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_the_way_in(
    window: Callable[..., Any], served: Served, look: dict[str, Any]
) -> None:
    """The question for the name, the personal link, the list; and a link that is not valid."""
    page = window(**look).new_page()
    page.goto(f"{served.url}/enter#wrong")
    expect(page.get_by_role("status")).to_contain_text("not valid")
    assert violations(page) == []
    key = (served.data / "join.key").read_text().strip()
    page.goto("about:blank")
    page.goto(f"{served.url}/enter#{key}")
    page.get_by_label("What is your name?").fill("Axe")
    assert violations(page) == []
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="To the exercises").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="To the exercises").click()
    page.get_by_text("Not begun.").first.wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_the_work_page(
    student: Callable[..., Page], served: Served, look: dict[str, Any]
) -> None:
    """As it is opened, with feedback of both kinds, with another tab's text, with files."""
    page = student("Axe Works", **look)
    open_work(page, served)
    assert violations(page) == []
    write(page, FLIPPED)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#happened")).to_contain_text("Public examples:")
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator("#attempts li")).to_have_count(1)
    page.get_by_text("Files", exact=True).click()
    assert violations(page) == []
    other = page.context.new_page()
    open_work(other, served)
    # Only once it is saved is there another text.
    with page.expect_response("**/api/v1/drafts/*"):
        write(page, RAISES)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator("#attempts li")).to_have_count(2)
    assert violations(page) == []
    write(other, "mine = 1\n")
    other.get_by_role("button", name="The other text").wait_for()
    assert violations(other) == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_a_teachers_pages(
    student: Callable[..., Page],
    teacher: Callable[..., Page],
    served: Served,
    look: dict[str, Any],
) -> None:
    """The exercises, one class live, one attempt beside its feedback."""
    page = student("Axe Learns")
    open_work(page, served)
    write(page, RAISES)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator("#attempts li")).to_have_count(1)
    eye = teacher(**look)
    eye.goto(f"{served.url}/class")
    eye.locator("#links tr").first.wait_for()
    assert violations(eye) == []
    eye.get_by_role(
        "link", name="Convolution: slide a kernel over an image"
    ).click()
    eye.locator("table.class").wait_for()
    eye.get_by_text("Hand in for a student").click()
    assert violations(eye) == []
    eye.get_by_role("link", name="Axe Learns").first.click()
    eye.locator(".listing").wait_for()
    assert violations(eye) == []


def test_every_statement_and_lesson_is_readable(
    student: Callable[..., Page], served: Served
) -> None:
    """On a phone in the dark, axe-core finds nothing on the page of any exercise."""
    look = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    page = student("Reads All", **look)
    listed = page.locator("[data-exercise] a")
    names = [str(link.get_attribute("href")) for link in listed.all()]
    assert len(names) == 17
    for name in names:
        open_work(page, served, name.rpartition("/")[2])
        assert (name, violations(page)) == (name, [])


def test_formulas_stand_in_their_lines(
    student: Callable[..., Page], served: Served
) -> None:
    """A letter of a formula is part of its sentence."""
    page = student("Reads Formulas")
    open_work(page, served)
    displays = page.locator(".math.inline").evaluate_all(
        "found => found.map((each) => getComputedStyle(each).display)"
    )
    assert set(displays) == {"inline"}


def test_whoever_wants_less_motion_gets_none(
    student: Callable[..., Page], served: Served
) -> None:
    """Nothing scrolls smoothly, and no figure offers to play."""
    page = student("Calm", reduced_motion="reduce")
    open_work(page, served)
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(behaviour) == "auto"
    expect(page.get_by_label("Play all steps in turn").first).to_be_hidden()


def test_figures_are_alive(
    student: Callable[..., Page], served: Served
) -> None:
    """A step that is chosen is shown, and only that one; playing plays."""
    page = student("Plays")
    open_work(page, served)
    page.get_by_label("Step 5 of 9").check()
    shown = page.locator(".grader-steps-9 > section:visible")
    expect(shown).to_have_count(1)
    page.get_by_label("Play all steps in turn").first.check()
    playing = "getComputedStyle(document.querySelector('.grader-steps-9 > section')).animationName"
    assert page.evaluate(playing) == "grader-steps-9"


def test_without_javascript_the_lesson_can_be_read(
    window: Callable[..., Any], served: Served
) -> None:
    """And the page says what it needs scripts for."""
    page = window(java_script_enabled=False).new_page()
    page.goto(f"{served.url}/work/convolution")
    # The browser of the tests only stops running scripts, and so shows no `noscript`.
    assert "saves and grades with JavaScript" in page.content()
    expect(page.get_by_text("3. Watch it slide")).to_be_visible()


def test_on_paper_there_is_the_work_and_nothing_to_press(
    student: Callable[..., Page], served: Served
) -> None:
    """Printed, the page is its text, the code and the feedback, one below the other."""
    page = student("Prints")
    open_work(page, served)
    page.emulate_media(media="print")
    expect(
        page.get_by_role("button", name="Hand in", exact=True)
    ).to_be_hidden()
    expect(page.get_by_role("heading", name="Your code")).to_be_visible()
    overflow = "getComputedStyle(document.getElementById('reading')).overflowY"
    assert page.evaluate(overflow) == "visible"
