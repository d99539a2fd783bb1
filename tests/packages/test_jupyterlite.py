"""The site for JupyterLite: what is in it, what it needs in a browser, and how it opens there."""

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from packaging.requirements import Requirement
from playwright.sync_api import expect, sync_playwright

from grader.exercise import load_exercise
from grader.packaging.artifacts import package

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage")
PYODIDE = {"numpy": "2.4.6", "msgspec": "0.20.0", "jinja2": "3.1.6"}
"""What Pyodide 314.0.7 brings, by its pyodide-lock.json."""
BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of the whole set, once."""
    where = tmp_path_factory.mktemp("lite") / "site"
    exercise = load_exercise(ROOT / "exercises" / "convolution")
    return package("jupyterlite", exercise, None, where, whole_set=True)


def files_of(site: Path) -> dict[str, bytes]:
    """Return every file of the site, and every file in a wheel of it."""
    found = {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }
    for name in [name for name in found if name.endswith(".whl")]:
        with zipfile.ZipFile(site / name) as wheel:
            found |= {
                f"{name}/{each}": wheel.read(each) for each in wheel.namelist()
            }
    return found


def test_lessons_and_exercises_are_in_it_and_nothing_hidden(site: Path) -> None:
    """Both lessons, a notebook for each exercise, the wheel; no file of the hidden half."""
    found = files_of(site)
    names = {
        path.name for path in (ROOT / "exercises").iterdir() if path.is_dir()
    }
    notebooks = {f"files/exercises/{name}/{name}.ipynb" for name in names}
    lessons = {
        f"files/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")
    }
    assert notebooks | lessons <= set(found)
    assert "files/exercises/word-vectors/vectors.csv" in found
    hidden = {
        path.read_bytes()
        for path in (ROOT / "solutions").rglob("*")
        if path.is_file() and path.stat().st_size
    }
    assert len(hidden) > 50
    assert not [name for name, data in found.items() if data in hidden]
    listed = json.loads(found["api/contents/all.json"])["content"]
    assert {each["name"] for each in listed} >= {
        "exercises",
        "convolution.ipynb",
    }


def test_the_grader_comes_from_the_site_and_from_nowhere_else(
    site: Path,
) -> None:
    """The kernel asks the site's own list first, and that has this grader's wheel."""
    (name,) = (path.name for path in (site / "pypi").glob("*.whl"))
    listed = json.loads((site / "pypi" / "all.json").read_text("utf-8"))
    (release,) = listed["exercise-grader"]["releases"].values()
    assert release[0]["filename"] == name
    settings = json.loads((site / "jupyter-lite.json").read_text("utf-8"))
    plugins = settings["jupyter-config-data"]["litePluginSettings"]
    kernel = plugins["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert kernel["pipliteUrls"][0].startswith("./pypi/all.json")


def test_what_it_needs_in_a_browser_is_what_pyodide_brings(site: Path) -> None:
    """The wheel's requirements, as Pyodide's installer reads them, are met by Pyodide alone."""
    (wheel,) = (site / "pypi").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (
            each for each in archive.namelist() if each.endswith("/METADATA")
        )
        text = archive.read(name).decode()
    needed = [
        Requirement(line)
        for line in Parser().parsestr(text).get_all("Requires-Dist", [])
    ]
    wanted = [
        each
        for each in needed
        if each.marker is None or each.marker.evaluate({**BROWSER, "extra": ""})
    ]
    assert {each.name for each in wanted} == set(PYODIDE)
    assert all(each.specifier.contains(PYODIDE[each.name]) for each in wanted)


def test_the_same_set_gives_the_same_site(site: Path, tmp_path: Path) -> None:
    """No file of a site carries a date."""
    exercise = load_exercise(ROOT / "exercises" / "convolution")
    again = package(
        "jupyterlite", exercise, None, tmp_path / "again", whole_set=True
    )
    assert files_of(again) == files_of(site)


@pytest.mark.parametrize(
    "name",
    ["convolution.ipynb", "exercises/linear-layer/linear-layer.ipynb"],
)
def test_its_notebooks_run_once_the_grader_is_there(
    site: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook installs the grader first; the rest runs, and the check says what is missing."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    text = (site / "files" / name).read_text("utf-8")
    reads: Any = nbformat.reads  # it has no types
    notebook = reads(text, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    first, _, rest = code[0].source.partition("\n")
    assert first == "%pip install -q exercise-grader"
    assert "No module named" not in str(notebook.cells)
    code[0].source = rest
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python"}
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, resources=resources).execute()
    check = next(cell for cell in code if cell.source.startswith("check("))
    assert "not changed the stub" in check.outputs[0].data["text/plain"]


def test_one_exercise_of_a_course_of_ones_own(tmp_path: Path) -> None:
    """Asked for by name, an exercise comes alone, with its public half: no wheel has that."""
    mine = tmp_path / "course" / "exercises" / "mine"
    shutil.copytree(ROOT / "exercises" / "sigmoid", mine)
    where = package("jupyterlite", load_exercise(mine), None, tmp_path / "site")
    folder = where / "files" / "exercises"
    assert [each.name for each in folder.iterdir()] == ["mine"]
    assert (folder / "mine" / "exercise.toml").is_file()
    page = (where / "index.html").read_text("utf-8")
    assert "path=exercises/mine/mine.ipynb" in page
    assert "Lessons" not in page


def test_without_jupyterlite_one_line_says_what_to_install(
    tmp_path: Path,
) -> None:
    """Exit status 2, one line, and nothing is written."""
    code = (
        "import sys; sys.modules['jupyterlite_core'] = None; "
        "from grader.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-c", code, "package", "jupyterlite"),
            *("--exercise", "convolution", "--output", "site"),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "jupyterlite-core" in done.stderr
    assert "pip install" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "site").exists()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 - as in the base class
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Write nothing."""


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Serve the site as any web server does, and return its address."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("width", [1200, 390])
def test_the_front_page_leads_to_the_lesson_with_its_pictures(
    address: str, width: int
) -> None:
    """In a browser, without Python yet: the text and the saved pictures are there to be read."""
    assert CHROMIUM, "install chromium: this test opens the site"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(FLAGS), timeout=180_000
        )
        page = browser.new_page(viewport={"width": width, "height": 900})
        # Only the site itself: where Python is loaded from is out of reach.
        page.route(
            re.compile(r"^https?://(?!127\.0\.0\.1)"),
            lambda route: route.abort(),
        )
        page.goto(f"{address}/index.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role(
            "link", name=re.compile("^Convolution: looking")
        ).click()
        notebook = page.locator(".jp-NotebookPanel")
        expect(notebook.locator("h1").first).to_contain_text(
            "Convolution: looking", timeout=60_000
        )
        expect(
            notebook.locator(".jp-CodeCell .cm-content").first
        ).to_contain_text("%pip install -q exercise-grader")
        # JupyterLab takes captions of figures away in a notebook that was not run here yet.
        pictures = notebook.locator(".jp-OutputArea-output table")
        expect(pictures.first).to_contain_text("image")
        browser.close()
