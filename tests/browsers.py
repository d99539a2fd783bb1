"""A browser for the tests that look at a page."""

import contextlib
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextlib.contextmanager
def open_browser(*flags: str) -> Iterator[Browser]:
    """Start the system's browser, or the one that playwright brought, and end it afterwards."""
    system = next(filter(None, map(shutil.which, _NAMES)), None)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=system,
            args=["--no-sandbox", *flags],
            timeout=180_000,
        )
        yield started
        started.close()
