"""The exercise in a platform's frame and in a tab, in Chromium and in WebKitGTK.

The platform and the service are two sites to a browser: `lms.localhost` and `tool.localhost`. In
frames of another site, Chromium keeps partitioned cookies and no sessionStorage, WebKit the other
way round.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect, sync_playwright
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from grader.service.lti import words
from tests.ports import free_port
from tests.service.conftest import Served
from tests.service.platforms.conftest import Course
from tests.service.platforms.environment import Platform
from tests.service.platforms.students import RIGHT, wait_for

PATIENCE_S = 180


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a service at a name of its own."""
    port = free_port()
    base = f"http://tool.localhost:{port}"
    options = ("--base-url", base, "--port", str(port))
    running = Served(tmp_path_factory.mktemp("fronted"), *options)
    yield running
    running.end()


@pytest.fixture
def framed(platform: Platform, fronted: Served) -> Course:
    """Return a course of each platform in turn, as browsers see it."""
    fronts = ("lms.localhost", "tool.localhost")
    return Course(platform, fronted, fronts=fronts)


def address(course: Course, page: str, **asked: str) -> str:
    """Return the address of a course's page (`course`: with a frame; `start`: without)."""
    make = {
        "course": course.platform.course_url,
        "start": course.platform.start_url,
    }[page]
    return make(course.tool, **asked).replace("127.0.0.1", "lms.localhost")


@pytest.fixture
def chromium() -> Iterator[Page]:
    """Return a window of Chromium."""
    found = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            timeout=PATIENCE_S * 1000,
            # As it is for people since cookies of third parties are blocked.
            args=["--no-sandbox", "--test-third-party-cookie-phaseout"],
        )
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        yield page
        browser.close()


@pytest.mark.parametrize("page", ["course", "start"])
def test_chromium_opens_the_exercise_and_hands_it_in(
    framed: Course, chromium: Page, page: str
) -> None:
    """In a frame of another site and in a tab: from the course's link to the grade book."""
    chromium.goto(address(framed, page, user="ada", name="Ada"))
    frame = chromium.frame_locator("iframe") if page == "course" else chromium
    timeout = PATIENCE_S * 1000
    editor = frame.locator(".cm-content")
    expect(editor).to_be_visible(timeout=timeout)
    expect(frame.locator("#person")).to_have_text("Ada", timeout=timeout)
    editor.fill(RIGHT)
    frame.locator("#hand-in[aria-disabled=false]").wait_for()
    frame.get_by_role("button", name="Hand in").first.click()
    wait_for(lambda: list(framed.scores()), ["ada"])


def test_chromium_goes_on_after_a_reload_of_the_frame(
    framed: Course, chromium: Page
) -> None:
    """The exercise in a frame is loaded again without the platform: the session is kept."""
    chromium.goto(address(framed, "course", user="ada", name="Ada"))
    timeout = PATIENCE_S * 1000
    place = chromium.frame_locator("iframe").locator("#person")
    expect(place).to_have_text("Ada", timeout=timeout)
    frame = chromium.frame(name="tool")
    assert frame is not None
    frame.evaluate("void setTimeout(() => location.reload())")
    expect(place).to_have_text("Ada", timeout=timeout)


def test_a_teacher_chooses_in_chromium(framed: Course, chromium: Page) -> None:
    """Deep linking ends at the platform, which has taken the choice.

    In a frame, and with Open edX in a tab: its answer to a choice must not be framed elsewhere.
    """
    edx = framed.platform.script == "edx.py"
    page, role = ("start", "instructor") if edx else ("course", "staff")
    chromium.goto(address(framed, page, user="eve", role=role, deep="1"))
    frame = chromium.main_frame if edx else chromium.frame(name="tool")
    assert frame is not None
    frame.get_by_label("Softmax", exact=False).first.check()
    frame.get_by_role("button", name="Add to the course").click()
    frame.wait_for_url(f"{framed.platform.base}/**", timeout=PATIENCE_S * 1000)


