"""Paths that a shell has made of a pattern give the same rows as the folder around them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.intake.collect import Collection
from grader.intake.given import is_many
from tests.batch.conftest import zipped

Found = Callable[..., Collection]

METADATA = """submission_1:
  :submitters:
  - :name: Ada Lovelace
submission_2:
  :submitters:
  - :name: Bob
"""


def names(collection: Collection) -> list[str]:
    """Return the names of what is graded."""
    return [item.name for item in collection.items]


def told(collection: Collection) -> list[Any]:
    """Return all that the rows say, and what was left out."""
    return [
        [(item.name, item.file_name, item.notes) for item in collection.items],
        collection.skipped,
    ]


def students(lab: Any, first: str, second: str) -> dict[str, str]:
    """Return two students' folders with more than the solution in them."""
    return {
        f"{first}/convolve.py": lab.RIGHT,
        f"{first}/old.py": lab.FLIPPED,
        f"{second}/convolve.py": lab.RIGHT,
        f"{second}/report.pdf": "x",
    }


@pytest.mark.parametrize(
    ("first", "second", "more", "expected"),
    [
        (
            "ada",
            "bob",
            {"README": "x", "venv/pyvenv.cfg": "", "cy.py": "x = 1"},
            ["ada", "bob", "cy.py"],
        ),
        (
            "Ada_1_assignsubmission_file_",
            "Bob O'Neil_2_assignsubmission_file_",
            {},
            ["Ada", "Bob O'Neil"],
        ),
        (
            "submission_1",
            "submission_2",
            {"submission_metadata.yml": METADATA},
            ["Ada Lovelace", "Bob"],
        ),
        ("submission_1", "submission_2", {}, ["submission_1", "submission_2"]),
    ],
)
def test_a_pattern_over_folders_is_their_folder(
    tmp_path: Path,
    lab: Any,
    found: Found,
    first: str,
    second: str,
    more: dict[str, str],
    expected: list[str],
) -> None:
    """`students/*` gives the names, the notes and the list that `students` gives."""
    folder = lab.write(tmp_path / "in", students(lab, first, second) | more)
    whole = found(folder)
    assert names(whole) == expected
    assert told(found(*folder.iterdir())) == told(whole)
    assert told(found(folder / "*")) == told(whole)


