"""The class page in the hands of an instructor: found, filtered, copied, shown without names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from grader.api import grade
from grader.classbook.facts import Facts, RaisedAt
from grader.classbook.lateness import Lateness
from grader.classbook.page import class_page
from grader.classbook.pictures import Picture, picture
from grader.classbook.rows import Row
from grader.classbook.student_page import Beside, student_page, threaded
from grader.classbook.summarise import summarise
from grader.classbook.unexplained import Common
from grader.intake.student import Student
from grader.model import Exercise, Status, Verdict
from grader.submission import parse_submission
from tests.batch.conftest import FLIPPED, RAISES, RIGHT
from tests.browsers import open_browser

ROOT = Path(__file__).parents[2]
FOUR = ("8x8", "12x10", "10x10", "12x8")
PADDED = RIGHT.replace(
    "    h, w = image.shape\n",
    "    image = np.pad(image, 1)\n    h, w = image.shape\n",
)
FIRST = ("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Zoë")
LAST = ("Abel", "Baker", "Chen", "Díaz", "Evans")
KINDS: tuple[dict[str, Any], ...] = (
    {"verdict": Verdict.PASSED, "score": 4.0},
    {
        "verdict": Verdict.WRONG_SHAPE,
        "hints": (("same-padding", "You put zeros around the image."),),
    },
    {
        "verdict": Verdict.WRONG_VALUES,
        "hints": (
            ("kernel-flipped", "You turned it."),
            ("same-padding", "You put zeros around the image."),
        ),
    },
    {"verdict": Verdict.WRONG_VALUES},
    {
        "verdict": Verdict.NOT_RUN,
        "status": Status.NOT_GRADABLE,
        "message": "`Ada Abel.pdf` is no program.",
    },
    {
        "verdict": Verdict.RAISED,
        "hints": (("window-too-small", "Cut short."),),
        "exceptions": (RaisedAt("ValueError", "no, Zoë", "ada = 1", 4),),
    },
)


def facts(number: int, cases: tuple[str, ...]) -> Facts:
    """Make the facts of one submission; every kind comes in turn."""
    kind = dict(KINDS[number % len(KINDS)])
    verdict = kind.pop("verdict")
    name = f"{FIRST[number % 7]} {LAST[number % 5]}~{number}"
    given: dict[str, Any] = {
        "status": Status.GRADED,
        "score": 0.0,
        "message": "",
        "isolation": "full",
    }
    return Facts(
        name=name,
        kind="python",
        max_score=4.0,
        verdicts=tuple((case, verdict) for case in cases),
        **(given | kind),
    )


def no_common() -> Common:
    """Give no common inputs: nothing here is unexplained and alike."""
    raise AssertionError


def write(
    folder: Path,
    exercise: Exercise,
    size: int,
    cases: tuple[str, ...] = FOUR,
    pictures: dict[str, Picture] | None = None,
) -> Path:
    """Write the page of a class of this size, one of whom is late and one missing."""
    found = [facts(number, cases) for number in range(size)]
    summary = summarise(found, exercise, cases, [], "file", no_common)
    summary = msgspec.structs.replace(
        summary,
        missing=("Mia Verloren (77)",),
        late=(found[1].name,),
    )
    rows = [
        Row(Student(name=each.name), each, Lateness(late=at == 1))
        for at, each in enumerate(found)
    ]
    rows.append(Row(Student(name="Mia Verloren", id="77"), None))
    path = folder / "index.html"
    path.write_bytes(b"".join(class_page(summary, rows, pictures or {})))
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's browser, or the one that playwright brought."""
    with open_browser() as started:
        yield started


@pytest.fixture
def opened(
    tmp_path: Path, exercise: Exercise, browser: Browser
) -> Iterator[Page]:
    """Open the page of a class of 30, and see that nothing is complained of."""
    path = write(tmp_path, exercise, 30)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert said == []


def shown(page: Page) -> list[str]:
    """Return the names of the rows that are shown."""
    rows = page.locator("table.class tbody tr:visible th")
    return [text.strip() for text in rows.all_inner_texts()]


def test_a_misconception_is_one_click_from_its_students(opened: Page) -> None:
    """A bar shows who has it, with the sentence about it; the same bar shows everybody again."""
    bar = opened.get_by_role("button", name="Same padding")
    bar.click()
    assert len(shown(opened)) == 10
    assert bar.get_attribute("aria-pressed") == "true"
    assert opened.locator(".chosen").inner_text().startswith("You put zeros")
    assert "10 of 31: Same padding" in opened.locator("output").inner_text()
    opened.get_by_role("button", name="Kernel flipped").click()
    assert len(shown(opened)) == 5
    opened.get_by_role("button", name="Kernel flipped").click()
    assert len(shown(opened)) == 31


