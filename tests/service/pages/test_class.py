"""The class while it works, as its teacher sees it."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.service.conftest import Served
from tests.service.pages.conftest import FLIPPED, RIGHT, open_work, write

NASTY = "=<b>Bob</b>"


def _hand_in(page: Page, text: str) -> None:
    count = page.locator("#attempts li").count()
    write(page, text)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator("#attempts li")).to_have_count(count + 1)
    page.locator("#run[aria-disabled=false]").wait_for()


def _open_class(page: Page, served: Served, title: str) -> None:
    page.goto(f"{served.url}/class")
    page.get_by_role("link", name=title).click()
    page.locator("table.class").wait_for()


def test_the_class_page_is_live(
    student: Callable[..., Page], teacher: Callable[..., Page], served: Served
) -> None:
    """An attempt appears by itself; what the teacher chose stays: order, text, focus."""
    page = teacher()
    first = student("Live One")
    open_work(first, served)
    _hand_in(first, FLIPPED)
    _open_class(page, served, "Convolution: slide a kernel over an image")
    row = page.get_by_role("row").filter(has_text="Live One")
    expect(row).to_contain_text("kernel flipped", ignore_case=True)
    page.get_by_role("button", name="score").click()
    search = page.get_by_role("searchbox")
    search.fill("live")
    second = student("Live Two")
    open_work(second, served)
    _hand_in(second, RIGHT)
    expect(page.get_by_role("row").filter(has_text="Live Two")).to_contain_text(
        "4"
    )
    expect(search).to_have_value("live")
    expect(search).to_be_focused()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("score")


def test_who_is_stuck_comes_first(
    student: Callable[..., Page], teacher: Callable[..., Page], served: Served
) -> None:
    """Three attempts without progress, and one is named; their latest attempt is a click away."""
    page = student("Is Stuck")
    open_work(page, served, "max-pooling")
    for number in range(3):
        _hand_in(
            page, f"def max_pool(image, size):\n    return image + {number}\n"
        )
    eye = teacher()
    _open_class(eye, served, "Max pooling")
    stuck = eye.get_by_role("region", name="Stuck: 1")
    expect(stuck).to_contain_text("3 attempts without progress")
    stuck.get_by_role("link", name="Is Stuck").click()
    expect(eye.get_by_role("heading", level=1)).to_have_text(
        "Is Stuck: Max pooling: keep the strongest answer of each window"
    )
    expect(eye.get_by_text("Attempt 3 of 3")).to_be_visible()
    expect(eye.locator(".listing")).to_contain_text("return image + 2")
    eye.get_by_role("link", name="Attempt before").click()
    expect(eye.locator(".listing")).to_contain_text("return image + 1")


def test_hostile_names_and_sources_are_text(
    student: Callable[..., Page], teacher: Callable[..., Page], served: Served
) -> None:
    """On the class page, beside the feedback, and in CSV no formula begins."""
    page = student(NASTY)
    open_work(page, served, "softmax")
    _hand_in(
        page, "def softmax(x):  # <script>alert(1)</script>\n    return x\n"
    )
    eye = teacher()
    _open_class(eye, served, "Softmax")
    expect(eye.get_by_role("link", name=NASTY).first).to_be_visible()
    with eye.expect_download() as download:
        eye.get_by_role("button", name="CSV").click()
    rows = list(
        csv.reader(io.StringIO(download.value.path().read_text("utf-8")))
    )
    assert ["'" + NASTY, "1"] in [row[:2] for row in rows]
    eye.get_by_role("link", name=NASTY).first.click()
    expect(eye.locator(".listing")).to_contain_text("<script>alert(1)")
    assert eye.locator("#review script").count() == 0


def test_a_teacher_hands_in_for_a_student(
    student: Callable[..., Page],
    teacher: Callable[..., Page],
    served: Served,
    tmp_path: Path,
) -> None:
    """It is the student's attempt, and says who handed it in."""
    page = student("Was Ill")
    open_work(page, served)
    _hand_in(page, FLIPPED)
    path = tmp_path / "mailed.py"
    path.write_text(RIGHT)
    eye = teacher()
    _open_class(eye, served, "Convolution: slide a kernel over an image")
    eye.get_by_text("Hand in for a student").click()
    eye.get_by_label("Student", exact=True).select_option("Was Ill")
    eye.get_by_label("Their file").set_input_files(path)
    eye.get_by_role("button", name="Hand it in for them").click()
    expect(eye.get_by_text("Handed in.", exact=True)).to_be_visible()
    page.reload()
    expect(page.locator("#attempts li").first).to_contain_text(
        "4 of 4 points (handed in by Owner)"
    )


def test_the_link_for_students_is_copied_from_the_class_page(
    teacher: Callable[..., Page], window: Callable[..., Any]
) -> None:
    """What the button copies is what lets a student join."""
    page = teacher()
    page.get_by_role("link", name="Class", exact=True).click()
    card = page.get_by_role("region", name="How students join")
    link = card.get_by_role("textbox", name="The link for students")
    card.get_by_role("button", name="Copy").click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    student = window().new_page()
    student.goto(link.input_value())
    expect(student.get_by_label("What is your name?")).to_be_visible()


def test_a_class_without_anybody_is_told(
    teacher: Callable[..., Page], served: Served
) -> None:
    """Before the first attempt the page says who has not begun."""
    page = teacher()
    _open_class(page, served, "Top k")
    expect(page.get_by_text("Nobody has three attempts")).to_be_visible()


def test_students_see_no_class(
    student: Callable[..., Page], served: Served
) -> None:
    """The page says why it is empty."""
    page = student("Curious")
    page.goto(f"{served.url}/class")
    expect(page.get_by_role("alert")).to_contain_text("Only a teacher")


def test_the_gradebook_has_every_exercise(
    student: Callable[..., Page], teacher: Callable[..., Page], served: Served
) -> None:
    """One row a student, one column an exercise."""
    page = student("In The Book")
    open_work(page, served)
    _hand_in(page, RIGHT)
    eye = teacher()
    eye.goto(f"{served.url}/class")
    with eye.expect_download() as download:
        eye.get_by_role("button", name="Gradebook (CSV)").click()
    rows: list[dict[str, Any]] = list(
        csv.DictReader(io.StringIO(download.value.path().read_text("utf-8")))
    )
    (mine,) = [row for row in rows if row["name"] == "In The Book"]
    assert mine["Convolution: slide a kernel over an image"] == "4"
    assert len(mine) == 18
