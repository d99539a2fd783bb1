"""A new exercise works before its author changes anything, and nothing under grader/ is changed for it."""

from pathlib import Path

import pytest

from grader.authoring import new, validate
from grader.errors import UsageError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_exercise_validates(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `grader new` makes passes `grader validate`, misconceptions included."""
    lines = new("far-away")
    assert "made exercises/far-away/exercise.toml" in lines
    validate("far-away", secrets=20)
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 9
    assert all(line.startswith("ok ") for line in out)
    assert {path.name for path in here.iterdir()} == {"exercises", "solutions"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../x",
        "a/b",
        "A",
        "1a",
        "a b",
        "-a",
        "a--b",
        ".",
        "a\n",
        "x" * 51,
        "convolve()",
    ],
)
def test_a_name_that_is_none_is_wrong_usage(here: Path, name: str) -> None:
    """Names become folders, columns and arguments: small letters, digits and single dashes."""
    with pytest.raises(UsageError, match="is no name for an exercise"):
        new(name)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("half", ["exercises", "solutions"])
def test_nothing_that_exists_is_overwritten(here: Path, half: str) -> None:
    """Where either half exists, the other is not made."""
    (here / half / "mine").mkdir(parents=True)
    (here / half / "mine" / "reference.py").write_text("precious")
    with pytest.raises(UsageError, match="exists already"):
        new("mine")
    assert [path.name for path in here.rglob("*") if path.is_file()] == ["reference.py"]


def test_a_folder_that_cannot_be_made_is_one_line(here: Path) -> None:
    """A file in the way is wrong usage, and nothing is left behind."""
    (here / "solutions").write_text("a file")
    with pytest.raises(UsageError, match=r"exists already|cannot be made"):
        new("mine")
    assert not list((here / "exercises").iterdir())
