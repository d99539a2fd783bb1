"""Which hidden half is trusted: one of three ways names it, and a refusal says what to do."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exercise import find_public_half, find_solutions, load_exercise
from grader.exercise.configuration import configuration_file
from grader.exercise.trust import (
    NOT_HERE,
    VARIABLE,
    describe_trust,
    require_trusted,
    trust,
    trusted,
)

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the home of somebody who has trusted nothing yet."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.delenv(VARIABLE, raising=False)
    return folder


@pytest.fixture
def course(write: Write) -> Path:
    """Return a course with one exercise, `adding`."""
    return write().parents[1]


def refusal(found: Callable[[], object]) -> str:
    """Return the line with which something is refused."""
    with pytest.raises(UsageError) as caught:
        found()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def file() -> Path:
    """Return where the configuration of this user is."""
    found = configuration_file()
    assert found is not None
    return found


# ---- Three ways


def test_the_first_of_three_ways_counts(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option comes before the variable, and the variable before the configuration."""
    folders = [tmp_path / name for name in ("option", "variable", "trusted")]
    for folder in folders:
        folder.mkdir()
    assert trusted() is None
    assert refusal(require_trusted) == NOT_HERE
    trust(course / "solutions")
    found = require_trusted()
    assert (found.folder, found.named_by) == (
        course / "solutions",
        str(file()),
    )
    monkeypatch.setenv(VARIABLE, "")
    assert require_trusted() == found
    monkeypatch.setenv(VARIABLE, str(folders[1]))
    found = require_trusted()
    assert (found.folder, found.named_by) == (folders[1], "GRADER_SOLUTIONS")
    found = require_trusted(folders[0])
    assert (found.folder, found.named_by) == (folders[0], "--solutions")


