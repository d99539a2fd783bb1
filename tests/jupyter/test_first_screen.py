"""Twenty beginners' mistakes in JupyterLab and Notebook 7: what the first screen says.

A real kernel runs the notebook, and each application opens what it has saved. The screenshots go
to `artifacts/`, for a person to look at.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import Browser, Locator, Page, expect

from tests.beginners import MISTAKES
from tests.jupyter.conftest import private_environment
from tests.jupyter.frontends import (
    APPLICATIONS,
    PATIENCE_MS,
    Frontend,
    open_browser,
)

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "artifacts"
HEIGHT = 312
"""What Notebook 7 shows of a long output before one scrolls: 24 lines of 13 pixels."""
WIDTH = 800
OUTPUTS = ".jp-Cell-outputArea"
HTML = ".jp-RenderedHTMLCommon"
UNEXPLAINED = {"loop over a parameter"}
"""Wrong values that no rule and no rehearsed answer explains: the picture stands alone."""
MEASURE = """boxes => boxes.map(box => {
  const card = box.querySelector(".exg-card");
  card.querySelectorAll(".exg-cause").forEach(fold => { fold.open = true; });
  box.scrollTop = 0;
  const seen = [...card.querySelectorAll(
    ".exg-badge, .exg-message, .exg-code, .exg-moment, .exg-hint, .exg-arrays[open]"
  )];
  const ends = seen.map(part => part.getBoundingClientRect().bottom);
  return {
    width: box.querySelector(".jp-RenderedHTMLCommon").offsetWidth,
    height: box.clientHeight,
    lowest: Math.max(...ends) - box.getBoundingClientRect().top,
    badge: card.querySelector(".exg-badge").checkVisibility(),
    sentence: card.querySelector(".exg-message").checkVisibility(),
    // Of wrong values a hint says why, of an exception and of a loop without end their line.
    cause: card.querySelector(".exg-hint, .exg-code") !== null,
  };
})"""


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Run a notebook with a cell for each mistake, as a student tries one after the other."""
    folder = tmp_path_factory.mktemp("kernel")
    sources = ["%load_ext grader"]
    sources += [f"%%grade\n{source.strip()}" for source in MISTAKES.values()]
    new: Any = nbformat.v4  # whose functions have no types
    cells = [new.new_code_cell(each) for each in sources]
    notebook = new.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    client = NotebookClient(
        notebook,
        timeout=300,
        startup_timeout=180,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**os.environ, **private_environment(folder)})
    for cell in notebook.cells:
        # Both applications put what is so marked into the box that scrolls.
        cell.metadata["scrolled"] = True
    return notebook


@pytest.fixture(params=APPLICATIONS)
def served(
    request: pytest.FixtureRequest, tmp_path: Path, executed: Any
) -> Iterator[Frontend]:
    """Serve the notebook with one of the applications, trusted like one's own."""
    running = Frontend(tmp_path, "mistakes.ipynb", request.param)
    nbformat.write(executed, running.notebook)  # type: ignore[no-untyped-call]  # nbformat's
    running.trust()
    running.write_settings("JupyterLab Light")
    with running.serving():
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with open_browser() as running:
        yield running


def open_outputs(page: Page, url: str) -> Locator:
    """Open the notebook, make the window so wide that outputs are 800 pixels, and return them."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    boxes = page.locator(OUTPUTS).filter(has=page.locator(".exg-card"))
    expect(boxes).to_have_count(len(MISTAKES))
    size = page.viewport_size
    assert size
    first = boxes.locator(HTML).first
    around = size["width"] - first.evaluate("html => html.offsetWidth")
    page.set_viewport_size({**size, "width": WIDTH + around})
    return boxes


@pytest.mark.timeout(900)
def test_each_mistake_is_told_on_the_first_screen(
    served: Frontend, browser: Browser
) -> None:
    """Verdict, sentence, hint, cause and picture are in the box of an output before one scrolls."""
    page = browser.new_page(viewport={"width": 1100, "height": 12_000})
    measured = open_outputs(page, served.url).evaluate_all(MEASURE)
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"first-screens-{served.module}.png")
    unexplained = set()
    for name, found in zip(MISTAKES, measured, strict=True):
        assert found["width"] == WIDTH, name
        assert found["lowest"] <= found["height"] <= HEIGHT, (name, found)
        assert found["badge"], name
        assert found["sentence"], name
        if not found["cause"]:
            unexplained.add(name)
    assert unexplained == UNEXPLAINED