def test_a_pattern_over_files_shows_their_folders(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`export/*/*.py`: the platform's folders name the students, and so do others."""
    files = students(lab, "submission_1", "submission_2") | {
        "submission_metadata.yml": METADATA
    }
    folder = lab.write(tmp_path / "in", files)
    collection = found(
        *folder.glob("*/*.py"), folder / "submission_metadata.yml"
    )
    assert names(collection) == ["Ada Lovelace", "Bob"]
    assert [each.path for each in collection.skipped] == ["submission_1/old.py"]
    more = lab.write(tmp_path / "more", students(lab, "ada", "bob"))
    assert names(found(*more.glob("*/*.py"))) == [
        "convolve~ada.py",
        "convolve~bob.py",
        "old.py",
    ]
    assert names(found(*more.glob("*/convolve.py"))) == ["ada", "bob"]


def test_a_pattern_over_archives_is_their_folder(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`zips/*.zip`: each archive is one student, called like the archive."""
    inside = {"hw/convolve.py": lab.RIGHT, "hw/helper.py": "x = 1"}
    folder = lab.write(
        tmp_path / "in",
        {f"{name}.zip": zipped(inside) for name in ("ada", "bob")},
    )
    whole = found(folder)
    assert names(whole) == ["ada", "bob"]
    assert told(found(*folder.glob("*.zip"))) == told(whole)


def test_one_students_folder_has_the_students_name(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A Moodle folder that is given alone, or by what is in it, is that student."""
    folder = tmp_path / "Ada Lovelace_1_assignsubmission_file_"
    lab.write(folder, {"convolve.py": lab.RIGHT, "old.py": lab.FLIPPED})
    assert names(found(folder)) == ["Ada Lovelace"]
    assert names(found(*folder.iterdir())) == ["Ada Lovelace"]


def test_equal_names_in_different_folders_stay_apart(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`a/hw.py b/hw.py` and `a/col b/col` are named by where they are, in any order."""
    ways = (
        "a/hw.py",
        "b/hw.py",
        "a/col/ada.py",
        "b/col/ada.py",
        "b/col/bob.py",
    )
    lab.write(tmp_path, dict.fromkeys(ways, lab.RIGHT))
    assert names(found(tmp_path / "a" / "hw.py", tmp_path / "b" / "hw.py")) == [
        "a",
        "b",
    ]
    folders = [tmp_path / "a" / "col", tmp_path / "b" / "col"]
    assert names(found(*folders)) == ["ada~a_col.py", "ada~b_col.py", "bob.py"]
    assert names(found(*folders[::-1])) == [
        "ada~a_col.py",
        "ada~b_col.py",
        "bob.py",
    ]


def test_what_is_named_twice_is_graded_once(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Named beside the folder around it, it has one row, with the name from that folder."""
    folder = lab.write(
        tmp_path / "in",
        students(lab, "ada", "bob")
        | {"cy.zip": zipped({"convolve.py": lab.RIGHT})},
    )
    whole = told(found(folder))
    inner = [
        folder / "ada",
        folder / "bob" / "convolve.py",
        folder / "cy.zip",
        folder / "ada" / ".." / "bob",
    ]
    assert told(found(*inner, folder)) == whole
    assert told(found(folder, *inner)) == whole
    assert names(
        found(folder / "ada" / "old.py", folder / "ada" / "." / "old.py")
    ) == ["old.py"]


def test_what_a_folder_leaves_out_may_be_named(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A hidden folder is left out of the folder around it, and graded where it is named."""
    folder = lab.write(
        tmp_path / "in", {"ada.py": lab.RIGHT, ".late/bob.py": lab.RIGHT}
    )
    assert names(found(folder)) == ["ada.py"]
    assert names(found(folder, folder / ".late")) == ["ada.py", "bob.py"]


def test_a_broken_link_among_several_is_listed(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A shell lists broken links too: they are left out, while a missing path is refused."""
    folder = lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    (folder / "broken.py").symlink_to("nowhere.py")
    (folder / "circle.py").symlink_to("circle.py")
    whole = told(found(folder))
    assert told(found(*folder.iterdir())) == whole
    assert [each.path for each in found(folder).skipped] == [
        "broken.py",
        "circle.py",
    ]
    with pytest.raises(
        UsageError, match=r"missing\.py: no such file or folder"
    ):
        found(folder / "ada.py", folder / "missing.py")


def test_a_link_among_several_is_not_followed(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A pattern is no way around the rule for links."""
    lab.write(
        tmp_path, {"secret/convolve.py": lab.RIGHT, "in/ada.py": lab.RIGHT}
    )
    (tmp_path / "in" / "eve.py").symlink_to(tmp_path / "secret" / "convolve.py")
    (tmp_path / "in" / "mallory").symlink_to(tmp_path / "secret")
    items = found(*(tmp_path / "in").iterdir()).items
    graded = [item.name for item in items if item.fault is None]
    assert graded == ["ada.py"]


@pytest.mark.parametrize(
    "name", ["data.csv", "class.tar.bz2", "homework", "convolve.py.txt"]
)
def test_one_file_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    """Its suffix decides, whatever is in it; the line names the right kinds."""
    (tmp_path / name).write_text("def convolve(image, kernel): ...\n", "utf-8")
    with pytest.raises(UsageError) as error:
        is_many(tmp_path / name)
    assert str(error.value) == (
        f"{tmp_path / name}: cannot be graded, it is none of these: "
        ".py, .ipynb, a folder, .zip, .tar, .tar.gz, .tgz"
    )


def test_suffixes_may_be_upper_case(tmp_path: Path) -> None:
    """A.PY is one file, A.ZIP is many."""
    for name in ("A.PY", "A.IPYNB", "A.ZIP"):
        (tmp_path / name).touch()
    assert [
        is_many(tmp_path / name) for name in ("A.PY", "A.IPYNB", "A.ZIP")
    ] == [
        False,
        False,
        True,
    ]
