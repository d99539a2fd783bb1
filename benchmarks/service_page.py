"""How soon a page of the service is there: first paint over a slow connection, and what was loaded.

    python benchmarks/service_page.py [--runs 5]

Chromium loads the lesson with an empty cache through what its developer tools call "fast 3G": 1.44
Mbit/s at most, and 562 ms to each answer. It prints the median time to the first paint, to the
editor that one can write in, the bytes that were loaded, and how many requests went elsewhere.
"""

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
FAST_3G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1.44e6 * 0.9 / 8,
    "uploadThroughput": 675e3 * 0.9 / 8,
}
PAINT = """() => performance.getEntriesByType('paint')
  .find((each) => each.name === 'first-contentful-paint')?.startTime ?? 0"""


class Load(NamedTuple):
    """One load of a page."""

    paint_ms: float
    ready_ms: float
    bytes_loaded: int
    elsewhere: int


def main() -> None:
    """Start the service, load the page a few times, print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        service, link = started(data)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        try:
            loads = [load(browser, link) for _ in range(runs)]
        finally:
            browser.close()
            service.terminate()
            service.wait()
    print("| the work page of convolution, fast 3G, nothing cached | median |")
    print("|---|---|")
    print(f"| first contentful paint | {median(loads, 0):.0f} ms |")
    print(f"| the editor can be written in | {median(loads, 1):.0f} ms |")
    print(f"| loaded | {median(loads, 2) / 1024:.0f} KB |")
    print(
        f"| requests to other sites | {max(each.elsewhere for each in loads)} |"
    )


def median(loads: list[Load], field: int) -> float:
    """Return the median of one figure."""
    return statistics.median(each[field] for each in loads)


def started(data: str) -> tuple[subprocess.Popen[str], str]:
    """Start the service; return it and the owner's link."""
    command = [sys.executable, "-m", "grader", "serve", "--data", data]
    command += ["--port", "0", "--solutions", str(ROOT / "solutions")]
    service = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert service.stdout is not None  # noqa: S101 - it is a pipe
    found = re.search(r"http://\S+", service.stdout.readline())
    if found is None:
        service.terminate()
        raise SystemExit("the service did not start")
    return service, found[0]


def load(browser: Browser, link: str) -> Load:
    """Load the page as somebody who has come in before, with an empty cache."""
    context = browser.new_context(viewport={"width": 1366, "height": 820})
    page = context.new_page()
    base = link.partition("/enter")[0]
    page.goto(link)
    page.wait_for_url(f"{base}/")
    loaded, elsewhere = [0], [0]
    slow_down(page, base, loaded, elsewhere)
    page.goto(f"{base}/work/convolution", wait_until="commit")
    page.locator("#run[aria-disabled=false]").wait_for(timeout=60_000)
    ready = float(page.evaluate("performance.now()"))
    paint = float(page.evaluate(PAINT))
    context.close()
    return Load(paint, ready, loaded[0], elsewhere[0])


def slow_down(
    page: Page, base: str, loaded: list[int], elsewhere: list[int]
) -> None:
    """Let the network be slow and the cache empty from now on, and count what comes."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    tools.send("Network.emulateNetworkConditions", FAST_3G)

    def finished(event: dict[str, Any]) -> None:
        loaded[0] += int(event["encodedDataLength"])

    def requested(event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        elsewhere[0] += not url.startswith((base, "data:", "blob:"))

    tools.on("Network.loadingFinished", finished)
    tools.on("Network.requestWillBeSent", requested)


if __name__ == "__main__":
    main()
