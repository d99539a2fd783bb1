"""What a student has handed in beside the file that is graded, and may import."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.exercise import load_exercise
from grader.intake.collect import Collection, Item
from grader.intake.single import one_submission
from tests.batch.conftest import RIGHT, notebook, zipped

Found = Callable[..., Collection]
ADA = "Ada_1_assignsubmission_file/"
BOB = {"Bob_2_assignsubmission_file/convolve.py": RIGHT}


def item_of(found: Found, folder: Path, name: str = "Ada") -> Item:
    """Return what is graded of one student."""
    return next(each for each in found(folder).items if each.name == name)


def modules(item: Item) -> list[str]:
    """Return the paths of what can be imported."""
    return [path for path, _ in item.modules]


LAYOUTS: dict[str, tuple[dict[str, str], list[str]]] = {
    "beside it": (
        {"convolve.py": f"import utils\n{RIGHT}", "utils.py": "x = 1\n"},
        ["utils.py"],
    ),
    "a package": (
        {
            "hw/convolve.py": f"from helpers.utils import patch\n{RIGHT}",
            "hw/helpers/__init__.py": "",
            "hw/helpers/utils.py": "from . import more\n",
            "hw/helpers/more.py": "x = 1\n",
        },
        ["helpers/__init__.py", "helpers/more.py", "helpers/utils.py"],
    ),
    "from the folder above": (
        {
            "src/convolve.py": f"from lib import tools\n{RIGHT}",
            "lib/tools.py": "x = 1\n",
        },
        ["lib/tools.py"],
    ),
    "a notebook": (
        {
            "hw.ipynb": notebook(f"import numpy as np, utils\n{RIGHT}"),
            "utils.py": "x = 1\n",
        },
        ["utils.py"],
    ),
    "run in a notebook": (
        {
            "hw.ipynb": notebook(f"%run ./my-utils.py\n{RIGHT}"),
            "my-utils.py": "x = 1\n",
        },
        ["my-utils.py"],
    ),
    "imports that go in a circle": (
        {
            "convolve.py": f"import one\n{RIGHT}",
            "one.py": "import two\n",
            "two.py": "import one, convolve\n",
        },
        ["one.py", "two.py"],
    ),
    "what is not imported": (
        {"convolve.py": RIGHT, "test_it.py": "import convolve\n"},
        [],
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_file_imports_is_handed_in_with_it(
    tmp_path: Path, lab: Any, found: Found, layout: str
) -> None:
    """Whether it lies in a folder or in an archive."""
    files, expected = LAYOUTS[layout]
    plain: dict[str, str | bytes] = {
        f"{ADA}{path}": text for path, text in files.items()
    }
    packed: dict[str, str | bytes] = {f"{ADA}work.zip": zipped(files)}
    for number, own in enumerate((plain, packed)):
        folder = lab.write(tmp_path / str(number), {**BOB, **own})
        assert modules(item_of(found, folder)) == expected


def test_files_that_a_platform_has_renamed_keep_the_students_names(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Canvas puts three numbers before each name, and a number behind one that comes again."""
    folder = lab.write(
        tmp_path / "in",
        {
            "ada_3001_9001_convolve.py": f"import utils\n{RIGHT}",
            "ada_3001_9002_utils-1.py": "x = 1\n",
            "bob_3002_9003_convolve.py": RIGHT,
        },
    )
    assert modules(item_of(found, folder, "ada")) == ["utils.py"]


def test_nobody_imports_a_neighbours_file(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """In a folder of a class each file stands alone, whatever it imports."""
    folder = lab.write(
        tmp_path / "in",
        {
            "ada.py": RIGHT,
            "bob.py": RIGHT,
            "eve.py": "from ada import convolve as f\ndef convolve(a, b): return f(a, b)\n",
        },
    )
    rows = {item.name: modules(item) for item in found(folder).items}
    assert rows == {"ada.py": [], "bob.py": [], "eve.py": []}


def test_a_folder_with_one_students_work_is_one_row(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Only one file defines the function, it is named like it, and it imports the others."""
    folder = lab.write(
        tmp_path / "ada",
        {
            "convolve.py": f"from helpers import utils\n{RIGHT}",
            "helpers/__init__.py": "",
            "helpers/utils.py": "x = 1\n",
        },
    )
    (item,) = found(folder).items
    assert modules(item) == ["helpers/__init__.py", "helpers/utils.py"]
    assert item.notes == (
        "convolve.py is graded together with helpers/__init__.py, helpers/utils.py.",
    )


def test_of_two_solutions_the_newer_one_is_graded(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """By a day it is; of one moment, the one that is not called old."""
    for number, (old, new) in enumerate([(0, 86_400), (0, 0)]):
        files = {f"{ADA}old_work.py": lab.FLIPPED, f"{ADA}work2.py": RIGHT}
        folder = lab.write(tmp_path / str(number), BOB | files)
        for path, seconds in zip(files, (old, new), strict=True):
            time = 1_790_000_000 + seconds
            os.utime(folder / path, (time, time))
        item = item_of(found, folder)
        assert item.file_name == "work2.py"
        assert item.notes == (
            "2 files were handed in: work2.py is graded, not old_work.py.",
        )


def test_an_upload_to_a_platform_brings_its_modules(
    tmp_path: Path, lab: Any
) -> None:
    """Where one student's folder is all there is, it is theirs."""
    folder = lab.write(
        tmp_path,
        {"convolve.py": f"import utils\n{RIGHT}", "utils.py": "x = 1\n"},
    )
    upload = one_submission(folder, load_exercise("convolution"))
    assert upload.modules == (("utils.py", b"x = 1\n"),)