def test_a_teacher_sends_the_grades_again_in_chromium(
    other: Platform, fronted: Served, chromium: Page
) -> None:
    """From the press of the button to the grade in the platform's grade book."""
    fronts = ("lms.localhost", "tool.localhost")
    course = Course(other, fronted, fronts=fronts)
    timeout = PATIENCE_S * 1000
    chromium.set_default_timeout(timeout)
    other.fault("/scores", "422", 1)
    chromium.goto(address(course, "start", user="ada", name="Ada"))
    chromium.locator(".cm-content").fill(RIGHT)
    chromium.get_by_role("button", name="Hand in", exact=True).click()
    refused = words.GRADE_REFUSED.format(status=422)
    expect(chromium.locator("#score")).to_contain_text(refused, timeout=timeout)
    assert course.scores() == {}
    # In the same browser: the teacher's launch is a session of its own.
    chromium.goto(address(course, "start", user="eve", role="staff"))
    chromium.get_by_role("link", name="Class", exact=True).click()
    chromium.locator("#links a").first.click()
    grades = chromium.get_by_role("region", name="Grades in")
    expect(grades).to_contain_text("1 refused", timeout=timeout)
    grades.get_by_role("button", name="Send all again").click()
    wait_for(lambda: list(course.scores()), ["ada"])
    expect(grades).to_contain_text("1 arrived.", timeout=timeout)


NO_STORAGE = """
if (window !== window.top) {
  Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("no"); } });
}
"""


def keep_nothing(page: Page) -> None:
    """Let a browser keep nothing that a login sets in a frame."""

    def without_cookies(route: Route) -> None:
        page.context.clear_cookies()
        route.continue_()

    page.context.route("**/lti/launch", without_cookies)
    page.context.add_init_script(NO_STORAGE)


def test_the_platform_keeps_what_the_browser_does_not(
    other: Platform, fronted: Served, chromium: Page
) -> None:
    """Without cookies and sessionStorage, the platform's own storage proves the browser."""
    fronts = ("lms.localhost", "tool.localhost")
    course = Course(other, fronted, fronts=fronts)
    keep_nothing(chromium)
    asked = {"user": "ada", "name": "Ada", "storage": "1"}
    chromium.goto(address(course, "course", **asked))
    place = chromium.frame_locator("iframe").locator("#person")
    expect(place).to_have_text("Ada", timeout=PATIENCE_S * 1000)


def test_without_any_storage_a_new_tab_opens_it(
    framed: Course, chromium: Page
) -> None:
    """Where nothing is kept, one sentence and a link that begins again in a tab of its own."""
    keep_nothing(chromium)
    chromium.goto(address(framed, "course", user="ada", name="Ada"))
    frame = chromium.frame_locator("iframe")
    said = frame.locator("#said")
    expect(said).to_have_text(words.NEW_TAB, timeout=PATIENCE_S * 1000)
    with chromium.expect_popup() as opened:
        frame.get_by_role("link", name="Open in a new tab").click()
    place = opened.value.locator("#person")
    expect(place).to_have_text("Ada", timeout=PATIENCE_S * 1000)


@pytest.fixture
def webkit() -> Iterator[Any]:
    """Return a window of WebKitGTK, on a display of its own."""
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    display = subprocess.Popen(
        ["/usr/bin/Xvfb", "-displayfd", "1", "-screen", "0", "1200x900x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert display.stdout is not None
    number = display.stdout.readline().strip()
    options = Options()
    options.binary_location = str(browser)
    options.add_argument("--automation")
    service = Service(
        "/usr/bin/WebKitWebDriver", env=os.environ | {"DISPLAY": f":{number}"}
    )
    try:
        driver = webdriver.WebKitGTK(options=options, service=service)
        try:
            yield driver
        finally:
            driver.quit()
    finally:
        display.terminate()
        display.communicate()


# Selenium warns of itself.
@pytest.mark.filterwarnings("ignore:setting remote_server_addr")
@pytest.mark.parametrize("page", ["course", "start"])
def test_webkit_opens_the_exercise(
    framed: Course, webkit: Any, page: str
) -> None:
    """In a frame of another site and in a tab, the exercise opens for who clicked."""
    webkit.get(address(framed, page, user="ada", name="Ada"))

    def opened(driver: Any) -> bool:
        # The frame is another one after each page that it goes through.
        driver.switch_to.default_content()
        if page == "course":
            driver.switch_to.frame(driver.find_element(By.NAME, "tool"))
        script = (
            "return Boolean(document.querySelector('.cm-content'))"
            " && document.getElementById('person').textContent"
        )
        return bool(driver.execute_script(script) == "Ada")

    wait = WebDriverWait(webkit, PATIENCE_S, 1, [WebDriverException])
    wait.until(opened)
