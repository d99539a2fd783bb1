"""Titles, file names and places that are made to break an artifact, or to act where it is made."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from lxml import etree

from grader.errors import ExerciseError, UsageError
from grader.exercise import load_exercise, record_validation
from grader.packaging.artifacts import package
from tests.packages.test_package import ROOT, contents

TITLES = (
    "$(touch canary)",
    "`touch canary`",
    '"; touch canary; "',
    "'; touch canary; '",
    "a: b # c",
    "- item",
    "${{ secrets.TOKEN }}",
    "::error::x",
    "##[error]x",
    "</script><script>alert(1)</script>",
    "]]>&<x>",
    "</text><questiontext>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "%0A::set-output name=x::y",
    "back\\slash",
    '"',
    "'",
    "<!--",
    "-->",
    "*/",
    "&amp;&lt;&#10;",
    "[x](javascript:alert(1))",
    "|",
    ">",
    "!ruby/object:x",
    "&anchor",
    "*alias",
    "@x",
    "=1+1",
    "null",
    "%TAG",
)
UNPRINTABLE = (
    "\x1b[31mred",
    "two\nlines",
    "a\rb",
    "\x00",
    "\u202eevil",
    "\u2028line",
    "x" * 5000,
)
PLATFORMS = ("coderunner", "github", "prairielearn", "xqueue")
"""Those whose files have a syntax that a title stands in."""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course whose only exercise a test may spoil."""
    for half in ("exercises", "solutions"):
        shutil.copytree(
            ROOT / half / "convolution",
            tmp_path / "course" / half / "convolution",
        )
    return tmp_path / "course"


def set_title(course: Path, title: str) -> Path:
    """Give the exercise another title, and return its public half."""
    folder = course / "exercises" / "convolution"
    path = folder / "exercise.toml"
    line = f"title = {json.dumps(title)}"
    text = re.sub(r"(?m)^title = .*$", lambda _: line, path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    return folder


def check_syntax(name: str, data: bytes) -> None:
    """Fail if a file is not of the syntax that its name says."""
    if name.endswith((".yml", ".yaml")):
        assert isinstance(yaml.safe_load(data), dict)
    elif name.endswith(".json"):
        json.loads(data)
    elif name.endswith(".xml"):
        etree.fromstring(data)
    elif name.endswith(".sh"):
        done = subprocess.run(["/bin/bash", "-n"], input=data, check=False)
        assert done.returncode == 0, name


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_no_title_breaks_an_artifact(course: Path, title: str) -> None:
    """Each file keeps its syntax, and no script, no workflow has the title in it."""
    exercise = load_exercise(set_title(course, title))
    record_validation(exercise, course / "solutions" / "convolution")
    for platform in PLATFORMS:
        where = course / "out" / platform
        made = package(platform, exercise, course / "solutions", where)
        for name, data in contents(made).items():
            check_syntax(name, data)
            if name.endswith((".sh", ".yml")) and len(title) > len("- item"):
                assert title.encode() not in data, name
    assert not Path("canary").exists()


@pytest.mark.parametrize("title", UNPRINTABLE, ids=range(len(UNPRINTABLE)))
def test_a_title_that_no_file_can_show_is_a_fault(
    course: Path, title: str
) -> None:
    """XML has no control characters, and a heading is one line."""
    with pytest.raises(ExerciseError, match="title: must be one line"):
        load_exercise(set_title(course, title))


@pytest.mark.parametrize(
    "name",
    [
        *("$(touch canary).py", "a b.py", "--help.py", ".hidden.py", "a\nb.py"),
        *("`id`.py", "a;b.py", "a'b.py", "\u202ex.py", "a&b.py", "x" * 200),
    ],
)
def test_a_stub_has_a_plain_name(course: Path, name: str) -> None:
    """Scripts of platforms name it, so it holds nothing that a shell would take for something."""
    folder = course / "exercises" / "convolution"
    (folder / "convolve.py").rename(folder / f"{name.removesuffix('.py')}.py")
    with pytest.raises(ExerciseError, match="is not a plain file name"):
        load_exercise(folder)


@pytest.mark.parametrize(
    "name",
    ["$(id).csv", "a\nb.csv", "../x.csv", ".x", "a/b.csv", "'x'.csv", "-x.csv"],
)
def test_a_given_file_has_a_plain_name(course: Path, name: str) -> None:
    """It is written where submissions run, under its own name."""
    folder = course / "exercises" / "convolution"
    path = folder / "exercise.toml"
    path.write_text(f"files = [{json.dumps(name)}]\n{path.read_text()}")
    if "/" not in name:
        (folder / name).write_text("x")
    with pytest.raises(ExerciseError, match="is not the name of a file beside"):
        load_exercise(folder)


def test_nothing_is_written_through_a_link(course: Path) -> None:
    """A link at the place of the output is followed to an empty folder, and to nothing else."""
    exercise = load_exercise(course / "exercises" / "convolution")
    solutions = course / "solutions"
    kept = course / "kept"
    kept.write_text("kept")
    nowhere, file, full = course / "a", course / "b", course / "c"
    nowhere.symlink_to(course / "not-there")
    file.symlink_to(kept)
    full.symlink_to(solutions)
    for output in (nowhere, file, full):
        with pytest.raises(UsageError) as caught:
            package("students", exercise, solutions, output)
        assert str(output) in str(caught.value)
        assert "\n" not in str(caught.value)
    assert kept.read_text() == "kept"
    assert not (course / "not-there").exists()
    assert sorted(path.name for path in solutions.iterdir()) == ["convolution"]


def test_an_archive_takes_the_place_of_a_link(course: Path) -> None:
    """What the link led to stays as it is."""
    exercise = load_exercise(course / "exercises" / "convolution")
    kept = course / "kept"
    kept.write_text("kept")
    (course / "made.zip").symlink_to(kept)
    package("students", exercise, None, course / "made.zip")
    assert kept.read_text() == "kept"
    assert not (course / "made.zip").is_symlink()


def test_the_hidden_half_is_never_for_others_to_read(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A private file is made private, and does not become so afterwards."""
    exercise = load_exercise(course / "exercises" / "convolution")
    modes: dict[str, int] = {}
    real = Path.chmod

    def chmod(path: Path, mode: int) -> None:
        modes[path.name] = path.stat().st_mode & 0o777
        real(path, mode)

    before = os.umask(0)
    try:
        monkeypatch.setattr(Path, "chmod", chmod)
        package("github", exercise, course / "solutions", course / "made")
    finally:
        os.umask(before)
    assert modes["reference.py"] & 0o077 == 0
    (reference,) = (course / "made").rglob("reference.py")
    assert reference.stat().st_mode & 0o077 == 0
