"""Finding submissions: layouts, choices, and what is left out."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.intake.collect import Collection
from tests.batch.conftest import zipped
from tests.intake.metadata import read_submitters

Found = Callable[..., Collection]

LINK = "a link, and links are not followed"


def names(collection: Collection) -> list[str]:
    """Return the names of what is graded."""
    return [item.name for item in collection.items]


def reasons(collection: Collection) -> dict[str, str]:
    """Return what was left out, with the reason."""
    return {each.path: each.reason for each in collection.skipped}


def test_flat_files_are_named_as_they_are(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Each file is a submission under its own name, notebooks too."""
    lab.write(
        tmp_path / "in",
        {
            "ada.py": lab.RIGHT,
            "bob.ipynb": lab.notebook(lab.RIGHT),
            "Zoë.py": lab.RIGHT,
        },
    )
    assert names(found(tmp_path / "in")) == ["Zoë.py", "ada.py", "bob.ipynb"]


def test_a_folder_per_student_names_the_student(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """The folder names the student, however deep the file lies and whatever it is called."""
    lab.write(
        tmp_path / "in",
        {
            "ada/convolve.py": lab.RIGHT,
            "bob/homework/hw3/solution.py": lab.RIGHT,
            "cy/convolution.ipynb": "{}",
        },
    )
    assert names(found(tmp_path / "in")) == ["ada", "bob", "cy"]


def test_moodle_folders_name_the_student(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`First Last_123456_assignsubmission_file_/x.py`; two of one name get their numbers."""
    folder = lab.write(
        tmp_path / "in",
        {
            "Ada Lovelace_101_assignsubmission_file_/my work.py": lab.RIGHT,
            "José O'Neil_102_assignsubmission_file_/convolve.py": lab.RIGHT,
            "Wei_Li_103_assignsubmission_file_/convolve.py": lab.RIGHT,
            "Sam Lee_104_assignsubmission_file_/convolve.py": lab.RIGHT,
            "Sam Lee_105_assignsubmission_file_/convolve.py": lab.FLIPPED,
            "Sam Lee_105_assignsubmission_onlinetext_/onlinetext.html": "<p>hello",
        },
    )
    expected = [
        "Ada Lovelace",
        "José O'Neil",
        "Sam Lee~104",
        "Sam Lee~105",
        "Wei_Li",
    ]
    assert names(found(folder)) == expected


def test_moodle_without_folders_names_the_student(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Where all files are in one folder, the student stands before the file's own name."""
    folder = lab.write(
        tmp_path / "in",
        {
            "Ada Lovelace_101_assignsubmission_file_convolve.py": lab.RIGHT,
            "Ada Lovelace_101_assignsubmission_file_notes.py": "x = 1",
            "Bob_102_assignsubmission_file_convolve.py": lab.RIGHT,
        },
    )
    collection = found(folder)
    assert names(collection) == ["Ada Lovelace", "Bob"]
    assert collection.items[0].file_name == "convolve.py"


def test_canvas_names_the_student_and_says_late(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`lastnamefirstname_LATE_123456_7891011_file-1.py`."""
    folder = lab.write(
        tmp_path / "in",
        {
            "lovelaceada_LATE_123456_7891011_convolve-1.py": lab.RIGHT,
            "hopper_223456_7891012_hw_3.ipynb": lab.notebook(lab.RIGHT),
            "hopper_223456_7891013_helper.py": "x = 1",
        },
    )
    collection = found(folder)
    assert names(collection) == ["hopper", "lovelaceada"]
    late = {
        item.name: "Handed in late." in item.notes for item in collection.items
    }
    assert late == {"hopper": False, "lovelaceada": True}
    assert collection.items[0].file_name == "hw_3.ipynb"


def test_gradescope_names_the_submitters(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`submission_12345/` gets the names in `submission_metadata.yml`, each of a pair."""
    metadata = (
        "---\nsubmission_11:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: '1'\n"
        "    :email: a@b.c\n"
        "  :results:\n    tests:\n    - :name: not a person\n"
        'submission_12:\n  :submitters:\n  - :name: "Jos\\u00e9"\n  - :name: Bob\n'
    )
    folder = lab.write(
        tmp_path / "in",
        {
            "assignment_1_export/submission_metadata.yml": metadata,
            "assignment_1_export/submission_11/convolve.py": lab.RIGHT,
            "assignment_1_export/submission_12/x.py": lab.RIGHT,
            "assignment_1_export/submission_13/x.py": lab.RIGHT,
        },
    )
    assert names(found(folder)) == [
        "Ada Lovelace",
        "Bob",
        "José",
        "submission_13",
    ]


def test_gradescope_metadata_that_is_nonsense_names_nobody() -> None:
    """Whatever the file holds, reading it ends, with names of submissions only."""
    assert (
        read_submitters(
            "a: [\n\0:::\n- :name: x\nsubmission_1:\n :submitters: nobody\n"
        )
        == {}
    )


def test_groups_of_folders_are_not_one_student(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """In sections with flat files or with folders, each file is graded."""
    flat = {f"section-{s}/s{n}.py": lab.RIGHT for s in "ab" for n in range(3)}
    lab.write(tmp_path / "flat", flat)
    assert names(found(tmp_path / "flat")) == [
        f"section-{s}~s{n}.py" for s in "ab" for n in range(3)
    ]
    nested = {
        f"section-{s}/{name}/convolve.py": lab.RIGHT
        for s in "ab"
        for name in ("ada", "bob")
    }
    lab.write(tmp_path / "nested", nested)
    assert names(found(tmp_path / "nested")) == [
        "section-a~ada",
        "section-a~bob",
        "section-b~ada",
        "section-b~bob",
    ]


def test_one_of_several_files_is_chosen_and_the_report_says_so(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """The one that defines the function is graded, by name where several do; others are listed."""
    folder = lab.write(
        tmp_path / "in",
        {
            "ada/helpers.py": "x = 1",
            "ada/main.py": lab.RIGHT,
            "bob/convolve.py": lab.RIGHT,
            "bob/old.py": lab.FLIPPED,
            "cy/convolve.py": "x = 1",
            "cy/solution.py": lab.RIGHT,
        },
    )
    collection = found(folder)
    chosen = {item.name: item.file_name for item in collection.items}
    assert chosen == {
        "ada": "main.py",
        "bob": "convolve.py",
        "cy": "solution.py",
    }
    assert (
        reasons(collection)["bob/old.py"]
        == "another file of bob, convolve.py, is graded"
    )
    assert collection.items[0].notes == (
        "2 files were handed in: main.py is graded, not helpers.py.",
    )


def test_the_unchanged_stub_is_graded_last(
    tmp_path: Path, lab: Any, exercise: Any, found: Found
) -> None:
    """A student who hands in the template and a solution is graded by the solution."""
    folder = lab.write(
        tmp_path / "in",
        {"ada/convolve.py": exercise.stub, "ada/my_convolve.py": lab.RIGHT},
    )
    lab.write(folder, {"bob/convolve.py": lab.RIGHT})
    chosen = {item.name: item.file_name for item in found(folder).items}
    assert chosen["ada"] == "my_convolve.py"


BESIDE = {
    ".ipynb_checkpoints/ada-checkpoint.ipynb": "an editor's old copies",
    "__MACOSX/._ada.py": "added to archives by macOS",
    "__pycache__/ada.cpython-311.pyc": "compiled Python",
    "node_modules/gyp.py": "an environment",
    "site-packages/six.py": "an environment",
    ".late/bob.py": "a hidden folder",
    "._ada.py": "added to folders by macOS",
    ".DS_Store": "added to folders by macOS",
    ".bob.py": "a hidden file",
    "__init__.py": "part of a package",
    "setup.py": "part of a package",
    "conftest.py": "part of a test",
    "report.pdf": "a .pdf file, not .py or .ipynb",
    "README": "not a .py or .ipynb file",
}
"""What lies beside a submission, and why it is none."""


def test_what_is_not_a_submission_is_listed_with_the_reason(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """What editors, systems and packages leave is listed, and of a folder only its name."""
    files = {"ada.py": lab.RIGHT, "venv/pyvenv.cfg": "", "venv/lib/x.py": "x"}
    folder = lab.write(tmp_path / "in", files | dict.fromkeys(BESIDE, "x"))
    collection = found(folder)
    assert names(collection) == ["ada.py", "report.pdf"]
    listed = {
        re.sub("/.*", "/", path): reason for path, reason in BESIDE.items()
    }
    assert reasons(collection) == listed | {"venv/": "an environment"}


def test_what_is_not_a_submission_is_listed_in_an_archive_too(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Each file has the reason that its folder has, since nobody has looked at the folder."""
    files = {"ada.py": lab.RIGHT} | dict.fromkeys(BESIDE, "x")
    (tmp_path / "class.zip").write_bytes(zipped(files))
    collection = found(tmp_path / "class.zip")
    assert names(collection) == ["ada.py", "report.pdf"]
    assert reasons(collection) == {
        path: reason.replace("a hidden folder", "in a hidden folder")
        for path, reason in BESIDE.items()
    }


def test_no_link_is_followed(tmp_path: Path, lab: Any, found: Found) -> None:
    """Not to the reference solution, not to a neighbour's file; and a pipe stops nothing."""
    lab.write(tmp_path, {"secret.py": lab.RIGHT, "in/ada.py": lab.RIGHT})
    (tmp_path / "in" / "eve.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "in" / "mallory").symlink_to(tmp_path)
    (tmp_path / "in" / "again.py").symlink_to("ada.py")
    os.mkfifo(tmp_path / "in" / "pipe.py")
    collection = found(tmp_path / "in")
    graded = [item.name for item in collection.items if item.fault is None]
    assert graded == ["ada.py"]
    assert reasons(collection) == {
        "again.py": LINK,
        "eve.py": LINK,
        "mallory": LINK,
        "pipe.py": "not a regular file",
    }


def test_patterns_and_several_paths(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A pattern is expanded; files of one name get their folders' names."""
    lab.write(
        tmp_path,
        {
            "in/ada/convolve.py": lab.RIGHT,
            "in/bob/convolve.py": lab.RIGHT,
            "more/cy.py": lab.RIGHT,
        },
    )
    assert names(found(tmp_path / "in" / "*" / "convolve.py")) == ["ada", "bob"]
    assert names(found(tmp_path / "in", tmp_path / "more" / "cy.py")) == [
        "ada",
        "bob",
        "cy.py",
    ]


def test_one_name_in_two_folders_stays_two(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Two classes with an ada are two reports, with the class in their names, in any order."""
    lab.write(
        tmp_path,
        {
            f"{way}/{name}.py": lab.RIGHT
            for way in ("x/one", "y/two")
            for name in ("ada", "bob")
        },
    )
    expected = ["ada~one.py", "ada~two.py", "bob~one.py", "bob~two.py"]
    assert (
        names(found(tmp_path / "x" / "one", tmp_path / "y" / "two")) == expected
    )
    assert (
        names(found(tmp_path / "y" / "two", tmp_path / "x" / "one")) == expected
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("eve/convolve.py", "eve~{}"),
        ("eve/report.pdf", "eve~{}"),
        ("eve.zip/report.pdf", "eve~{}"),
        ("eve.py", "eve~{}.py"),
        ("eve.pdf", "eve.pdf~{}"),
    ],
)
def test_one_name_in_two_folders_stays_two_whatever_was_handed_in(
    tmp_path: Path, lab: Any, found: Found, path: str, name: str
) -> None:
    """The class is the one thing that tells them apart, whether or not there is a solution."""
    for way in ("x/one", "y/two"):
        others = {f"{way}/{who}/convolve.py": lab.RIGHT for who in ("al", "bo")}
        lab.write(tmp_path, others | {f"{way}/{path}": lab.RIGHT})
    both = found(tmp_path / "x" / "one", tmp_path / "y" / "two")
    of_eve = [each for each in names(both) if each.startswith("eve")]
    assert of_eve == [name.format("one"), name.format("two")]


@pytest.mark.parametrize("name", ["missing", "in/*.py", "in"])
def test_nothing_to_grade_is_one_line(
    tmp_path: Path, lab: Any, found: Found, name: str
) -> None:
    """A missing path, a pattern without a match and a folder without a submission."""
    lab.write(tmp_path, {"in/readme.txt": "x"})
    with pytest.raises(UsageError) as error:
        found(tmp_path / name)
    assert "\n" not in str(error.value)


def test_a_file_name_that_is_not_text(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """It is graded, under a name that every file system can have."""
    folder = os.fsencode(tmp_path / "in")
    (tmp_path / "in").mkdir()
    with open(folder + b"/j\xf6rg.py", "w") as file:  # noqa: PTH123 - bytes
        file.write(lab.RIGHT)
    assert names(found(tmp_path / "in")) == ["j_rg.py"]
