"""Whose file it is, in the odd corners of each platform's names."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.intake.collect import Collection
from tests.intake.metadata import read_submitters

Found = Callable[..., Collection]


def late(collection: Collection) -> dict[str, bool]:
    """Return the name of each submission, and whether it was handed in late."""
    return {
        item.name: "Handed in late." in item.notes for item in collection.items
    }


# ------------------------------------------------------------------------------------------ Canvas


def test_anonymous_canvas_files_are_one_student_each(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Two files of one id are one submission, and LATE before it is noted."""
    folder = lab.write(
        tmp_path / "in",
        {
            "anon_Ab3x9_7891011_convolve.py": lab.RIGHT,
            "anon_Ab3x9_7891012_helper.py": "x = 1",
            "LATE_anon_Q7mZz_7891013_convolve-2.py": lab.RIGHT,
            "anon_12345_7891014_my_convolve.py": lab.RIGHT,
        },
    )
    collection = found(folder)
    assert late(collection) == {
        "anon_12345": False,
        "anon_Ab3x9": False,
        "anon_Q7mZz": True,
    }
    assert [item.file_name for item in collection.items] == [
        "my_convolve.py",
        "convolve.py",
        "convolve.py",
    ]


def test_anonymous_ids_that_differ_by_case_are_two_students(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Canvas's ids distinguish upper case from lower case."""
    folder = lab.write(
        tmp_path / "in",
        {
            "anon_Ab3x9_11_convolve.py": lab.RIGHT,
            "anon_aB3X9_12_convolve.py": lab.RIGHT,
        },
    )
    assert len(found(folder).items) == 2


def test_downloads_of_canvas_side_by_side_keep_names_and_lateness(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Two sections' archives that are named: their files name the students, not the archives."""
    member = {"lovelaceada_LATE_123456_7891011_convolve-1.py": lab.RIGHT}
    for name, files in (
        ("sec1.zip", member),
        ("sec2.zip", {"rossbob_123457_7891012_convolve.py": lab.RIGHT}),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for path, content in files.items():
                archive.writestr(path, content)
    assert late(found(tmp_path / "sec1.zip", tmp_path / "sec2.zip")) == {
        "lovelaceada": True,
        "rossbob": False,
    }


def test_a_canvas_name_may_hold_underscores(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """The first two numbers in a row end the name, whatever the file is called."""
    folder = lab.write(
        tmp_path / "in",
        {
            "van_der_bergkim_12351_67896_convolve.py": lab.RIGHT,
            "van_der_bergkim_12351_67897_lab_2024_10_extra.py": "x = 1",
            "de_la_cruzana_LATE_12352_67898_convolve.py": lab.RIGHT,
            "lovelaceada_12353_67899_lab_2024_10.py": lab.RIGHT,
        },
    )
    collection = found(folder)
    assert late(collection) == {
        "de_la_cruzana": True,
        "lovelaceada": False,
        "van_der_bergkim": False,
    }
    assert [item.file_name for item in collection.items] == [
        "convolve.py",
        "lab_2024_10.py",
        "convolve.py",
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "lab_2024_10_{}.py",
        "my_lab_2024_10_{}.py",
        "{}_convolve_2024.py",
        "anon_{}.py",
    ],
)
def test_numbers_of_a_teacher_are_not_those_of_canvas(
    tmp_path: Path, lab: Any, found: Found, pattern: str
) -> None:
    """Canvas's attachments have different numbers; where files share one, each is a student."""
    files = [pattern.format(name) for name in ("ada", "bob", "cy")]
    collection = found(
        lab.write(tmp_path / "in", dict.fromkeys(files, lab.RIGHT))
    )
    assert [item.name for item in collection.items] == sorted(files)


# -------------------------------------------------------------------------------------- Gradescope

HISTORY = """---
submission_11:
  :history:
  - :id: 7
    :submitters:
    - :name: Somebody Else
  :submitters:
  - :name: Ada Lovelace
    :sid: '1'
    :section:
      :name: Section A
  :created_at: 2024-10-01
  :submitters:
  - :name: Nobody
  :results:
    :output: |
      submission_12:
        :submitters:
        - :name: Mallory
submission_12:
  :submitters:
  - :name: Bob
  - :sid: '3'
    :name: Cy
  :history:
  - :id: 8
    :submitters:
    - :name: Mallory
      :sid: '4'
"""


def test_only_a_submissions_own_submitters_are_its_people() -> None:
    """Neither history, section, a key given twice nor a student's output adds anybody."""
    assert read_submitters(HISTORY) == {
        "submission_11": ("Ada Lovelace",),
        "submission_12": ("Bob", "Cy"),
    }


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (r'"Zo\xEB"', "Zoë"),
        (r'"Zo\u00eb"', "Zoë"),
        (r'"\U0001F600 Ada"', "\U0001f600 Ada"),
        (r'"\uD83D\uDE00 Ada"', "\U0001f600 Ada"),
        (r'"Ada \"Ace\" \\ Lovelace"', 'Ada "Ace" \\ Lovelace'),
        (r'"\e[1mEve\_"', "\x1b[1mEve\xa0"),
        (r'"Eve \q \UFFFFFFFF"', r"Eve \q \UFFFFFFFF"),
        ("'O''Neil'", "O'Neil"),
        ("José", "José"),
        ("&1 Ada", "Ada"),
        ("Ada\u2028submission_2:", "Ada\u2028submission_2:"),
    ],
)
def test_a_name_is_read_as_yaml_writes_it(written: str, name: str) -> None:
    """Plain, and in quotes with their escapes; what is not an escape stays as it is."""
    text = f"submission_1:\n  :submitters: &2\n  - :name: {written}\n    :sid: '1'\n"
    assert read_submitters(text) == {"submission_1": (name,)}


@pytest.mark.parametrize("written", ["", "~", "null", "*1", '""'])
def test_an_empty_name_names_nobody(written: str) -> None:
    """Then the folder's name stays."""
    assert (
        read_submitters(
            f"submission_1:\n  :submitters:\n  - :name: {written}\n"
        )
        == {}
    )
