"""Where an exercise is found from where one stands: the nearest of its name comes first."""

from pathlib import Path

import pytest

import grader
from grader.errors import UsageError
from grader.exercise.lookup import (
    beside,
    find_exercise,
    is_exercise_name,
    known_exercises,
)

PACKAGE = Path(grader.__file__).parent
SHIPPED = next(
    folder
    for folder in (PACKAGE.parent / "exercises", PACKAGE / "exercises")
    if folder.is_dir()
)
"""Beside the package in a checkout, inside it where a wheel was installed."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that one stands in, two below `tmp_path`."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def put(folder: Path, name: str) -> Path:
    """Put an exercise into a folder, as far as anybody looks."""
    made = folder / "exercises" / name
    made.mkdir(parents=True)
    (made / "exercise.toml").touch()
    return made


def refusal(name: str | Path) -> str:
    """Return the line with which a name is refused."""
    with pytest.raises(UsageError) as caught:
        find_exercise(name)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        *(("a", True), ("A-b_c.1", True), ("1", True), ("a" * 64, True)),
        *(("a" * 65, False), ("", False), (".a", False), ("-a", False)),
        *(("a/b", False), ("a b", False), ("ä", False), ("a\n", False)),
    ],
)
def test_a_name_is_that_of_a_folder_on_every_system(
    text: str, is_name: bool
) -> None:
    """Letters, digits and three signs, at most 64, of which the first is no sign."""
    assert is_exercise_name(text) is is_name


def test_the_nearest_exercise_of_a_name_is_found(
    here: Path, tmp_path: Path
) -> None:
    """In the working folder, then in its parents, then what ships with the grader."""
    assert find_exercise("convolution") == SHIPPED / "convolution"
    above = put(tmp_path, "convolution")
    assert find_exercise("convolution") == above
    near = put(here, "convolution")
    assert find_exercise("convolution") == near
    # A folder of this name in the working folder is it if it holds an exercise, and else is not.
    own = here / "convolution"
    own.mkdir()
    assert find_exercise("convolution") == near
    (own / "exercise.toml").touch()
    assert find_exercise("convolution") == own
    assert find_exercise(tmp_path / "exercises" / "convolution") == above
    assert find_exercise("./exercises/convolution") == near
    assert find_exercise(Path("exercises/convolution")) == near


def test_a_folder_that_holds_no_exercise_is_what_a_path_means(
    here: Path,
) -> None:
    """What is missing in it is told when it is read; a `Path` is never a name."""
    empty = here / "exercises" / "empty"
    empty.mkdir(parents=True)
    assert find_exercise("empty") == empty
    assert find_exercise(empty) == empty
    assert refusal(Path("convolution")) == (
        "convolution: there is no such folder (--exercise)"
    )


def test_what_is_not_found_says_why(here: Path) -> None:
    """A file, a path that leads nowhere, a mistyped name."""
    put(here, "softmax-own")
    (here / "a.py").touch()
    assert refusal("a.py") == (
        "a.py: is a file; --exercise takes the folder that holds exercise.toml"
    )
    assert refusal("./none") == "none: there is no such folder (--exercise)"
    assert refusal("softmax-owm") == (
        "softmax-owm: there is no exercise of this name; did you mean softmax-own?"
    )
    assert refusal("zzzzzzzz") == (
        "zzzzzzzz: there is no exercise of this name"
    )
    assert refusal("./" + "x" * 5000).startswith("x" * 5000 + ": ")


def test_exercises_are_known_in_order_the_nearest_first(
    here: Path, tmp_path: Path
) -> None:
    """The nearer of two with the same name counts; folders without an exercise are left out."""
    above = [put(tmp_path, name) for name in ("zeros", "both", "ones")]
    near = [put(here, name) for name in ("mine", "both")]
    (here / "exercises" / "empty").mkdir()
    (here / "exercises" / "notes.txt").touch()
    # In place of a folder of exercises.
    (tmp_path / "a" / "exercises").touch()
    found = known_exercises()
    assert found[:4] == [near[1], near[0], above[2], above[0]]
    shipped = [path.name for path in found[4:]]
    assert shipped == sorted(shipped)
    assert "convolution" in shipped


def test_a_hidden_half_is_beside_its_public_half() -> None:
    """In an author's checkout."""
    assert beside(Path("/a/exercises/b")) == Path("/a/solutions/b")
