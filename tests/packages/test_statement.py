"""The statement of an exercise survives each platform, and fits what students there have."""

import base64
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from grader.exercise import load_exercise
from grader.exercise.record import record_validation
from grader.packaging.xhtml import as_xhtml

Make = Callable[..., Path]
ROOT = Path(__file__).parents[2]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
README = """\
# Slide

Mustaches {{ x }} and `{{ code }}`, Twig {% if %} and an end </markdown> of `</markdown>`.
One<br>two, ]]> and <b>bold</i>, &nbsp;a space, @TITLE@, <pl-code>no element</pl-code>.

![window](images/the%20window.png "A window") <img src="images/the window.png" width=20>
![far](https://example.org/far.png) ![out](../../solutions/convolution/cases.toml)

<!-- files -->
Run `grader check convolve.py` on the examples of `exercise.toml`.
<!-- /files -->

| a | b |
|---|---|
| 1 | 2<br>3 |
"""
EDITORS = ("prairielearn", "coderunner", "xqueue")


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    """Return a copy of the exercise whose README has all that broke a platform."""
    folder = tmp_path / "exercises" / "convolution"
    shutil.copytree(ROOT / "exercises" / "convolution", folder)
    (folder / "README.md").write_text(README)
    (folder / "images").mkdir()
    (folder / "images" / "the window.png").write_bytes(PICTURE)
    settings_file = folder / "exercise.toml"
    title = 'title = "A & B <i> \\"C\\" ]]>"'
    lines = settings_file.read_text().splitlines()
    changed = [title if line.startswith("title") else line for line in lines]
    settings_file.write_text("\n".join(changed) + "\n")
    hidden = tmp_path / "solutions" / "convolution"
    shutil.copytree(ROOT / "solutions" / "convolution", hidden)
    record_validation(load_exercise(folder), hidden)
    return folder


def statement_on(platform: str, artifact: Path) -> Any:
    """Return the statement as the platform's own parser reads it."""
    if platform == "prairielearn":
        page = (artifact / "question.html").read_text()
        # PrairieLearn fills in mustaches, then turns <markdown> into HTML, then parses.
        assert "{{" not in page
        assert "<markdown>" not in page
        panel = html.fragment_fromstring(page, create_parent="div")
        return panel.find(".//pl-question-panel")
    if platform == "coderunner":
        question = etree.parse(artifact / "question.xml").find("question")
        assert question.findtext("name/text") == 'A & B <i> "C" ]]>'
        return etree.fromstring(
            f"<div>{question.findtext('questiontext/text')}</div>"
        )
    problem = etree.parse(artifact / "problem.xml").getroot()
    assert problem.get("display_name") == 'A & B <i> "C" ]]>'
    return problem.find("div")


@pytest.mark.parametrize("platform", EDITORS)
def test_a_statement_survives(
    platform: str, make: Make, exercise: Path
) -> None:
    """Mustaches, foreign end tags, line breaks, tables and odd titles are shown as written."""
    statement = statement_on(platform, make(platform, "artifact", exercise))
    text = " ".join("".join(statement.itertext()).split())
    for shown in (
        "Mustaches {{ x }} and {{ code }}, Twig {% if %}",
        "an end </markdown> of </markdown>.",
        "]]> and bold</i>",
        "@TITLE@",
        "<pl-code>no element</pl-code>",
    ):
        assert shown in text
    assert len(statement.findall(".//br")) == 2
    assert len(statement.findall(".//td")) == 2
    assert statement.find(".//pl-code") is None


@pytest.mark.parametrize("platform", EDITORS)
def test_pictures_are_in_the_statement(
    platform: str, make: Make, exercise: Path
) -> None:
    """A picture of the exercise is part of the page; others keep their address."""
    statement = statement_on(platform, make(platform, "artifact", exercise))
    sources = [image.get("src") for image in statement.iter("img")]
    embedded = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
    outside = "../../solutions/convolution/cases.toml"
    assert sources == [
        embedded,
        embedded,
        "https://example.org/far.png",
        outside,
    ]


@pytest.mark.parametrize("platform", EDITORS)
def test_a_statement_is_silent_about_files_that_students_lack(
    platform: str, make: Make, exercise: Path
) -> None:
    """Where students have an editor alone, nothing is said about the exercise's files."""
    for folder in (exercise, ROOT / "exercises" / "convolution"):
        statement = statement_on_any(
            platform, make(platform, folder.parts[2], folder)
        )
        assert "exercise.toml" not in statement
        assert "grader check" not in statement
        assert "files -->" not in statement


def statement_on_any(platform: str, artifact: Path) -> str:
    """Return the text of the file that the statement is in."""
    names = {"prairielearn": "question.html", "coderunner": "question.xml"}
    return (artifact / names.get(platform, "problem.xml")).read_text()


def test_students_with_files_read_all_of_it(make: Make, exercise: Path) -> None:
    """On GitHub the README is whole, without marks, and its pictures are beside it."""
    template = make("github", "github", exercise) / "template"
    text = (template / "README.md").read_text()
    assert "grader check convolve.py" in text
    assert "files -->" not in text
    assert (template / "images" / "the window.png").read_bytes() == PICTURE
    assert not list(template.rglob("cases.toml"))


def test_an_author_is_told_of_files_that_students_lack(
    make: Make, exercise: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One line names the README and the marks; where students have the files, there is none."""
    readme = exercise / "README.md"
    readme.write_text("# Slide\n\nTry `grader check convolve.py`.\n")
    with caplog.at_level(logging.WARNING, logger="grader"):
        make("github", "github", exercise)
        assert caplog.messages == []
        make("coderunner", "moodle", exercise)
    (message,) = caplog.messages
    assert message.startswith(f"{readme}: speaks of grader check")
    assert "<!-- files -->" in message


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=60))
@example("<p id=a id=b>x<p>y<li>z</ul></div><br/></br><img src='<&\">'")
@example("<!-- > <![CDATA[ <?php ?> <!DOCTYPE x> <a b=&#0;>\x00\ud800\ufffe")
@example("{{{ }}} {{<b>{</b>{ &#123;&#123;")
def test_any_html_becomes_xml(text: str) -> None:
    """Whatever an author writes, the result is well-formed XML without a mustache."""
    written = as_xhtml(text)
    etree.fromstring(f"<div>{written}</div>")
    assert "{{" not in written
