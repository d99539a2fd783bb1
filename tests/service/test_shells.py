"""The shells of the pages: what stands in them before anything of a person does."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from grader.exercise import load_exercise
from grader.service.graders.exercises import Exercises
from grader.service.web.contents import contents
from grader.service.web.lesson import reading
from grader.service.web.shells import Shells

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.name for path in (ROOT / "solutions").glob("*/"))


@pytest.fixture(scope="module")
def shells() -> Shells:
    """Return the pages of the exercises of this checkout."""
    return Shells(Exercises(ROOT / "solutions"))


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_a_page_that_loads_nothing_but_its_own(
    shells: Shells, name: str
) -> None:
    """Its scripts and styles have the nonce, and no address on it is another site's."""
    page = shells.work(name, "NONCE")
    assert page is not None
    for tag in re.findall(r"<(?:script|style|link)\b[^>]*>", page):
        assert 'nonce="NONCE"' in tag or 'rel="icon"' in tag, tag
    loaded = re.findall(r'(?:src|href)="([^"#]+)', page)
    own = ("/", "data:image/")
    assert [address for address in loaded if not address.startswith(own)] == []
    assert not re.search(r"\son[a-z]+=", page)


def test_a_page_of_no_exercise_is_none(shells: Shells) -> None:
    """What is not set here has no page, whatever its name looks like."""
    assert shells.work("../convolution", "n") is None
    assert shells.work("nothing", "n") is None


def test_the_lesson_is_shown_without_what_only_a_notebook_has() -> None:
    """No buttons of Jupyter are spoken of; figures, formulas and their style sheets are there."""
    text = str(reading(load_exercise(ROOT / "exercises" / "convolution"), "N"))
    for absent in ("Shift+Enter", "%pip", "%%grade", "check(", "<h1>", "$"):
        assert absent not in text
    assert text.count('<style nonce="N">') == text.count("<style") == 2
    assert "<math" in text
    assert "▶ play" in text
    assert text.count("The code of this picture") >= 7
    assert "Handing in" in text


def test_an_exercise_without_a_lesson_shows_its_statement() -> None:
    """The README, without its title and what speaks of files."""
    text = str(reading(load_exercise(ROOT / "exercises" / "softmax"), "N"))
    assert "<h1>" not in text
    assert "exercise.toml" not in text
    assert "<h2>" in text


def test_a_lesson_for_several_exercises_is_folded_above_the_statement() -> None:
    """Its title is inside, and no button of Jupyter is spoken of there either."""
    folder = ROOT / "exercises" / "max-pooling"
    text = str(reading(load_exercise(folder), "N"))
    assert text.startswith('<details class="shared">')
    assert "<h1>" not in text
    assert "%pip" not in text
    assert text.rindex("</details>") < text.index("Write a function")


def test_a_lesson_may_have_pictures_and_text_as_output(tmp_path: Path) -> None:
    """A PNG is shown with what its text says; plain results and printed text are shown as text."""
    folder = tmp_path / "exercises" / "convolution"
    shutil.copytree(ROOT / "exercises" / "convolution", folder)
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "markdown",
            "source": "a $p^2$ <!-- notebook -->x<!-- /notebook -->",
        },
        _code("draw()", {"image/png": "aGk=\n", "text/plain": "a <cat>"}),
        _code("1 < 2", {"text/plain": ["Tr", "ue"]}),
        {
            **_code("print()", {}),
            "outputs": [{"output_type": "stream", "text": "<b>"}],
        },
        {"cell_type": "raw", "source": "left out"},
        {**_code("own()", {}), "metadata": {"tags": ["exercise"]}},
    ]
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    (notebooks / "convolution.ipynb").write_text(json.dumps({"cells": cells}))
    text = str(reading(load_exercise(folder), "N"))
    assert '<img src="data:image/png;base64,aGk=" alt="a &lt;cat&gt;">' in text
    assert "<code>True</code>" in text
    assert "<code>&lt;b&gt;</code>" in text
    assert "<msup>" in text
    assert "left out" not in text
    assert "own" not in text
    assert "x<" not in text


def _code(source: str, data: dict[str, Any]) -> dict[str, Any]:
    output = {"output_type": "execute_result", "data": data}
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [output],
    }


def test_the_list_is_in_the_order_of_the_exercises_readme(
    shells: Shells,
) -> None:
    """Every exercise is there once, under the heading of its table, with what it teaches."""
    page = shells.start("n")
    listed = re.findall(r'data-exercise="([^"]+)"', page)
    assert sorted(listed) == NAMES
    assert listed[:2] == ["convolution-1d", "convolution"]
    assert "Learning: numbers, probabilities, a step downhill" in page
    assert "computing without loops" in page


def test_an_exercise_that_no_table_names_comes_last(tmp_path: Path) -> None:
    """It says what its statement begins with; HTML in a table is shown as text."""
    (tmp_path / "README.md").write_text(
        "# All\n\n| a | b |\n|---|---|\n| [one](one/README.md) | no |\n\n## First\n\n"
        "| exercise | teaches |\n|---|---|\n| [one](one/README.md) | `x` <i>y</i> |\n"
        "| two | nothing |\n| [gone](gone/README.md) | what is not set |\n"
    )
    statements = {
        "one": "<p>1</p>",
        "two": "<h1>Two</h1>\n<p>The <b>second</b>.</p><p>More</p>",
    }
    groups = contents(tmp_path, statements)
    assert [group.title for group in groups] == ["First", "More"]
    assert str(groups[0].entries[0].teaches) == (
        "<code>x</code> &lt;i&gt;y&lt;/i&gt;"
    )
    assert [each.name for each in groups[1].entries] == ["two"]
    assert str(groups[1].entries[0].teaches) == "The <b>second</b>."


def test_a_set_without_a_readme_is_one_list(tmp_path: Path) -> None:
    """Its exercises stand in the order of their names."""
    (group,) = contents(tmp_path, {"b": "", "a": "<p>A</p>"})
    assert group.title == "Exercises"
    assert [each.name for each in group.entries] == ["a", "b"]


def test_scripts_are_kept_for_a_year_under_an_address_of_their_own(
    serving: Any,
) -> None:
    """They come compressed; under the address of another version they are not kept."""
    served = serving()
    page = served.client.get("/").text
    address = re.search(r'src="(/static/[^/]+/start\.js)"', page)
    assert address is not None
    whole = served.client.get(address[1], headers={"Accept-Encoding": "gzip"})
    assert whole.headers["Content-Encoding"] == "gzip"
    assert "immutable" in whole.headers["Cache-Control"]
    assert whole.headers["Content-Type"].startswith("text/javascript")
    plain = served.client.get(
        address[1], headers={"Accept-Encoding": "identity"}
    )
    assert "Content-Encoding" not in plain.headers
    assert plain.text == whole.text
    older = served.client.get("/static/0123/start.js")
    assert older.status_code == 200
    assert older.headers["Cache-Control"] == "no-store"
    for missing in ("/static/0123/x.js", "/static/0123/..%2fapp.py"):
        assert served.client.get(missing).status_code == 404
