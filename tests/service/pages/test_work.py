"""The work page: written, run and handed in as a student does it, with a network that fails."""

import contextlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.service.conftest import Served
from tests.service.pages.conftest import (
    FLIPPED,
    PATIENCE_MS,
    RIGHT,
    open_work,
    solution,
    until,
    write,
)
from tests.service.people import EXERCISES


def test_convolution_is_solved_from_wrong_to_right_by_keyboard_alone(
    student: Callable[..., Page],
) -> None:
    """From the list of exercises to full marks, without a mouse; the editor can be left by keys."""
    page = student("Keyboard Only")
    _tab_to(page, "Convolution: slide a kernel over an image")
    page.keyboard.press("Enter")
    page.locator("#run[aria-disabled=false]").wait_for()
    _tab_to(page, "Your code")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(FLIPPED)
    page.keyboard.press("Control+Enter")
    happened = page.locator("#happened")
    expect(happened).to_contain_text("Public examples:")
    expect(page.locator("#cards")).to_contain_text("Wrong values")
    # Tab indents, and Escape lets it leave.
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Your code")).to_be_focused()
    page.keyboard.press("Escape")
    _tab_to(page, "Hand in")
    page.keyboard.press("Enter")
    expect(happened).to_contain_text("Handed in:")
    expect(
        page.get_by_role("button", name="Hand in", exact=True)
    ).to_be_focused()
    expect(page.locator("#attempts li")).to_have_count(1)
    _tab_to(page, "Your code", "Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(RIGHT)
    page.keyboard.press("Escape")
    _tab_to(page, "Hand in")
    page.keyboard.press("Enter")
    expect(page.locator("#attempts li").first).to_contain_text("4 of 4 points")
    expect(page.locator("#points")).to_have_text("4 of 4 points so far.")
    expect(page.locator("#score")).to_have_text("Saved, graded.")
    _tab_to(page, "Exercises", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("✓ 4 of 4 points.")).to_be_visible()


def _tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until something of this name has the focus."""
    script = (
        "() => { const e = document.activeElement;"
        " return (e.getAttribute('aria-label') || e.textContent || '').trim(); }"
    )
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate(script) == name:
            return
    raise AssertionError(f"Tab does not lead to {name}")


@pytest.mark.parametrize(
    "name", ["softmax", "linear-layer", "tokenize", "word-vectors"]
)
def test_other_kinds_of_exercises_are_solved_the_same_way(
    student: Callable[..., Page], served: Served, name: str
) -> None:
    """Functions, classes, text and files of data get full marks from their reference solutions."""
    page = student(f"Does {name}")
    open_work(page, served, name)
    write(page, solution(name))
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#happened")).to_contain_text("Public examples:")
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator("#happened")).to_contain_text("Handed in:")
    expect(page.locator("#attempts .about")).to_contain_text("points")
    got = page.locator("#attempts strong").inner_text().split()
    assert got[0] == got[2]


def test_a_draft_is_saved_and_another_device_goes_on(
    student: Callable[..., Page], window: Callable[..., Any], served: Served
) -> None:
    """What one types is on the other device, also while both are open; the time is said."""
    page = student("Two Devices")
    open_work(page, served)
    write(page, "x = 1\n")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    link = _personal_link(page)
    phone = window(viewport={"width": 390, "height": 800}).new_page()
    phone.goto(link)
    phone.wait_for_url(f"{served.url}/")
    open_work(phone, served)
    text = phone.get_by_role("textbox", name="Your code")
    expect(text).to_contain_text("x = 1")
    write(phone, "x = 2\n")
    expect(phone.locator("#saved")).to_contain_text("Saved at")
    # Whoever comes back to the first one sees it.
    _come_back(page, "x = 2")
    expect(page.locator("#saved")).to_contain_text("From another device")


def _personal_link(page: Page) -> str:
    """Return a link that opens the same work elsewhere."""
    token = page.evaluate("sessionStorage.getItem('grader-token')")
    answer = page.request.post(
        f"{page.url.split('/work')[0]}/api/v1/me/personal-link",
        headers={"Authorization": f"Bearer {token}"},
    )
    key = answer.json()["key"]
    return f"{page.url.split('/work')[0]}/enter#{key}"


def _come_back(page: Page, expected: str) -> None:
    """Let the page believe that its tab is shown again, until what was saved elsewhere is there."""

    def show_again() -> None:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(1000)

    text = page.get_by_role("textbox", name="Your code")
    until(show_again, lambda: expected in text.inner_text())


def test_of_two_tabs_the_later_one_is_told_and_nothing_is_lost(
    student: Callable[..., Page], served: Served
) -> None:
    """Both texts can be had: the other one, and the own one after it."""
    page = student("Two Tabs")
    open_work(page, served)
    other = page.context.new_page()
    open_work(other, served)
    write(page, "first = 1\n")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    write(other, "second = 2\n")
    told = other.get_by_role("alert")
    expect(told).to_contain_text("Another tab or device saved another text")
    text = other.get_by_role("textbox", name="Your code")
    expect(text).to_contain_text("second = 2")
    told.get_by_role("button", name="The other text").click()
    expect(text).to_contain_text("first = 1")
    told.get_by_role("button", name="Bring back the text of this page").click()
    expect(text).to_contain_text("second = 2")
    expect(other.locator("#saved")).to_contain_text("Saved at")
    # The first tab has no text of its own that is not saved: it follows.
    _come_back(page, "second = 2")


def test_of_two_tabs_the_later_one_may_keep_its_own_text(
    student: Callable[..., Page], served: Served
) -> None:
    """Its text is saved over the other one then."""
    page = student("Keeps Own")
    open_work(page, served)
    other = page.context.new_page()
    open_work(other, served)
    write(page, "first = 1\n")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    write(other, "second = 2\n")
    other.get_by_role("button", name="The text of this page").click()
    expect(other.locator("#saved")).to_contain_text("Saved at")
    other.reload()
    expect(other.get_by_role("textbox", name="Your code")).to_contain_text(
        "second = 2"
    )


def test_without_a_network_the_draft_is_kept_and_saved_when_it_is_back(
    student: Callable[..., Page], served: Served
) -> None:
    """The page says that it is not saved; a reload without a network loses nothing either."""
    page = student("No Network")
    open_work(page, served)
    page.context.set_offline(True)
    write(page, "kept = 1\n")
    expect(page.locator("#saved")).to_contain_text("Not saved: no network")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.context.set_offline(True)
    write(page, "kept = 2\n")
    expect(page.locator("#saved")).to_contain_text("Not saved: no network")
    page.route("**/api/v1/drafts/*", lambda route: route.abort())
    page.context.set_offline(False)
    # Not even while the page is left does anything get through.
    page.evaluate("void (window.fetch = () => Promise.reject(new TypeError()))")
    page.reload()
    text = page.get_by_role("textbox", name="Your code")
    expect(text).to_contain_text("kept = 2")
    expect(page.locator("#saved")).to_contain_text("Not saved: no network")
    page.unroute("**/api/v1/drafts/*")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#saved")).to_contain_text("Saved at")


def test_a_network_that_is_lost_while_handing_in_makes_one_submission(
    student: Callable[..., Page], served: Served
) -> None:
    """The request arrives and its answer is lost, twice; what is sent again is the same attempt."""
    page = student("Lost Answer")
    open_work(page, served)
    write(page, RIGHT)
    lost: list[int] = []

    seen: list[str] = []

    def lose(route: Route) -> None:
        if len(lost) < 2:
            lost.append(route.fetch(timeout=PATIENCE_MS).status)
        if seen:
            route.continue_()
        else:
            route.abort()

    page.route("**/api/v1/submissions", lose)
    page.get_by_role("button", name="Hand in", exact=True).click()
    happened = page.locator("#happened")
    expect(happened).to_contain_text("no network")
    expect(page.get_by_role("button", name="Stop trying")).to_be_visible()
    until(lambda: page.wait_for_timeout(100), lambda: len(lost) == 2)
    seen.append("no network")
    expect(happened).to_contain_text("Handed in:")
    assert lost == [200, 200]
    expect(page.locator("#attempts li")).to_have_count(1)
    expect(page.get_by_role("button", name="Stop trying")).to_be_hidden()


def test_trying_to_hand_in_can_be_stopped(
    student: Callable[..., Page], served: Served
) -> None:
    """Then one may go on writing, and hand in later."""
    page = student("Stops Trying")
    open_work(page, served)
    page.route("**/api/v1/submissions", lambda route: route.abort())
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("button", name="Stop trying").click()
    expect(page.locator("#happened")).to_contain_text("Stopped.")
    expect(
        page.get_by_role("button", name="Hand in", exact=True)
    ).to_have_attribute("aria-disabled", "false")


def test_ten_presses_are_one_submission(
    student: Callable[..., Page], served: Served
) -> None:
    """Whoever presses the button again and again hands in once."""
    page = student("Impatient")
    open_work(page, served)
    write(page, RIGHT)
    page.get_by_role("button", name="Hand in", exact=True).click(click_count=10)
    expect(page.locator("#happened")).to_contain_text("Handed in:")
    expect(page.locator("#attempts li")).to_have_count(1)


def test_a_notebook_is_run_and_handed_in_as_a_file(
    student: Callable[..., Page], served: Served, tmp_path: Any
) -> None:
    """It is graded as a file of code is, and can be had again byte for byte."""
    page = student("Has A Notebook")
    open_work(page, served)
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": RIGHT,
        "outputs": [],
        "execution_count": None,
    }
    notebook = {
        "cells": [cell],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = tmp_path / "my lesson.ipynb"
    path.write_text(json.dumps(notebook))
    page.get_by_text("Files", exact=True).click()
    page.get_by_label("Hand in a file instead").set_input_files(path)
    expect(page.locator("#file-said")).to_contain_text("my lesson.ipynb, 1 KB")
    page.get_by_role("button", name="Run it").click()
    expect(page.locator("#happened")).to_contain_text("Public examples:")
    page.get_by_role("button", name="Hand it in").click()
    first = page.locator("#attempts li").first
    expect(first).to_contain_text("4 of 4 points (my lesson.ipynb)")
    expect(first.get_by_role("button", name="Restore")).to_have_count(0)
    with page.expect_download() as download:
        first.get_by_role("button", name="Download").click()
    assert download.value.path().read_bytes() == path.read_bytes()


def test_a_file_of_another_kind_is_told(
    student: Callable[..., Page], served: Served, tmp_path: Any
) -> None:
    """In one sentence, and nothing is handed in."""
    page = student("Wrong Kind")
    open_work(page, served)
    path = tmp_path / "essay.docx"
    path.write_text("no code")
    page.get_by_text("Files", exact=True).click()
    page.get_by_label("Hand in a file instead").set_input_files(path)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator("#happened")).to_contain_text(".ipynb")
    expect(page.locator("#no-attempts")).to_be_visible()


def test_an_older_attempt_is_opened_and_restored(
    student: Callable[..., Page], served: Served
) -> None:
    """Its feedback is shown, and its text comes back into the editor."""
    page = student("Goes Back")
    open_work(page, served)
    for source in (FLIPPED, RIGHT):
        write(page, source)
        page.get_by_role("button", name="Hand in", exact=True).click()
        expect(page.locator("#happened")).to_contain_text("Handed in:")
        page.locator("#run[aria-disabled=false]").wait_for()
    expect(page.locator("#attempts li")).to_have_count(2)
    page.get_by_role("button", name="Feedback on attempt 1").click()
    expect(page.locator("#happened")).to_contain_text("Attempt of")
    expect(page.locator("#feedback")).to_be_focused()
    expect(page.locator("#cards .score")).to_contain_text("0 of 4")
    page.get_by_role("button", name="Restore attempt 1 into the editor").click()
    text = page.get_by_role("textbox", name="Your code")
    expect(text).to_contain_text("[::-1, ::-1]")
    expect(text).to_be_focused()
    page.keyboard.press("Control+z")
    expect(text).not_to_contain_text("[::-1, ::-1]")
    with page.expect_download() as download:
        page.get_by_text("Files", exact=True).click()
        page.get_by_role("button", name="Download your code").click()
    assert download.value.suggested_filename == "convolve.py"
    assert download.value.path().read_text() == RIGHT


def test_what_is_not_graded_at_once_is_followed(
    student: Callable[..., Page], served: Served
) -> None:
    """The page says when it was saved, asks until the grade is there, and shows it."""
    page = student("Follows")
    open_work(page, served)
    write(page, RIGHT)
    real: dict[str, Any] = {}

    def later(route: Route) -> None:
        real.update(route.fetch(timeout=PATIENCE_MS).json())
        saved = {"submission": real["submission"], "saved_at": real["saved_at"]}
        route.fulfill(status=202, json=saved | {"state": "received"})

    asked: list[str] = []
    seen: list[str] = []

    def not_yet(route: Route) -> None:
        asked.append(route.request.url)
        if seen and len(asked) > 1:
            route.continue_()
        else:
            route.abort()

    page.route("**/api/v1/submissions", later)
    page.route("**/api/v1/submissions/*", not_yet)
    page.get_by_role("button", name="Hand in", exact=True).click()
    happened = page.locator("#happened")
    expect(happened).to_have_text(
        re.compile(r"^Saved at .*It is graded in a moment")
    )
    seen.append("saved")
    expect(happened).to_contain_text("Handed in:")
    assert len(asked) >= 2


def test_what_came_of_an_older_attempt_takes_no_newer_ones_place(
    student: Callable[..., Page], served: Served
) -> None:
    """The newer one is shown, also when the page learns later what came of the older one."""
    page = student("Hands in again")
    open_work(page, served)

    def later(route: Route) -> None:
        real = route.fetch(timeout=PATIENCE_MS).json()
        saved = {"submission": real["submission"], "saved_at": real["saved_at"]}
        route.fulfill(status=202, json=saved | {"state": "received"})

    held: list[Route] = []
    page.route("**/api/v1/submissions", later, times=1)
    page.route("**/api/v1/submissions/*", lambda route, _: held.append(route))
    button = page.get_by_role("button", name="Hand in", exact=True)
    write(page, FLIPPED)
    button.click()
    until(lambda: page.wait_for_timeout(50), lambda: bool(held))
    write(page, RIGHT)
    button.click()
    happened = page.locator("#happened")
    expect(happened).to_contain_text("Handed in: All 4 cases passed.")
    with contextlib.suppress(Error):  # the page may have given it up
        held[0].continue_()
    page.wait_for_timeout(1000)
    expect(happened).to_contain_text("Handed in: All 4 cases passed.")
    expect(page.locator("#cards")).not_to_contain_text("Wrong values")


def test_on_a_phone_the_editor_is_one_press_away(
    student: Callable[..., Page], served: Served
) -> None:
    """By keyboard to the editor and back; the links stay in sight in the middle of the lesson."""
    page = student("Has A Phone", viewport={"width": 390, "height": 844})
    open_work(page, served)
    _tab_to(page, "To the editor")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your code")).to_be_in_viewport()
    _tab_to(page, "Back to the lesson")
    page.keyboard.press("Enter")
    reading = page.locator("#reading")
    expect(reading.locator("> *").first).to_be_in_viewport()
    expect(reading).to_be_focused()
    reading.get_by_text("3. Watch it slide").scroll_into_view_if_needed()
    page.get_by_role("link", name="To the editor").click()
    expect(page.get_by_role("heading", name="Your code")).to_be_in_viewport()


def test_beside_each_other_nothing_is_jumped_to(
    student: Callable[..., Page], served: Served
) -> None:
    """Where lesson and editor are both in sight, there are no links between them."""
    page = student("Has A Screen", viewport={"width": 1366, "height": 844})
    open_work(page, served)
    expect(page.get_by_role("link", name="To the editor")).to_be_hidden()
    expect(page.get_by_role("link", name="Back to the lesson")).to_be_hidden()


def test_data_of_an_exercise_is_downloaded(
    student: Callable[..., Page], served: Served
) -> None:
    """The table that the code reads stands above the statement."""
    page = student("Wants Data")
    open_work(page, served, "word-vectors")
    with page.expect_download() as download:
        page.get_by_role("link", name="vectors.csv").click()
    path = EXERCISES / "word-vectors" / "vectors.csv"
    assert download.value.suggested_filename == "vectors.csv"
    assert download.value.path().read_bytes() == path.read_bytes()


def test_the_page_says_where_the_grade_is(
    student: Callable[..., Page], served: Served
) -> None:
    """On its way, arrived at a time, or refused with the reason; it looks again by itself."""
    page = student("Follows The Grade")
    open_work(page, served)
    write(page, RIGHT)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator("#attempts li")).to_have_count(1)
    state: dict[str, Any] = {"state": "owed"}

    def as_from_a_course(route: Route) -> None:
        found = route.fetch(timeout=PATIENCE_MS).json()
        found["score"].update(state, platform="Canvas")
        route.fulfill(json=found)

    page.route("**/api/v1/work/*", as_from_a_course)
    page.reload()
    score = page.locator("#score")
    expect(score).to_contain_text("Saved, graded, on its way to Canvas.")
    state.update(state="sent", arrived_at=0.0)
    expect(score).to_contain_text("Saved, graded, arrived in Canvas at")
    state.update(state="parked", note="Canvas has closed its column.")
    page.reload()
    expect(score).to_contain_text(
        "Saved, graded. Canvas has closed its column."
    )


def test_markup_in_a_source_is_shown_as_text(
    student: Callable[..., Page], served: Served
) -> None:
    """In messages, in printed output and in names: nothing of it acts."""
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    page = student("Nasty")
    open_work(page, served)
    write(
        page,
        f"def convolve(image, kernel):\n    print({nasty!r})\n    raise ValueError({nasty!r})\n",
    )
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator("#cards")).to_contain_text("<script>alert(2)</script>")
    assert page.locator("#cards img, #cards script").count() == 0


def test_an_exercise_that_is_not_set_here_is_told(
    student: Callable[..., Page], served: Served
) -> None:
    """An address of nothing says so."""
    page = student("Lost")
    answer = page.goto(f"{served.url}/work/nothing")
    assert answer is not None
    assert answer.status == 404