def test_a_click_in_the_table_filters_by_what_was_clicked(opened: Page) -> None:
    """A verdict and a misconception in the table are filters, together where both are clicked."""
    opened.locator("td.bad", has_text="Wrong values").first.click()
    assert len(shown(opened)) == 10
    opened.locator("tr:visible .ids i", has_text="Kernel flipped").first.click()
    assert len(shown(opened)) == 5
    opened.get_by_role("button", name="Show all").click()
    assert len(shown(opened)) == 31


def test_every_filter_is_there_for_the_keyboard(opened: Page) -> None:
    """A column of the histogram, a case and a verdict are buttons that Enter presses."""
    opened.get_by_role("button", name="with 4 of 4 points").focus()
    opened.keyboard.press("Enter")
    assert len(shown(opened)) == 5
    opened.keyboard.press("Enter")
    opened.get_by_role("button", name="12x10 17 %").press("Enter")
    assert len(shown(opened)) == 25
    assert "12x10: not passed" in opened.locator("output").inner_text()
    opened.get_by_text("Each verdict").click()
    opened.get_by_role("button", name="Exception 5").first.press("Enter")
    assert len(shown(opened)) == 5


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("Not graded (5)", 5),
        ("Unnamed (5)", 5),
        ("0 points (25)", 25),
        ("Late (1)", 1),
        ("Nothing handed in (1)", 1),
    ],
)
def test_quick_filters(opened: Page, name: str, many: int) -> None:
    """Each says how many there are, and shows them."""
    opened.get_by_role("button", name=name).click()
    assert len(shown(opened)) == many


def test_who_needs_help_first(opened: Page) -> None:
    """The fewest points first, of these whom no hint helps; who handed in nothing comes last."""
    opened.get_by_role("button", name="Who needs help first").click()
    order = shown(opened)
    assert order[-1] == "Mia Verloren"
    first = opened.locator("table.class tbody tr").first
    assert first.locator(".ids").inner_text() == "no name yet"
    assert order[-2].endswith(("~0", "~6", "~12", "~18", "~24"))


def test_back_brings_the_filter_back_and_no_name_is_in_the_address(
    opened: Page,
) -> None:
    """What was searched for may be a name: it is never part of the address."""
    opened.get_by_role("button", name="Same padding").click()
    opened.get_by_label("Show only").fill("ada")
    assert "ada" not in opened.url
    opened.reload()
    assert len(shown(opened)) == 10
    opened.get_by_role("button", name="Who needs help first").click()
    order = shown(opened)
    opened.reload()
    assert shown(opened) == order


