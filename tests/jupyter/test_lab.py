"""A student's hour in real JupyterLab: open the lesson, make a mistake, see why, put it right.

The screenshots go to `artifacts/`, for a person to look at.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.jupyter.frontends import PATIENCE_MS, Frontend, open_browser

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "artifacts"
_NUMBER = "cell => [...document.querySelectorAll('.jp-CodeCell')].indexOf(cell)"
_VISIBLE = "all => all.filter(one => getComputedStyle(one).visibility === 'visible').length"
THEMES = ("JupyterLab Light", "JupyterLab Dark")
_TIMES = 10
"""How often something is done until the page has heard it."""
_HEARD_MS = 12_000


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Frontend]:
    """Start JupyterLab on a free port, with the lesson in an empty folder."""
    running = Frontend(tmp_path, "lesson.ipynb")
    shutil.copy(ROOT / "notebooks" / "convolution.ipynb", running.notebook)
    running.write_settings(THEMES[0])
    with running.serving():
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with open_browser() as running:
        yield running


class Student:
    """Hands on the page: what is done here, a person does with keyboard and mouse."""

    def __init__(self, page: Page, lab: Frontend) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE_MS)
        self.strangers: list[str] = []
        page.on("request", lambda request: self._note(request.url, lab.port))

    def _note(self, url: str, port: int) -> None:
        if not url.startswith(
            (
                f"http://127.0.0.1:{port}/",
                f"ws://127.0.0.1:{port}/",
                "data:",
                "blob:",
                "about:",
            )
        ):
            self.strangers.append(url)

    def open(self, url: str) -> None:
        """Open the notebook and wait until its text and its kernel are there."""
        self.page.goto(url)
        expect(self.page.locator(".jp-NotebookPanel h2").last).to_be_visible()
        expect(
            self.page.locator(
                ".jp-Notebook-ExecutionIndicator[data-status=idle]"
            )
        ).to_be_visible()
        self.until_heard(
            # The file browser goes, the page is wider.
            lambda: self.page.keyboard.press("Control+b"),
            lambda: expect(self.page.locator("#jp-left-stack")).to_be_hidden(
                timeout=_HEARD_MS
            ),
        )

    def until_heard(
        self, act: Callable[[], object], see: Callable[[], object]
    ) -> None:
        """Do something until it can be seen: a page that is still at work may miss it."""
        for _ in range(_TIMES):
            with suppress(AssertionError, TooLate):
                act()
                see()
                return
        act()
        see()

    def cell(self, text: str) -> Locator:
        """Find the code cell that holds a text."""
        return self.page.locator(".jp-CodeCell").filter(
            has=self.page.locator(".cm-content", has_text=text)
        )

    def write(self, text: str, source: str) -> None:
        """Replace the whole text of a cell, as one pastes, and see it there."""
        number = self.cell(text).evaluate(_NUMBER)
        cell = self.page.locator(".jp-CodeCell").nth(number)

        def paste() -> None:
            self._enter(cell)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(source.strip())

        self.until_heard(
            paste,
            lambda: expect(cell.locator(".cm-content")).to_have_text(
                source.strip(), use_inner_text=True, timeout=_HEARD_MS
            ),
        )

    def run(self, text: str) -> Locator:
        """Run one cell with the keyboard, see its number change, and give its output."""
        prompt = self.cell(text).locator(".jp-InputPrompt")
        number = prompt.inner_text()

        def press() -> None:
            self._enter(self.cell(text))
            self.page.keyboard.press("Control+Enter")

        self.until_heard(
            press,
            lambda: expect(prompt).not_to_have_text(number, timeout=_HEARD_MS),
        )
        return self.cell(text).locator(".jp-OutputArea-output").last

    def _enter(self, cell: Locator) -> None:
        """Click into a cell until the cursor is there: a moving page may miss a click."""
        self.until_heard(
            lambda: cell.locator(".cm-content").click(timeout=_HEARD_MS),
            lambda: expect(cell.locator(".cm-editor.cm-focused")).to_be_visible(
                timeout=_HEARD_MS
            ),
        )

    def run_all(self) -> None:
        """Use the menu: Run, Run All Cells, until a number or a star shows that it was heard.

        A kernel that is connected to anew just then runs nothing, and the page does not say so.
        """
        prompt = self.page.locator(".jp-CodeCell .jp-InputPrompt").first
        before = prompt.inner_text()

        def choose() -> None:
            self.page.keyboard.press("Escape")  # a menu that is still open
            for name in ("Run", "Run All Cells"):
                item = self.page.get_by_role("menuitem", name=name, exact=True)
                item.click(timeout=_HEARD_MS)

        self.until_heard(
            choose,
            lambda: expect(prompt).not_to_have_text(before, timeout=_HEARD_MS),
        )

    def shoot(self, name: str, what: Locator | None = None) -> None:
        """Keep a picture for a person to look at."""
        ARTIFACTS.mkdir(exist_ok=True)
        (what or self.page).screenshot(path=ARTIFACTS / f"{name}.png")


@pytest.fixture
def student(browser: Browser, lab: Frontend) -> Student:
    """Sit a student down at a screen so high that a picture holds the whole lesson."""
    return Student(
        browser.new_page(viewport={"width": 1300, "height": 8600}), lab
    )


def test_wrong_then_right(
    student: Student, lab: Frontend, solutions: dict[str, str]
) -> None:
    """The stub is met kindly, a wrong solution with its reason; the right one passes, offline."""
    student.open(lab.url)
    student.run_all()
    check = (
        student.cell("check(convolve)").locator(".jp-OutputArea-output").last
    )
    expect(check).to_contain_text("You have not changed the stub yet")
    assert (
        student.page.locator(
            ".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']"
        ).count()
        == 0
    )
    student.shoot("lesson-stub-light")

    student.write("raise NotImplementedError", solutions["padded"])
    student.run("padded")
    wrong = student.run("check(convolve)")
    expect(wrong).to_contain_text("Your output is 4x4, but it should be 2x2")
    expect(wrong).to_contain_text(re.compile("pad", re.IGNORECASE))
    expect(wrong.locator("table").first).to_be_visible()
    student.shoot("check-padded-light", wrong)

    student.write("padded", solutions["right"])
    student.run("rows, columns")
    right = student.run("check(convolve)")
    expect(right).to_contain_text("All 5 cases passed")
    own = student.run("figures.sees(picture, kernels, convolve)")
    expect(own.locator("img")).to_have_count(4)
    student.shoot("check-right-light", right)
    student.shoot("lesson-right-light")
    assert student.strangers == []


def test_the_exercise_with_the_magic_in_the_dark(
    student: Student, lab: Frontend, solutions: dict[str, str]
) -> None:
    """`%%grade` on the cell itself, an exception and wrong values, in the dark theme."""
    lab.write_settings(THEMES[1])
    student.open(lab.url)
    student.write(
        "from grader import check, figures",
        "%load_ext grader\nimport numpy as np\nfrom grader import check, figures",
    )
    student.run("%load_ext grader")
    source = solutions["right"].replace("* kernel)", "* kernel[::-1, ::-1])")
    student.write("raise NotImplementedError", "%%grade\n" + source.strip())
    flipped = student.run("%%grade")
    expect(flipped).to_contain_text("None of the 5")
    expect(flipped).to_contain_text(re.compile("turn|flip|180"))
    student.shoot("grade-flipped-dark", flipped)
    student.write(
        "%%grade",
        "%%grade\n"
        + solutions["right"].strip().replace("+ 1, image", ", image"),
    )
    student.run("%%grade")
    student.write(
        "%%grade",
        "%%grade\n"
        + solutions["right"].strip().replace("result[i, j]", "result[i, j, 0]"),
    )
    raised = student.run("%%grade")
    expect(raised).to_contain_text("IndexError")
    student.shoot("grade-raised-dark", raised)
    student.run_all()
    expect(
        student.cell("figures.sees(picture, kernels)").locator("img")
    ).to_have_count(4)
    student.shoot("lesson-dark")
    assert student.strangers == []


def test_the_figure_is_static_at_first_and_plays_when_run(
    student: Student, lab: Frontend
) -> None:
    """An untrusted notebook shows all steps at once; after a run they can be chosen or played."""
    student.open(lab.url)
    slide = (
        student.cell("figures.slide(image, kernel)")
        .locator(".jp-OutputArea-output")
        .last
    )
    steps = slide.locator("section")
    expect(steps).to_have_count(9)
    for index in range(9):
        expect(steps.nth(index)).to_be_visible()
    expect(slide.locator("input").first).to_be_hidden()
    student.shoot("slide-static", slide)

    student.run("from grader import check, figures")
    slide = student.run("figures.slide(image, kernel)")
    expect(slide.locator("input").first).to_be_visible()
    expect(steps.first).to_be_visible()
    for index in range(1, 9):
        expect(steps.nth(index)).to_be_hidden()
    student.until_heard(
        slide.get_by_label("Step 5 of 9").click,
        lambda: expect(steps.nth(4)).to_be_visible(timeout=_HEARD_MS),
    )
    student.page.keyboard.press("ArrowRight")
    expect(steps.nth(5)).to_be_visible()
    expect(steps.nth(4)).to_be_hidden()
    student.shoot("slide-step", slide)

    slide.get_by_label("Play all steps in turn").click()
    for index in (0, 1, 2):
        expect(steps.nth(index)).to_be_visible()
        assert steps.evaluate_all(_VISIBLE) <= 1


def test_the_stop_button_ends_an_endless_loop(
    student: Student,
    lab: Frontend,
    solutions: dict[str, str],
    wait_for: Callable[[Path], bool],
) -> None:
    """The button of the tool bar, a kind line, and the next cell runs."""
    student.open(lab.url)
    student.run("from grader import check, figures")
    student.write("raise NotImplementedError", solutions["endless"])
    student.run("while True")
    student.run("check(convolve)")
    assert wait_for(lab.notebook.with_name("begun"))
    stopped = (
        student.cell("check(convolve)").locator(".jp-OutputArea-output").first
    )
    student.until_heard(
        student.page.get_by_title(re.compile("Interrupt the kernel")).click,
        lambda: expect(stopped).to_contain_text(
            "Nothing is lost", timeout=_HEARD_MS
        ),
    )
    student.shoot("check-stopped", stopped)
    student.write("while True", solutions["right"])
    student.run("rows, columns")
    expect(student.run("check(convolve)")).to_contain_text("All 5 cases passed")


# Written with nothing but what the second lesson says and shows.
STRIDE = """
def convolve(image, kernel, stride=1, padding=0):
    H, W = image.shape
    p, q = kernel.shape
    framed = np.zeros((H + 2 * padding, W + 2 * padding))
    framed[padding:padding + H, padding:padding + W] = image
    rows = (H + 2 * padding - p) // stride + 1
    columns = (W + 2 * padding - q) // stride + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top = i * stride
            left = j * stride
            result[i, j] = (framed[top:top + p, left:left + q] * kernel).sum()
    return result
