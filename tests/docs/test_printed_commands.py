"""Every command that a document prints works from where its reader stands.

Other tests follow whole pages: `test_first_exercise.py`, `test_instructor.py`, `test_readme.py`
(the first lines), `tests/platforms/test_docs.py`, `tests/packages/test_students.py`. Here is the
rest. What installs the grader is run by CI, which begins with the same lines.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "solutions" / "convolution" / "samples"
INSTALLS = ("python3 -m venv", "pip install", ". .venv")
STATEMENTS = sorted((ROOT / "exercises").glob("*/README.md"))
SHEET = "Grades-CS101-Homework 1-4242.csv"
SHEET_TEXT = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\r\n'
    "Participant 101,Ada Lovelace,ada@example.org,Submitted for grading,,10.00,Yes,-,-,\r\n"
)


def blocks(page: str) -> list[str]:
    """Return the blocks of commands of a document."""
    text = (ROOT / page).read_text("utf-8")
    return re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def follow(block: str, folder: Path) -> list[str]:
    """Run the lines of a block in a shell, with this interpreter's grader; return what they say."""
    shims = folder.parent / "shims"
    shims.mkdir(exist_ok=True)
    grader = shims / "grader"
    grader.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m grader "$@"\n'
    )
    grader.chmod(0o755)
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "GRADER"))
    }
    environ |= {
        "PATH": f"{shims}:{environ['PATH']}",
        "HOME": str(folder.parent),
        "XDG_CONFIG_HOME": str(folder.parent / "config"),
    }
    said = []
    for line in block.splitlines():
        if line.startswith(INSTALLS) or line.lstrip().startswith("#"):
            continue
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
        said.append(done.stdout)
    return said


def copy_of_the_repository(folder: Path) -> None:
    """Write what a reader of the documents has around them."""
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name, folder / name)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Return the folder in which a reader stands."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def test_the_tutorial_is_followed_from_its_first_line(here: Path) -> None:
    """From a copy of the repository to the page of a class, with a secret of one's own."""
    copy_of_the_repository(here)
    said = [
        text
        for block in blocks("docs/tutorial.md")
        for text in follow(block, here)
    ]
    assert len(said) >= 4
    assert "turned" in said[1]
    assert (here / "results" / "index.html").is_file()
    assert (here / "secret.txt").stat().st_size == 65


def test_the_front_page_is_followed_and_shows_what_comes_out(
    here: Path,
) -> None:
    """After `git clone`, the samples are graded; the case that is printed there is the real one."""
    copy_of_the_repository(here)
    (block,) = blocks("docs/index.md")
    clone, _, grade = block.splitlines()
    assert clone.startswith("git clone https://")
    follow(grade.removeprefix(".venv/bin/"), here)
    text = (ROOT / "docs" / "index.md").read_text("utf-8")
    (shown,) = re.findall(
        r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE
    )
    case = json.loads("{" + shown + "}")
    report = here / "results" / "reports" / "flipped.py.json"
    real = json.loads(report.read_text("utf-8"))["cases"][0]
    (hint,) = case.pop("hints")
    assert case == {name: real[name] for name in case}
    assert hint["misconception"] == real["hints"][0]["misconception"]
    assert real["hints"][0]["text"].startswith(
        hint["text"].removesuffix(" ...")
    )


def readme() -> dict[str, str]:
    """Return the commands of the README's sections by their headings."""
    text = (ROOT / "README.md").read_text("utf-8")
    found = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        commands = re.findall(
            r"^```sh\n(.*?)^```", section, re.DOTALL | re.MULTILINE
        )
        if commands:
            found[section.partition("\n")[0]] = "".join(commands)
    return found


def test_the_readme_has_commands_for_its_four_readers() -> None:
    """No section with commands is left out below, but for what pip installs first."""
    assert set(readme()) == {
        "As a service",
        "A student",
        "An instructor",
        "An author",
        "An operator",
    }


def test_a_student_follows_the_readme(here: Path) -> None:
    """With a file and nothing else: no solutions, no checkout around them."""
    shutil.copy(SAMPLES / "flipped.py", here / "convolve.py")
    (said,) = follow(readme()["A student"], here)
    assert "Which weight of the kernel" in " ".join(said.split())


def test_an_instructor_and_an_operator_follow_the_readme(here: Path) -> None:
    """From `grader trust` to the grade book's sheet, and to what a platform gets."""
    (here / "course").mkdir()
    copy_of_the_repository(here / "course")
    shutil.copy(SAMPLES / "right.py", here / "convolve.py")
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": (SAMPLES / "right.py").read_text("utf-8"),
    }
    notebook = {
        "cells": [cell],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    (here / "homework.ipynb").write_text(json.dumps(notebook))
    handed_in = here / "handed-in" / "Ada Lovelace_101_assignsubmission_file"
    handed_in.mkdir(parents=True)
    shutil.copy(SAMPLES / "right.py", handed_in / "convolve.py")
    (here / SHEET).write_text(SHEET_TEXT)
    follow(readme()["An instructor"], here)
    assert "All 4 cases passed" in (here / "report.html").read_text("utf-8")
    assert (here / "results" / "index.html").is_file()
    assert "Participant 101,Ada Lovelace" in (here / "grades.csv").read_text(
        "utf-8-sig"
    )
    follow(readme()["An operator"], here)
    assert (here / "autograder.zip").is_file()
    assert (
        json.loads((here / "results.json").read_text("utf-8"))["score"] == 4.0
    )


def test_an_author_follows_the_readme(here: Path) -> None:
    """An exercise that validates as it is, and a file that is graded with it."""
    first, *rest = readme()["An author"].splitlines()
    follow(first, here)
    reference = here / "solutions" / "moving-average" / "reference.py"
    shutil.copy(reference, here / "mine.py")
    said = follow("\n".join(rest), here)
    assert "cases passed" in said[-1]


def test_an_author_follows_the_architecture_page(here: Path) -> None:
    """The two commands that add an exercise."""
    (block,) = blocks("docs/architecture.md")
    said = follow(block, here)
    assert "FAILED" not in said[-1]


@pytest.mark.parametrize(
    "statement", STATEMENTS, ids=lambda path: path.parent.name
)
def test_a_student_follows_the_statement(statement: Path, here: Path) -> None:
    """Beside the stub and nothing else, the printed command finds the exercise that it is of."""
    text = statement.read_text("utf-8")
    commands = re.findall(r"^    (grader .*)$", text, re.MULTILINE)
    assert len(commands) == 1
    (stub,) = statement.parent.glob("*.py")
    shutil.copy(stub, here)
    title = text.partition("\n")[0].removeprefix("# ")
    (said,) = follow(commands[0], here)
    assert title[:40] in " ".join(said.split())  # a long one is cut
    assert "not changed the stub" in " ".join(said.split())
