"""Draws docs/images/report.png for the README: the page that a student gets.

python tests/platforms/report_picture.py          needs a Chromium that playwright can drive
"""

import shutil
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from grader.api import grade
from grader.render import html

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "solutions" / "convolution" / "samples" / "flipped.py"
SIZE: ViewportSize = {"width": 900, "height": 620}


def main() -> None:
    """Grade the sample, open its page, and keep the first screen of it."""
    report = grade(SAMPLE, solutions=ROOT / "solutions")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=SIZE)
        page.set_content(html.render(report))
        page.screenshot(path=ROOT / "docs" / "images" / "report.png")
        browser.close()


if __name__ == "__main__":
    main()
