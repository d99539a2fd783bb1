"""Which folders are a student each: by what a folder holds, and by what its neighbours hold."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from grader.intake.collect import Collection
from tests.batch.conftest import zipped

Found = Callable[..., Collection]

CLASS = ("ada", "bob", "cy", "dan", "eve", "fay", "gil", "hal")
TEST = "from src.convolve import convolve\n\ndef test_convolve():\n    assert convolve\n"


def names(collection: Collection) -> list[str]:
    """Return the names of what is graded."""
    return [item.name for item in collection.items]


def class_of(people: Iterable[str], each: dict[str, str]) -> dict[str, str]:
    """Return the same files for each of them."""
    return {
        f"{person}/{path}": text
        for person in people
        for path, text in each.items()
    }


HANDED_IN = {
    "a project with tests": ("src/convolve.py", "tests/test_convolve.py"),
    "a project with other code": ("lib/my_convolve.py", "data/load.py"),
    "a project in a folder": ("repo/src/main.py", "repo/tests/check.py"),
    "a notebook and its export": ("hw.ipynb", "hw.py"),
    "an export in a folder": ("hw/hw.ipynb", "hw/HW.py"),
    "the file and the lesson": ("convolve.py", "convolution.ipynb"),
    "two tasks": ("task1.py", "task2.py"),
    "two drafts": ("v1/convolve.py", "v2/convolve.py"),
}


@pytest.mark.parametrize("what", HANDED_IN)
def test_folders_with_the_same_paths_are_a_row_each(
    tmp_path: Path, lab: Any, found: Found, what: str
) -> None:
    """Each is one student's, and the files of it that are not graded are listed."""
    texts = {"test_convolve.py": TEST, "check.py": TEST, "load.py": "x = 1"}
    each = {
        path: texts.get(path.rpartition("/")[2], lab.RIGHT)
        for path in HANDED_IN[what]
    }
    collection = found(lab.write(tmp_path / "in", class_of(CLASS, each)))
    assert names(collection) == list(CLASS)
    assert len(collection.skipped) == len(CLASS)
    assert all(
        "2 files were handed in: " in item.notes[0] for item in collection.items
    )


@pytest.mark.parametrize("suffix", ["", ".zip"])
def test_the_solution_of_a_project_is_graded(
    tmp_path: Path, lab: Any, found: Found, suffix: str
) -> None:
    """It is the file that defines the function, not its test; note and list say so."""
    each = {"src/main.py": lab.RIGHT, "tests/test_convolve.py": TEST}
    files: dict[str, Any] = class_of(CLASS[:2], each)
    if suffix:
        files = {f"{person}.zip": zipped(each) for person in CLASS[:2]}
    collection = found(lab.write(tmp_path / "in", files))
    assert names(collection) == ["ada", "bob"]
    assert {item.file_name for item in collection.items} == {"main.py"}
    assert collection.items[0].notes == (
        "2 files were handed in: main.py is graded, not test_convolve.py.",
    )
    assert collection.skipped[0].path == f"ada{suffix}/tests/test_convolve.py"


@pytest.mark.parametrize(
    "odd",
    [
        {
            "v1/convolve.py": "def convolve(): ...",
            "v2/convolve.py": "def convolve(): ...",
        },
        {"code/mine.py": "def convolve(): ...", "data/load.py": "x = 1"},
        {"first.py": "def convolve(): ...", "second.py": "def convolve(): ..."},
        {"a/nothing.py": "x = 1", "b/nothing.py": "x = 1"},
    ],
)
def test_one_folder_that_differs_is_as_the_others(
    tmp_path: Path, lab: Any, found: Found, odd: dict[str, str]
) -> None:
    """Where the folders are students, one with drafts in it is a student too."""
    files = class_of(CLASS[:3], {"convolve.py": lab.RIGHT}) | class_of(
        ["zed"], odd
    )
    assert names(found(lab.write(tmp_path / "in", files))) == [
        "ada",
        "bob",
        "cy",
        "zed",
    ]


def test_files_of_one_name_are_told_apart_by_their_folders(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A note that convolve.py is graded and not convolve.py would help nobody."""
    odd = {"old/v1/convolve.py": lab.RIGHT, "old/v2/convolve.py": lab.RIGHT}
    files = class_of(CLASS[:2], {"convolve.py": lab.RIGHT}) | class_of(
        ["zed"], odd
    )
    collection = found(lab.write(tmp_path / "in", files))
    assert collection.items[2].notes == (
        "2 files were handed in: v1/convolve.py is graded, not v2/convolve.py.",
    )
    assert (
        collection.skipped[0].reason
        == "another file of zed, v1/convolve.py, is graded"
    )


SECTIONS = {
    "named alike": (
        "A/ada/convolve.py A/bob/convolve.py B/cy/convolve.py B/dan/convolve.py",
        "",
    ),
    "named at will": ("A/ada/work.py A/bob/mine.py B/cy/x.py B/dan/y.py", ""),
    "some wrong": (
        "A/ada/convolve.py B/cy/convolve.py",
        "A/bob/junk.py B/dan/junk.py",
    ),
    "the same people": (
        " ".join(
            f"{s}/{name}/convolve.py" for s in "ABC" for name in ("ada", "bob")
        ),
        "",
    ),
    "one small": (
        "A/ada/convolve.py B/cy/convolve.py C/dan/convolve.py C/eve/convolve.py",
        "",
    ),
    "a class in a folder": ("class/ada/convolve.py", "class/bob/junk.py"),
    "flat": ("A/ada.py A/bob.py B/cy.py B/dan.py", ""),
    "a crowd among folders": (
        "ada/convolve.py bob/convolve.py cy/convolve.py "
        + " ".join(f"late/{n}.py" for n in range(9)),
        "",
    ),
}
"""Paths of files with a solution, and of files without one."""


@pytest.mark.parametrize("what", SECTIONS)
def test_sections_lose_nobody(
    tmp_path: Path, lab: Any, found: Found, what: str
) -> None:
    """A folder of several students is never one student, however few they are."""
    good, bad = SECTIONS[what]
    files = dict.fromkeys(good.split(), lab.RIGHT) | dict.fromkeys(
        bad.split(), "x = 1"
    )
    collection = found(lab.write(tmp_path / "in", files))
    assert len(collection.items) == len(files)
    assert collection.skipped == ()


def test_a_folder_of_flat_files_stays_a_class_where_the_stub_lies_in_it(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Twenty solutions are twenty students, and one more who kept the stub's name."""
    files = {f"hw1/s{number:02}.py": lab.RIGHT for number in range(20)} | {
        "hw1/convolve.py": lab.RIGHT
    }
    (tmp_path / "class.zip").write_bytes(zipped(files))
    assert len(found(tmp_path / "class.zip").items) == 21
