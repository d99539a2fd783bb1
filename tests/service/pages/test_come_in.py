"""Coming in: by the owner's link, by the link for everybody, by a personal link."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.service.conftest import Served


def link_in(field: Locator, served: Served) -> str:
    """Return the link that a field holds, once it does."""
    begins = re.escape(f"{served.url}/enter#")
    expect(field).to_have_value(re.compile(f"^{begins}."))
    return field.input_value()


def test_the_key_leaves_the_address_bar(
    window: Callable[..., Any], served: Served
) -> None:
    """It stands behind the #, and not even there once the page has it."""
    page = window().new_page()
    page.goto(f"{served.url}/enter#{served.key}")
    page.get_by_role("link", name="Class", exact=True).wait_for()
    assert served.key not in page.url
    assert page.evaluate("history.length") <= 3
    page.go_back()
    assert served.key not in page.url


def test_a_wrong_key_is_told_in_one_sentence(
    window: Callable[..., Any], served: Served
) -> None:
    """So is a link that lost its key."""
    page = window().new_page()
    page.goto(f"{served.url}/enter#wrong")
    expect(page.get_by_role("status")).to_contain_text("not valid any more")
    page.goto(f"{served.url}/enter")
    expect(page.get_by_role("status")).to_contain_text("not complete")


def test_somebody_without_a_link_is_told_where_it_is(
    window: Callable[..., Any], served: Served
) -> None:
    """The page itself is there, and says how to come in."""
    page = window().new_page()
    page.goto(served.url)
    expect(page.get_by_role("alert")).to_contain_text("with your link")


def test_a_personal_link_goes_on_elsewhere(
    window: Callable[..., Any], served: Served
) -> None:
    """Whoever joins gets a link of their own, which opens the same work in another browser."""
    page = window().new_page()
    key = (served.data / "join.key").read_text().strip()
    page.goto(f"{served.url}/enter#{key}")
    page.get_by_label("What is your name?").fill("Emmy Noether")
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Your personal link")
    link = link_in(field, served)
    assert key not in link
    other = window().new_page()
    other.goto(link)
    expect(other.get_by_text("Emmy Noether")).to_be_visible()
    expect(other.get_by_role("link", name="Class", exact=True)).to_be_hidden()


def test_a_link_of_ones_own_can_be_had_at_any_time(
    student: Callable[..., Page], window: Callable[..., Any], served: Served
) -> None:
    """From the list of exercises, for whoever did not keep the first one."""
    page = student("Lost Link")
    page.get_by_role("button", name="Go on from another device").click()
    field = page.get_by_role("textbox", name="Your personal link")
    link = link_in(field, served)
    other = window().new_page()
    other.goto(link)
    expect(other.get_by_text("Lost Link")).to_be_visible()


def test_a_name_is_shown_as_text(student: Callable[..., Page]) -> None:
    """Markup in a name does nothing."""
    name = "<img src=x onerror=alert(1)>"
    page = student(name)
    expect(page.get_by_text(name)).to_be_visible()
    assert page.locator("img").count() == 0


def test_a_tab_that_is_opened_again_is_still_signed_in(
    student: Callable[..., Page], served: Served
) -> None:
    """A new tab has no sessionStorage of the first: the cookie gets it a token."""
    page = student("Second Tab")
    other = page.context.new_page()
    other.goto(served.url)
    expect(other.get_by_text("Second Tab")).to_be_visible()
