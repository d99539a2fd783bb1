"""Draws docs/images/service.png for docs/service.md: the page of an exercise, with feedback.

python -m tests.service.pages.service_picture      needs a Chromium that playwright can drive
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, expect, sync_playwright

from tests.service.conftest import Served
from tests.service.pages.conftest import FLIPPED, open_work, write

ROOT = Path(__file__).parents[3]
SIZE: ViewportSize = {"width": 1400, "height": 940}


def main() -> None:
    """Hand in a turned kernel as a student does, and keep what is seen beside the lesson."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        served = Served(Path(folder), "--host", "127.0.0.2")
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        try:
            page = browser.new_page(viewport=SIZE)
            key = (served.data / "join.key").read_text().strip()
            page.goto(f"{served.url}/enter#{key}")
            page.get_by_label("What is your name?").fill("Ada Lovelace")
            page.get_by_role("button", name="Begin").click()
            page.get_by_role("link", name="To the exercises").click()
            open_work(page, served)
            write(page, FLIPPED)
            page.get_by_role("button", name="Hand in", exact=True).click()
            expect(page.locator("#score")).to_have_text(
                "Saved, graded.", timeout=60_000
            )
            expect(page.locator("#cards")).to_contain_text(
                "Wrong values", timeout=60_000
            )
            for heading in ("Your code", "3. Watch it slide"):
                place = page.get_by_role("heading", name=heading)
                place.evaluate("heading => heading.scrollIntoView()")
            page.screenshot(path=ROOT / "docs" / "images" / "service.png")
        finally:
            browser.close()
            served.end()


if __name__ == "__main__":
    main()