def test_a_relative_variable_is_refused(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would name another folder wherever one stands, so not even a right one counts."""
    monkeypatch.chdir(course)
    monkeypatch.setenv(VARIABLE, "solutions")
    assert refusal(trusted) == (
        "GRADER_SOLUTIONS=solutions: give an absolute path; a relative one names another folder "
        "wherever you stand"
    )


def test_what_is_named_has_to_be_a_folder(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is tried in its place: the line says who named it."""
    gone = course / "gone"
    there_is_none = f"{gone}: there is no such folder"
    trust(course / "solutions")
    assert refusal(lambda: trusted(gone)) == f"{there_is_none} (--solutions)"
    assert refusal(lambda: trust(gone)) == f"{there_is_none} (grader trust)"
    monkeypatch.setenv(VARIABLE, str(gone))
    assert refusal(trusted) == f"{there_is_none} (GRADER_SOLUTIONS)"
    monkeypatch.delenv(VARIABLE)
    (course / "solutions").rename(gone)
    assert refusal(trusted) == (
        f"{course / 'solutions'}: there is no such folder ({file()})"
    )
    toml = course / "exercises" / "adding" / "exercise.toml"
    assert "there is no such folder" in refusal(lambda: trusted(toml))


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_a_name_that_no_folder_can_have_is_a_line(
    course: Path, name: str
) -> None:
    """What the system says about it is no traceback."""
    line = refusal(lambda: trusted(course / name))
    assert line.startswith(f"{course / name}: ")
    assert "(--solutions" in line
    found = require_trusted(course / "solutions")
    assert str(found.folder) in refusal(lambda: found.hidden_half(name))


def test_a_link_counts_as_what_it_leads_to(course: Path) -> None:
    """The public half is beside the real folder."""
    elsewhere = course / "elsewhere"
    elsewhere.mkdir()
    link = elsewhere / "solutions"
    link.symlink_to(course / "solutions")
    found = require_trusted(link)
    assert found.folder == course / "solutions"
    assert found.public_half("adding") == course / "exercises" / "adding"


# ---- What is in it


@pytest.mark.parametrize("name", ["reference.py", "cases.toml", "cases.py"])
def test_one_file_makes_a_folder_a_hidden_half(course: Path, name: str) -> None:
    """Any one of the three is enough, so that the grader can say which of the others is missing."""
    hidden = course / "solutions" / "adding"
    for path in hidden.iterdir():
        path.unlink()
    line = f"{course / 'solutions'}: holds no adding/reference.py (--solutions)"
    find = require_trusted(course / "solutions").hidden_half
    (hidden / "readme.md").touch()
    assert refusal(lambda: find("adding")) == line
    (hidden / name).mkdir()
    assert refusal(lambda: find("adding")) == line
    (hidden / name).rmdir()
    (hidden / name).touch()
    assert find("adding") == hidden


def test_both_halves_are_found_by_name(course: Path) -> None:
    """The folder that is named holds one folder for each exercise, or is that of one exercise."""
    solutions, public = course / "solutions", course / "exercises" / "adding"
    exercise = load_exercise(public)
    for named in (solutions, solutions / "adding"):
        found = require_trusted(named)
        assert list(found.names()) == ["adding"]
        assert found.course() == course
        assert found.hidden_half("adding") == solutions / "adding"
        assert found.public_half("adding") == public
        assert find_public_half("adding", named) == public
        assert find_solutions(exercise, named) == solutions / "adding"
    assert refusal(lambda: require_trusted(solutions).hidden_half("addin")) == (
        f"{solutions}: holds no addin/reference.py (--solutions); did you mean adding?"
    )


def test_exercises_are_listed_in_order(course: Path) -> None:
    """Whatever else is in the folder is none."""
    solutions = course / "solutions"
    for name in ("zeros", "ones", "empty"):
        (solutions / name).mkdir()
        if name != "empty":
            (solutions / name / "cases.py").touch()
    (solutions / "notes.txt").touch()
    found = require_trusted(solutions)
    assert list(found.names()) == ["adding", "ones", "zeros"]


def test_a_path_is_the_public_half_that_is_meant(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain name is none: one may stand in a student's folder of this name."""
    monkeypatch.chdir(course)
    for named in ("./adding", "exercises/adding", "a b", Path("adding")):
        assert find_public_half(named) == Path(named)
    assert refusal(lambda: find_public_half("adding")) == NOT_HERE
    exercise = load_exercise(course / "exercises" / "adding")
    assert refusal(lambda: find_solutions(exercise)) == NOT_HERE


def test_without_the_public_half_the_line_says_where_it_belongs(
    course: Path,
) -> None:
    """It is beside the hidden half, and nowhere else."""
    public = course / "exercises" / "adding"
    (public / "exercise.toml").unlink()
    solutions = course / "solutions"
    line = refusal(lambda: find_public_half("adding", solutions))
    assert line == (
        f"{public}: there is no exercise.toml; the public half belongs there, beside the hidden "
        "half, or give its path with --exercise DIR"
    )
    assert refusal(lambda: trust(solutions)) == line
    assert "holds no other" in refusal(
        lambda: find_public_half("other", solutions)
    )


# ---- `grader trust`


def test_trusting_a_folder_tells_what_it_holds(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which exercises, where their public halves are, where it is written, and what comes first."""
    solutions = course / "solutions"
    assert describe_trust() == [f"hidden half: none. {NOT_HERE}"]
    told = [
        f"hidden half: {solutions} (grader trust)",
        f"  adding, with its public half in {course / 'exercises' / 'adding'}",
        f"wrote {file()}",
    ]
    assert trust(solutions) == told
    assert describe_trust() == [
        f"hidden half: {solutions} ({file()})",
        told[1],
    ]
    assert describe_trust(solutions)[0] == (
        f"hidden half: {solutions} (--solutions)"
    )
    monkeypatch.setenv(VARIABLE, os.devnull)
    assert trust(solutions) == [
        *told,
        "GRADER_SOLUTIONS is set, and counts before this configuration",
    ]


def test_a_folder_without_exercises_is_not_trusted(course: Path) -> None:
    """Nothing is written: the folder above or below was meant."""
    assert refusal(lambda: trust(course)) == (
        f"{course}: holds no NAME/reference.py; give the folder that holds the hidden half of "
        "each exercise (grader trust)"
    )
    assert not file().exists()
