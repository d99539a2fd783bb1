"""Which folders are a student each: what a folder holds, and what its neighbours do."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from grader.intake.collect import Collection
from tests.batch.conftest import zipped

Found = Callable[..., Collection]

CLASS = ("ada", "bob", "cy", "dan", "eve", "fay", "gil", "hal")
TEST = (
    "from src.convolve import convolve\n\ndef test_convolve():\n    assert convolve\n"
)


def names(collection: Collection) -> list[str]:
    """List the names of what is graded."""
    return [item.name for item in collection.items]


def class_of(people: Iterable[str], each: dict[str, str]) -> dict[str, str]:
    """Give each of them the same files."""
    return {
        f"{person}/{path}": text for person in people for path, text in each.items()
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
def test_what_all_hand_in_alike_is_a_row_each(
    tmp_path: Path, lab: Any, found: Found, what: str
) -> None:
    """A class whose folders hold the same paths: one row per student, and the others of its files are listed."""
    texts = {"test_convolve.py": TEST, "check.py": TEST, "load.py": "x = 1"}
    each = {
        path: texts.get(path.rpartition("/")[2], lab.RIGHT) for path in HANDED_IN[what]
    }
    collection = found(lab.write(tmp_path / "in", class_of(CLASS, each)))
    assert names(collection) == list(CLASS)
    assert len(collection.skipped) == len(CLASS)
    assert all("2 files were handed in: " in item.notes[0] for item in collection.items)


@pytest.mark.parametrize("suffix", ["", ".zip"])
def test_the_solution_of_a_project_is_graded(
    tmp_path: Path, lab: Any, found: Found, suffix: str
) -> None:
    """The file that defines the function, not its test; the note and the list say which, and what else was there."""
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
    """Where the folders are students, one with drafts in it is a student, too."""
    files = class_of(CLASS[:3], {"convolve.py": lab.RIGHT}) | class_of(["zed"], odd)
    assert names(found(lab.write(tmp_path / "in", files))) == [
        "ada",
        "bob",
        "cy",
        "zed",
    ]


def test_files_of_one_name_are_told_apart_by_their_folders(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Not: convolve.py is graded, and not convolve.py."""
    odd = {"old/v1/convolve.py": lab.RIGHT, "old/v2/convolve.py": lab.RIGHT}
    files = class_of(CLASS[:2], {"convolve.py": lab.RIGHT}) | class_of(["zed"], odd)
    collection = found(lab.write(tmp_path / "in", files))
    assert collection.items[2].notes == (
        "2 files were handed in: v1/convolve.py is graded, not v2/convolve.py.",
    )
    assert (
        collection.skipped[0].reason == "another file of zed, v1/convolve.py, is graded"
    )


SECTIONS = {
    "named alike": {"A/ada/convolve.py": 1, "A/bob/convolve.py": 1, "B/cy/convolve.py": 1, "B/dan/convolve.py": 1},
    "named at will": {"A/ada/work.py": 1, "A/bob/mine.py": 1, "B/cy/x.py": 1, "B/dan/y.py": 1},
    "some wrong": {"A/ada/convolve.py": 1, "A/bob/junk.py": 0, "B/cy/convolve.py": 1, "B/dan/junk.py": 0},
    "the same people": {f"{s}/{name}/convolve.py": 1 for s in "ABC" for name in ("ada", "bob")},
    "one small": {"A/ada/convolve.py": 1, "B/cy/convolve.py": 1, "C/dan/convolve.py": 1, "C/eve/convolve.py": 1},
    "a class in a folder": {"class/ada/convolve.py": 1, "class/bob/junk.py": 0},
    "flat": {"A/ada.py": 1, "A/bob.py": 1, "B/cy.py": 1, "B/dan.py": 1},
    "a crowd among folders": {
        "ada/convolve.py": 1, "bob/convolve.py": 1, "cy/convolve.py": 1, **{f"late/{n}.py": 1 for n in range(9)},
    },
}  # fmt: skip


@pytest.mark.parametrize("what", SECTIONS)
def test_sections_lose_nobody(
    tmp_path: Path, lab: Any, found: Found, what: str
) -> None:
    """A folder of several students is never one student, however few they are and whatever they hand in."""
    files = {
        path: lab.RIGHT if good else "x = 1" for path, good in SECTIONS[what].items()
    }
    collection = found(lab.write(tmp_path / "in", files))
    assert len(collection.items) == len(files)
    assert collection.skipped == ()


def test_a_folder_of_flat_files_stays_a_class_where_the_stub_lies_in_it(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Twenty solutions are twenty students, in a folder of an archive too, and one more that kept the stub's name."""
    files = {f"hw1/s{number:02}.py": lab.RIGHT for number in range(20)} | {
        "hw1/convolve.py": lab.RIGHT
    }
    (tmp_path / "class.zip").write_bytes(zipped(files))
    assert len(found(tmp_path / "class.zip").items) == 21