"""
CHANNELS = """
def convolve(image, kernels):
    C, H, W = image.shape
    K, C, p, q = kernels.shape
    result = np.zeros((K, H - p + 1, W - q + 1))
    for k in range(K):
        for i in range(H - p + 1):
            for j in range(W - q + 1):
                result[k, i, j] = (image[:, i:i + p, j:j + q] * kernels[k]).sum()
    return result
"""
POOL = """
def max_pool(image, size):
    H, W = image.shape
    result = np.zeros((H // size, W // size))
    for i in range(H // size):
        for j in range(W // size):
            piece = image[i * size:i * size + size, j * size:j * size + size]
            result[i, j] = piece.max()
    return result
"""


@pytest.mark.parametrize("theme", THEMES)
def test_the_second_lesson_is_solved_by_what_it_says(
    student: Student, lab: Frontend, theme: str
) -> None:
    """A beginner reads, writes three functions from top to bottom, and each check passes."""
    shutil.copy(ROOT / "notebooks" / "convolutional-layer.ipynb", lab.notebook)
    lab.write_settings(theme)
    student.open(lab.url)
    name = theme.rsplit(maxsplit=1)[-1].lower()
    student.shoot(f"layer-opened-{name}")
    student.run("from grader import check, figures")
    for cell, stub, source, check in (
        ("stride=2)", "stride: int", STRIDE, '"convolution-stride-padding"'),
        (
            "figures.channels",
            "kernels: 4-D",
            CHANNELS,
            '"convolution-channels"',
        ),
        ("figures.pool", "windows of size", POOL, '"max-pooling"'),
    ):
        expect(student.run(cell).locator("table").first).to_be_visible()
        student.write(stub, source)
        student.run(source.strip().splitlines()[0])
        expect(student.run(check)).to_contain_text(
            re.compile(r"All \d cases passed")
        )
    own = student.run("figures.layer(picture, kernels, max_pool)")
    expect(own.locator("img")).to_have_count(4)
    student.shoot(f"layer-solved-{name}")
    assert student.strangers == []