def test_who_presses_a_bar_sees_rows(
    tmp_path: Path, exercise: Exercise, browser: Browser
) -> None:
    """On a small screen the table comes into view, below the sentence about the mistake."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(write(tmp_path, exercise, 30).as_uri())
    page.get_by_role("button", name="Same padding").click()
    page.wait_for_timeout(100)
    box = page.locator("table.class tbody tr:visible").first.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 768 - box["height"]
    page.close()


def test_the_names_of_a_group_are_copied_by_one_click(opened: Page) -> None:
    """One name a line: of the rows that are shown, and of any list of names."""
    opened.get_by_role("button", name="Kernel flipped").click()
    names = shown(opened)
    opened.get_by_role("button", name="Copy 5 names").first.click()
    opened.evaluate("document.body.append(document.createElement('textarea'))")
    field = opened.locator("textarea")
    field.focus()
    opened.keyboard.press("Control+V")
    assert field.input_value().split("\n") == names
    found = opened.locator(".found", has_text="kernel-flipped")
    found.get_by_role("button", name="Copy 5 names").click()
    field.focus()
    opened.keyboard.press("Control+A")
    opened.keyboard.press("Control+V")
    assert field.input_value().split("\n") == names


def test_without_names_nothing_says_who_anybody_is(opened: Page) -> None:
    """No name is left in the text, titles, labels, links or address, after a reload either."""
    whole = opened.locator("main").inner_text()
    opened.get_by_role("button", name="Hide names").click()
    for step in ("pressed", "loaded again"):
        seen = opened.evaluate(
            """[document.title, location.href.split("/").pop(), document.body.innerText,
                ...[...document.querySelectorAll("main *")].filter(each => each.checkVisibility())
                  .flatMap(each => [...each.attributes].map(one => one.value))].join("\\n")"""
        )
        for name in (*FIRST, *LAST, "Mia", "Verloren"):
            assert not re.search(rf"\b{name}\b", seen, re.IGNORECASE), (
                step,
                name,
            )
        assert "Student 31" in seen
        assert "•••.pdf" in seen
        opened.reload()
    opened.get_by_label("Show only").fill("Zoë")
    assert shown(opened) == []
    opened.get_by_role("button", name="Hide names").click()
    assert opened.locator("main").inner_text() == whole


@pytest.mark.parametrize("many", [1, 2, 6, 9])
@pytest.mark.parametrize("width", [1280, 390])
def test_any_number_of_cases_fits(
    tmp_path: Path,
    exercise: Exercise,
    browser: Browser,
    many: int,
    width: int,
) -> None:
    """The misconception comes before the verdicts, and nothing is wider than the window."""
    cases = tuple(f"logits of the last layer {at}" for at in range(many))
    path = write(tmp_path, exercise, 30, cases)
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(path.as_uri())
    heads = page.locator("table.class thead th").all_inner_texts()
    assert heads[:3] == ["name", "misconceptions", "score"]
    assert len(heads) == 4 + many
    page.locator("#everybody").scroll_into_view_if_needed()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    box = page.locator("table.class thead th").nth(1).bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= width
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_head_of_the_table_stays(
    tmp_path: Path, exercise: Exercise, browser: Browser, width: int
) -> None:
    """However far one scrolls, the columns have their names."""
    path = write(tmp_path, exercise, 300)
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(path.as_uri())
    page.locator("table.class tbody tr").nth(250).scroll_into_view_if_needed()
    box = page.locator("table.class thead th").first.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 844
    page.close()


def test_the_table_is_on_the_first_screen_of_any_class(
    tmp_path: Path, exercise: Exercise, browser: Browser
) -> None:
    """At 1280 by 900 its first rows are seen without scrolling."""
    for size in (5, 300):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(write(tmp_path, exercise, size).as_uri())
        box = page.locator("table.class tbody tr").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 900
        page.close()


def test_the_page_of_five_thousand_is_bounded(
    tmp_path: Path, exercise: Exercise
) -> None:
    """Six hundred bytes a student, whatever is said about them."""
    path = write(tmp_path, exercise, 5000)
    assert path.stat().st_size < 5000 * 600 + 100_000


def drawn(folder: Path, source: str, misconception: str) -> Picture | None:
    """Grade a source, and draw what it misunderstood."""
    path = folder / "one.py"
    path.write_text(source, encoding="utf-8")
    report = grade(path, ROOT / "exercises" / "convolution", secret=b"page")
    return picture(report, misconception)


def test_a_misconception_has_a_picture(tmp_path: Path) -> None:
    """What was expected and what came back, of the smallest case; none where nothing came back."""
    found = drawn(tmp_path, PADDED, "same-padding")
    assert found is not None
    assert (found.expected, found.given) == ("6x6", "8x8")
    assert found.drawing.count("<rect") == 36 + 64
    assert drawn(tmp_path, PADDED, "kernel-flipped") is None
    assert drawn(tmp_path, RAISES, "anything") is None


def violations(page: Page) -> list[str]:
    """Return what axe-core finds."""
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in Axe().run(page).response["violations"]
        for node in each["nodes"]
    ]


LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_the_class_page(
    tmp_path: Path,
    exercise: Exercise,
    browser: Browser,
    width: int,
    scheme: Any,
) -> None:
    """0 violations: as it is opened, filtered, and without names."""
    found = drawn(tmp_path, PADDED, "same-padding")
    assert found is not None
    path = write(tmp_path, exercise, 12, pictures={"same-padding": found})
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(path.as_uri())
    page.get_by_text("Each verdict").click()
    assert violations(page) == []
    page.get_by_role("button", name="Same padding").click()
    page.get_by_role("button", name="with 0 of 4 points").click()
    page.get_by_role("button", name="Wrong size 2").first.click()
    page.get_by_role("button", name="0 points").click()
    page.get_by_role("button", name="Hide names").click()
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("source", [FLIPPED, RAISES])
def test_axe_finds_nothing_on_a_students_page(
    tmp_path: Path,
    exercise: Exercise,
    browser: Browser,
    width: int,
    scheme: Any,
    source: str,
) -> None:
    """0 violations: feedback, source, marks and links."""
    path = tmp_path / "one.py"
    path.write_text(source, encoding="utf-8")
    report = grade(path, ROOT / "exercises" / "convolution", secret=b"page")
    submission = parse_submission("one.py", source.encode(), exercise)
    place = Beside(2, 3, "a", "c", (("file", "one.py"), ("late", "by 2 h")))
    page_bytes = threaded(student_page(report, submission), place)
    assert page_bytes is not None
    (tmp_path / "one.html").write_bytes(page_bytes)
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto((tmp_path / "one.html").as_uri())
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("size", [5, 60])
def test_a_class_prints_without_an_empty_page(
    tmp_path: Path, exercise: Exercise, browser: Browser, size: int
) -> None:
    """A class of five needs two sheets, and sixty need four."""
    path = write(tmp_path, exercise, size)
    page = browser.new_page()
    page.goto(path.as_uri())
    printed = page.pdf(format="A4")
    assert printed.count(b"/Type /Page\n") <= (2 if size == 5 else 4)
    page.close()
