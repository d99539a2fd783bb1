"""The platform's own id is the key, the latest attempt counts, and exactly that one is late."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.intake.collect import Collection
from grader.intake.student import Student

Found = Callable[..., Collection]
METADATA = """---
submission_88301:
  :submitters:
  - :name: "Ada Lovelace"
    :sid: '301'
    :email: al1@uni.example
  :created_at: 2026-11-22 21:10:05.123456000 Z
  :history:
  - :created_at: 2026-11-20 08:00:00 Z
    :submitters:
    - :name: Somebody Else
submission_88302:
  :submitters:
  - :email: bm2@uni.example
    :name: Bob Müller
  - :name: Kim Berg
  :created_at: nonsense
"""


def students(collection: Collection) -> list[Student]:
    """Return who was found, in the order of the reports' names."""
    return [item.student for item in collection.items]


def test_gradescope_gives_id_mail_and_time(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """What the metadata say at a submission's own keys is kept, and nothing of its history."""
    folder = lab.write(
        tmp_path / "export",
        {
            "submission_metadata.yml": METADATA,
            "submission_88301/convolve.py": lab.RIGHT,
            "submission_88302/convolve.py": lab.RIGHT,
        },
    )
    ada, bob, kim = students(found(folder))
    assert ada == Student(
        name="Ada Lovelace",
        id="301",
        email="al1@uni.example",
        file="convolve.py",
        origin="submission_88301/convolve.py",
        submitted_at="2026-11-22T21:10:05Z",
    )
    assert bob.group == kim.group == "Bob Müller & Kim Berg"
    assert (bob.name, bob.id, bob.submitted_at) == (
        "Bob Müller",
        "bm2@uni.example",
        "",
    )
    assert kim.name == "Kim Berg"


def test_canvas_takes_the_newest_file_and_its_lateness(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Two downloads of one assignment in one folder: the later upload is graded, and is late."""
    folder = lab.write(
        tmp_path / "in",
        {
            "lovelaceada_301_9007_convolve.py": lab.FLIPPED,
            "lovelaceada_LATE_301_9100_convolve-1.py": lab.RIGHT,
            "bobm_LATE_302_9014_convolve.py": lab.FLIPPED,
            "bobm_302_9101_convolve-1.py": lab.RIGHT,
        },
    )
    collection = found(folder)
    bob, ada = students(collection)
    assert (ada.id, ada.attempt, ada.late) == ("301", 2, True)
    assert (bob.id, bob.attempt, bob.late) == ("302", 2, False)
    for item in collection.items:
        assert item.place.read(1 << 20).decode() == lab.RIGHT


def test_a_number_in_a_students_own_name_chooses_nothing(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`convolve-9.py` that was uploaded first is not newer than `convolve.py`."""
    folder = lab.write(
        tmp_path / "in",
        {
            "lovelaceada_301_9007_convolve-9.py": lab.FLIPPED,
            "lovelaceada_301_9100_convolve.py": lab.RIGHT,
            "bobm_302_9014_convolve.py": lab.RIGHT,
        },
    )
    ada = next(item for item in found(folder).items if item.student.id == "301")
    assert ada.place.read(1 << 20).decode() == lab.RIGHT


def test_a_newer_file_without_the_function_is_a_helper(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Newness chooses among the files that define the function only."""
    folder = lab.write(
        tmp_path / "in",
        {
            "lovelaceada_301_9007_part-1.py": lab.RIGHT,
            "lovelaceada_301_9100_part-2.py": "x = 1\n",
            "bobm_302_9014_convolve.py": lab.RIGHT,
        },
    )
    ada = next(item for item in found(folder).items if item.student.id == "301")
    assert ada.place.read(1 << 20).decode() == lab.RIGHT


def test_blackboards_last_attempt_is_graded(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Attempts are one student's, by time; the earlier ones are listed."""
    name = "gradebook_202610-CS101_Homework 1_al1_attempt_"
    folder = lab.write(
        tmp_path / "in",
        {
            f"{name}2026-11-22-21-10-05_convolve.py": lab.FLIPPED,
            f"{name}2026-11-22-21-10-05.txt": "Name: Ada Lovelace (al1)\n",
            f"{name}2026-11-23-08-00-00_convolve.py": lab.RIGHT,
            f"{name}2026-11-23-08-00-00.txt": "Name: Ada Lovelace (al1)\n",
        },
    )
    collection = found(folder)
    (ada,) = collection.items
    assert ada.student.id == "al1"
    assert ada.student.attempt == 2
    assert ada.student.submitted_at == "2026-11-23T08:00:00"
    assert ada.place.read(1 << 20).decode() == lab.RIGHT
    assert any(
        "an earlier attempt of Ada Lovelace" in each.reason
        for each in collection.skipped
    )


def test_brightspaces_folders_are_attempts_of_one_student(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A folder for each attempt: the latest by its date is graded, in the morning or at night."""
    folder = lab.write(
        tmp_path / "in",
        {
            "index.html": "<html>",
            "12345-67890 - Ada Lovelace - Nov 22, 2026 910 PM/convolve.py": lab.FLIPPED,
            "12345-67890 - Ada Lovelace - Nov 23, 2026 801 AM/convolve.py": lab.RIGHT,
            "12346-67890 - Bob Müller - Nov 22, 2026 1000 PM/hw.py": lab.RIGHT,
        },
    )
    ada, bob = found(folder).items
    assert ada.student.id == "12345"
    assert ada.student.submitted_at == "2026-11-23T08:01:00"
    assert bob.student.submitted_at == "2026-11-22T22:00:00"
    assert ada.place.read(1 << 20).decode() == lab.RIGHT


def test_moodles_groups_are_teams_and_hyphens_are_names(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A group's name is taken off only where every name has one."""
    end = "assignsubmission_file/convolve.py"
    groups = lab.write(
        tmp_path / "groups",
        {
            f"Group A-Ada Lovelace_301_{end}": lab.RIGHT,
            f"Group A-Bob-Joe Müller_302_{end}": lab.RIGHT,
            f"Default group-Zed Alone_304_{end}": lab.RIGHT,
        },
    )
    found_groups = {each.name: each.group for each in students(found(groups))}
    assert found_groups == {
        "Ada Lovelace": "Group A",
        "Bob-Joe Müller": "Group A",
        "Zed Alone": "",
    }
    alone = lab.write(
        tmp_path / "alone",
        {
            f"Jean-Luc Picard_1_{end}": lab.RIGHT,
            f"Ada-Mae Low_2_{end}": lab.RIGHT,
        },
    )
    assert {each.name for each in students(found(alone))} == {
        "Jean-Luc Picard",
        "Ada-Mae Low",
    }


def test_one_student_in_two_archives_is_one(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Somebody whose name the platform spells in two ways is still one id."""
    folder = lab.write(
        tmp_path / "in",
        {
            "Bob Müller_302_assignsubmission_file/convolve.py": lab.RIGHT,
            "Bob Mu\u0308ller_302_assignsubmission_file_/helper.py": "x = 1\n",
            "Ada_301_assignsubmission_file/convolve.py": lab.RIGHT,
        },
    )
    assert [each.id for each in students(found(folder))] == ["301", "302"]
