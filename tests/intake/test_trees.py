"""Which folders are one student each, for trees of a few files: nobody grades here."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.exercise import load_exercise
from grader.intake.candidates import Candidates
from grader.intake.folders import folder_groups, is_crowd
from grader.intake.sources import File, Place
from grader.opening import Folder, Patience

DEFINES = "def convolve(image, kernel):\n    return image\n"
Make = Callable[[str], File]


@pytest.fixture(scope="module")
def candidates() -> Candidates:
    """Return what judges files for the exercise `convolution`."""
    return Candidates(load_exercise("convolution"))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a function that makes a file; after a `!` it does not define the function."""
    folder = Folder(tmp_path, Patience())

    def _make(path: str) -> File:
        defines = not path.startswith("!")
        parts = tuple(path.removeprefix("!").split("/"))
        target = tmp_path.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(DEFINES if defines else "x = 1\n", "utf-8")
        archives = tuple(
            at for at, part in enumerate(parts) if part.endswith(".zip")
        )
        return File(parts, Place(folder, parts), archives=archives)

    return _make


TREES: list[tuple[list[str], list[str]]] = [
    (["a.py"], ["a.py"]),
    (["ada/a.py", "!bob/p/x.py", "!bob/q/y.py"], ["ada", "bob/p", "bob/q"]),
    (["a.py", "b.py"], ["a.py", "b.py"]),
    (["convolve.py", "a.py"], ["convolve.py", "a.py"]),
    (["convolve.py"], ["convolve.py"]),
    (["convolve.py", "convolve.ipynb"], ["convolve.ipynb"]),
    (["ada/a.py", "bob/b.py"], ["ada", "bob"]),
    (["ada/a.py", "ada/!b.py", "bob/b.py"], ["ada", "bob"]),
    (["in/ada/a.py", "in/bob/b.py"], ["ada", "bob"]),
    (
        ["one/ada/a.py", "one/bob/b.py", "two/cy/c.py", "two/dan/d.py"],
        ["one/ada", "one/bob", "two/cy", "two/dan"],
    ),
    (
        ["ada/v1/a.py", "ada/v2/a.py", "bob/b.py", "cy/c.py"],
        ["ada", "bob", "cy"],
    ),
    (["ada/v1/a.py", "ada/v2/a.py", "bob/b.py"], ["ada/v1", "ada/v2", "bob"]),
    (
        ["ada/src/a.py", "!ada/tests/t.py", "bob/b.py", "cy/c.py"],
        ["ada", "bob", "cy"],
    ),
    (["ada.zip/a.py", "ada.zip/b.py", "bob.zip/x/b.py"], ["ada", "bob"]),
    (["ada.zip/v1/a.py", "ada.zip/v2/a.py", "b.py"], ["b.py", "ada"]),
    ([f"all/s{n}.py" for n in range(9)], [f"s{n}.py" for n in range(9)]),
    ([f"all/s{n}/x.py" for n in range(9)], [f"s{n}" for n in range(9)]),
    (
        [f"ada/s{n}.py" for n in range(9)] + ["bob/b.py"],
        [*(f"ada/s{n}.py" for n in range(9)), "bob"],
    ),
    (
        [f"ada/s{n}.py" for n in range(8)] + ["bob/b.py", "cy/c.py"],
        ["ada", "bob", "cy"],
    ),
]


def tree_of(path: str) -> str:
    """Return a path with the mark of a file without the function at its beginning."""
    return f"!{path.replace('!', '')}" if "!" in path else path


@pytest.mark.parametrize(("paths", "students"), TREES)
def test_a_tree_is_taken_apart_into_students(
    candidates: Candidates, make: Make, paths: list[str], students: list[str]
) -> None:
    """Folders of one student, sections, drafts beside whole folders, archives, and flat files."""
    files = [make(tree_of(path)) for path in paths]
    groups = folder_groups(files, candidates)
    assert ["/".join(group.path) for group in groups] == students
    found = [file.path for group in groups for file in group.files]
    assert sorted(found) == sorted(file.path for file in files)


@pytest.mark.parametrize(
    ("paths", "named", "students"),
    [
        (["a.zip/ada/a.py", "a.zip/bob/b.py"], ["a.zip"], ["ada", "bob"]),
        (["a.zip/a.py", "b.zip/b.py"], ["a.zip", "b.zip"], ["a", "b"]),
        (
            ["a.zip/a.py", "b.zip/a.py", "c.zip/x/1.py", "c.zip/y/2.py"],
            ["a.zip", "b.zip", "c.zip"],
            ["a", "b", "c"],
        ),
        (
            [
                "a.zip/a.py",
                "b.zip/x/1.py",
                "b.zip/y/2.py",
                "c.zip/x/1.py",
                "c.zip/y/2.py",
            ],
            ["a.zip", "b.zip", "c.zip"],
            ["a", "b/x", "b/y", "c/x", "c/y"],
        ),
        (["in/a.zip/x/1.py", "in/a.zip/y/2.py"], ["a.zip"], ["a"]),
    ],
)
def test_an_archive_that_was_named_may_be_a_class(
    candidates: Candidates,
    make: Make,
    paths: list[str],
    named: list[str],
    students: list[str],
) -> None:
    """Alone, or where most that were named look like classes; a deeper one is a student's."""
    groups = folder_groups(map(make, paths), candidates, named)
    assert ["/".join(group.path) for group in groups] == students


def test_nine_solutions_are_too_many_for_one_student(
    candidates: Candidates, make: Make
) -> None:
    """Eight may be drafts; what does not define the function does not count."""
    files = [make(f"s{number}.py") for number in range(8)]
    others = [make(f"!x{number}.py") for number in range(5)]
    assert not is_crowd([*files, *others], candidates)
    assert is_crowd([*files, make("s8.py")], candidates)
