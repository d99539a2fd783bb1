"""A browser before a real service; whatever the pages' policy forbids fails the test."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
)

from tests.browsers import open_browser
from tests.service.conftest import Served

RIGHT = """import numpy as np


def convolve(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = image[i:i + kernel.shape[0], j:j + kernel.shape[1]]
            out[i, j] = np.sum(patch * kernel)
    return out
"""
FLIPPED = RIGHT.replace("* kernel)", "* kernel[::-1, ::-1])")
# The browser says so of each answer that is an error, which a page may well expect.
_ANSWERED = re.compile(r"Failed to load resource: ")


# How long something takes says more about the machine than about the page.
PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)


class Watched:
    """A window of somebody's browser, and what went wrong in it."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context = context
        self.base = base
        self.faults: list[str] = []
        self.answered: list[str] = []
        """Answers that are errors, and requests that failed."""
        context.on("console", self._console)
        context.on(
            "weberror", lambda error: self.faults.append(str(error.error))
        )
        context.on("request", self._request)

    def new_page(self) -> Page:
        """Open another tab."""
        return self.context.new_page()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        kept = self.answered if _ANSWERED.match(message.text) else self.faults
        kept.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.faults.append(f"a request to {request.url}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the system's browser, or the one that playwright brought.

    As long as it runs, its event loop is this thread's, which other files' tests need.
    """
    with open_browser() as started:
        yield started


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run the service for a class: whoever opens the link for students gets a name of their own."""
    data = tmp_path_factory.mktemp("service")
    running = Served(data, "--host", "127.0.0.2")
    yield running
    running.end()


@pytest.fixture
def window(
    chromium: Browser, served: Served
) -> Iterator[Callable[..., Watched]]:
    """Return what opens a browser of its own; nothing may have gone wrong in it at the end."""
    with contextlib.ExitStack() as opened:
        windows: list[Watched] = []

        def open_window(**options: Any) -> Watched:
            context = chromium.new_context(**options)
            context.set_default_timeout(PATIENCE_MS)
            opened.callback(context.close)
            windows.append(Watched(context, served.url))
            return windows[-1]

        yield open_window
        found = [fault for each in windows for fault in each.faults]
        assert found == []


@pytest.fixture
def student(
    window: Callable[..., Watched], served: Served
) -> Callable[..., Page]:
    """Return what lets a student come in by the link for everybody, under a name."""

    def come_in(name: str = "Ada Lovelace", **options: Any) -> Page:
        page = window(**options).new_page()
        key = (served.data / "join.key").read_text().strip()
        page.goto(f"{served.url}/enter#{key}")
        page.get_by_label("What is your name?").fill(name)
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("link", name="To the exercises").click()
        page.get_by_text("Not begun.").first.wait_for()
        return page

    return come_in


@pytest.fixture
def teacher(
    window: Callable[..., Watched], served: Served
) -> Callable[..., Page]:
    """Return what lets the owner come in."""

    def come_in(**options: Any) -> Page:
        page = window(**options).new_page()
        page.goto(f"{served.url}/enter#{served.key}")
        page.get_by_role("link", name="Class", exact=True).wait_for()
        return page

    return come_in


def open_work(page: Page, served: Served, name: str = "convolution") -> None:
    """Open the page of an exercise, and wait until one can write."""
    page.goto(f"{served.url}/work/{name}")
    page.locator("#run[aria-disabled=false]").wait_for()


def write(page: Page, text: str) -> None:
    """Put a text into the editor as from the clipboard, which indents nothing by itself."""
    editor = page.get_by_role("textbox", name="Your code")
    editor.click()
    expect(editor).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def until(act: Callable[[], object], is_so: Callable[[], bool]) -> None:
    """Do something until something is so."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < end, "it never was so"
        act()


def solution(name: str) -> str:
    """Return a right solution of an exercise."""
    folder = Path(__file__).parents[3] / "solutions" / name
    return (folder / "reference.py").read_text("utf-8")
