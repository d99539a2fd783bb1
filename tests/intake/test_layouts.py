"""Each platform's layout: who, when, which attempt, whether late; and several downloads joined."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.intake.collect import Collection, Item
from grader.intake.downloads import brightspace, moodle, nbgrader, sakai
from grader.intake.student import Student
from tests.batch.conftest import FLIPPED, RIGHT, notebook, zipped

Found = Callable[..., Collection]


def by_id(collection: Collection) -> dict[str, Item]:
    """Return the rows by the platform's id, which is nobody else's."""
    rows = {item.student.id: item for item in collection.items}
    assert len(rows) == len(collection.items)
    return rows


def text_of(item: Item) -> str:
    """Return what is graded."""
    return item.place.read().decode()


# ----------------------------------------------------------------------------------- layouts


def test_sakai_gives_id_name_and_time(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """What a teacher has given back is not the student's; an online text is."""
    folder = lab.write(
        tmp_path / "Homework 1",
        {
            "grades.csv": "Homework 1,Points\n",
            "Lovelace, Ada(al1)/Submission attachment(s)/hw.py": RIGHT,
            "Lovelace, Ada(al1)/Feedback Attachment(s)/convolve.py": FLIPPED,
            "Lovelace, Ada(al1)/timestamp.txt": "20261122211005123",
            "Lovelace, Ada(al1)/comments.txt": "well done",
            "Müller, Bob(bm2)/Müller, Bob(bm2)_submissionText.html": (
                f"<pre>{RIGHT}</pre>"
            ),
            "Müller, Bob(bm2)/timestamp.txt": "2026-11-22T20:00:00Z",
            "O'Neil, Cy(cy3)/timestamp.txt": "",
        },
    )
    rows = by_id(found(folder))
    assert rows["al1"].student == Student(
        name="Ada Lovelace",
        id="al1",
        file="hw.py",
        origin="Lovelace, Ada(al1)/Submission attachment(s)/hw.py",
        submitted_at="2026-11-22T21:10:05",
    )
    assert text_of(rows["al1"]) == RIGHT
    assert rows["bm2"].fault is None
    assert rows["bm2"].student.submitted_at == "2026-11-22T20:00:00Z"
    assert rows["cy3"].fault is not None


def test_sakai_without_folders_has_it_all_in_the_name(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """The student's own name for the file stands behind the platform's."""
    folder = lab.write(
        tmp_path / "in",
        {
            "Lovelace, Ada(al1)_Submission attachment(s)_hw.py": RIGHT,
            "Müller, Bob(bm2)_Submission attachment(s)_work.pdf": "x",
        },
    )
    rows = by_id(found(folder))
    assert rows["al1"].file_name == "hw.py"
    assert rows["bm2"].fault is not None


def test_nbgrader_gives_id_and_time(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Whether the folder of the course is given, or what is in `submitted`."""
    lab.write(
        tmp_path / "course",
        {
            "submitted/ada/ps1/hw.ipynb": notebook(RIGHT),
            "submitted/ada/ps1/timestamp.txt": "2026-11-22 21:10:05.123456 UTC",
            "submitted/bob/ps1/hw.ipynb": notebook(RIGHT),
        },
    )
    for folder in (tmp_path / "course", tmp_path / "course" / "submitted"):
        rows = by_id(found(folder))
        assert rows["ada"].student.submitted_at == "2026-11-22T21:10:05Z"
        assert rows["bob"].student.submitted_at == ""


@pytest.mark.parametrize(
    ("others", "when"),
    [
        ({"bob/ps1/timestamp.txt": "2026-11-23 08:00:00 UTC"}, True),
        ({}, False),
    ],
)
def test_nbgraders_folders_are_known_by_their_times(
    tmp_path: Path, lab: Any, found: Found, others: dict[str, str], when: bool
) -> None:
    """Where `submitted` is not above them, more than half of the students must have one."""
    people = ("ada", "bob") if not others else ("ada", "bob", "cy")
    files = {f"{who}/ps1/convolve.py": RIGHT for who in people} | others
    stamp = {"ada/ps1/timestamp.txt": "2026-11-22 21:10:05 UTC"}
    items = found(lab.write(tmp_path / "in", files | stamp)).items
    assert [item.name for item in items] == list(people)
    [ada, *_] = items
    assert ada.student.submitted_at == ("2026-11-22T21:10:05Z" if when else "")


def test_nbgraders_exchange_has_an_attempt_in_each_folder(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """The latest of a student is graded."""
    folder = lab.write(
        tmp_path / "inbound",
        {
            "ada+ps1+2026-11-22 21:10:05.123456 UTC/hw.ipynb": notebook(
                FLIPPED
            ),
            "ada+ps1+2026-11-23 08:00:00.000000 UTC+x1/hw.ipynb": notebook(
                RIGHT
            ),
            "bob+ps1+2026-11-20 08:00:00.000000 UTC/hw.ipynb": notebook(RIGHT),
        },
    )
    rows = by_id(found(folder))
    assert text_of(rows["ada"]) == notebook(RIGHT)
    assert rows["ada"].student.attempt == 2
    assert rows["ada"].student.submitted_at == "2026-11-23T08:00:00Z"


def test_autolab_numbers_attempts(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Attempt 10 is later than attempt 9; the e-mail is the id."""
    folder = lab.write(
        tmp_path / "in",
        {
            "ada_l@uni.example_9_convolve.py": FLIPPED,
            "ada_l@uni.example_10_convolve.py": RIGHT,
            "bob@cs.uni.example_1_convolve.py": RIGHT,
        },
    )
    rows = by_id(found(folder))
    ada = rows["ada_l@uni.example"]
    assert (ada.student.attempt, text_of(ada)) == (10, RIGHT)
    assert ada.student.email == "ada_l@uni.example"
    assert ada.file_name == "convolve.py"


def test_github_classroom_gives_user_and_roster(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """The roster knows names and e-mail addresses; without it the user's name has to do."""
    repositories = {
        "hw1-adal/.git/HEAD": "ref",
        "hw1-adal/convolve.py": RIGHT,
        "hw1-bob-m/.github/workflows/classroom.yml": "x",
        "hw1-bob-m/src/convolve.py": RIGHT,
        "hw1-cy/.git/HEAD": "ref",
        "hw1-cy/README.md": "x",
    }
    folder = lab.write(tmp_path / "hw1-submissions", repositories)
    rows = by_id(found(folder))
    assert {key: row.fault is None for key, row in rows.items()} == {
        "adal": True,
        "bob-m": True,
        "cy": False,
    }
    roster = (
        '"identifier","github_username","github_id","name"\n'
        '"al1@uni.example","AdaL","1","Ada Lovelace"\n"x","","",""\n'
    )
    lab.write(folder, {"classroom_roster.csv": roster})
    ada = by_id(found(folder))["al1@uni.example"]
    assert (ada.student.name, ada.student.email) == (
        "Ada Lovelace",
        "al1@uni.example",
    )


def test_google_classroom_has_the_name_before_the_title(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Neither id nor time: the name has to do."""
    folder = lab.write(
        tmp_path / "Homework 1",
        {
            "Ada Lovelace - Homework 1.ipynb": notebook(RIGHT),
            "Jean-Luc Picard - Homework 1.ipynb": notebook(RIGHT),
            "Bob - Joe - Homework 1 (1).ipynb": notebook(RIGHT),
        },
    )
    assert sorted(item.student.name for item in found(folder).items) == [
        "Ada Lovelace",
        "Bob - Joe",
        "Jean-Luc Picard",
    ]


MOODLE = {
    "Ada Lovelace_301_assignsubmission_file": ("Ada Lovelace", "301", ""),
    "Ada Lovelace_301_assignsubmission_file_": ("Ada Lovelace", "301", ""),
    "Ada_Mae Low_302_assignsubmission_onlinetext": ("Ada_Mae Low", "302", ""),
    "Participant_303_assignsubmission_file": ("Participant 303", "303", ""),
    "Group A_12_assignsubmission_file": ("Group A", "12", ""),
    "Default group_assignsubmission_file": ("Default group", "", ""),
    "Bob_304_assignsubmission_file_my work_1.py": (
        "Bob",
        "304",
        "my work_1.py",
    ),
    "1_2_305_assignsubmission_file_x.py": ("1_2", "305", "x.py"),
}


@pytest.mark.parametrize("name", MOODLE)
def test_each_name_of_moodles_downloads_is_read(name: str) -> None:
    """Folders and files, teams, blind marking, online texts."""
    handed = moodle.read_name(name)
    assert handed is not None
    assert (handed.name, handed.qualifier, handed.called) == MOODLE[name]


def test_blind_marking_in_any_language_gives_everybody_a_name(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Where all have one name, the number tells them apart."""
    folder = lab.write(
        tmp_path / "in",
        {
            f"Teilnehmer_in_{number}_assignsubmission_file/x.py": RIGHT
            for number in (301, 302)
        },
    )
    assert [item.name for item in found(folder).items] == [
        "Teilnehmer_in 301",
        "Teilnehmer_in 302",
    ]


BRIGHTSPACE = {
    "Nov 22, 2026 910 PM": "2026-11-22T21:10:00",
    "November 22, 2026 1210 AM": "2026-11-22T00:10:00",
    "22 November, 2026 2110": "2026-11-22T21:10:00",
    "22 Nov 2026 9:10 AM": "2026-11-22T09:10:00",
    "2026-11-22 0910": "2026-11-22T09:10:00",
    "22 novembre 2026 21h10": "",
}


@pytest.mark.parametrize("when", BRIGHTSPACE)
def test_brightspaces_times_are_read(when: str) -> None:
    """One that is not known is no part of the name all the same."""
    handed = brightspace.read_name(f"12345-67890 - Ada - Mae Low - {when}")
    assert handed is not None
    assert (handed.name, handed.at) == ("Ada - Mae Low", BRIGHTSPACE[when])
    named = brightspace.read_name(f"12345-67890 - Ada - {when} - a - b.py")
    assert named is not None
    assert (named.name, named.called) == ("Ada", "a - b.py")


def test_times_that_are_none_are_empty() -> None:
    """Whatever stands in a file that should hold a time."""
    for text in ("", "soon", "2026", "x" * 10_000, "2026-11-22T", "\0"):
        assert sakai.read_time(text) == ""
        assert nbgrader.read_time(text) == ""


# ------------------------------------------------------------------------- several downloads


def moodle_zip(*students: tuple[str, str, str]) -> bytes:
    """Return a download with name, number and source of each."""
    return zipped(
        {
            f"{name}_{number}_assignsubmission_file/convolve.py": source
            for name, number, source in students
        }
    )


def test_two_downloads_of_one_assignment_are_one_class(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """One Bob is one, wherever the archives lie; two Adas stay two."""
    for first, second in (("one/a.zip", "two/b.zip"), ("c/a.zip", "c/b.zip")):
        lab.write(
            tmp_path,
            {
                first: moodle_zip(
                    ("Ada", "1", RIGHT),
                    ("Ada", "2", RIGHT),
                    ("Bob", "3", FLIPPED),
                ),
                second: moodle_zip(("Bob", "3", FLIPPED), ("Cy", "4", RIGHT)),
            },
        )
        rows = by_id(found(tmp_path / first, tmp_path / second))
        assert set(rows) == {"1", "2", "3", "4"}
        # The same file in both is one attempt.
        assert (rows["3"].student.attempt, rows["3"].notes) == (1, ())


def test_without_times_the_newer_files_are_the_later_attempt(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """The note says that the download does not say when, and what decided."""
    start = "Bob_3_assignsubmission_file/convolve.py"
    folder = lab.write(
        tmp_path,
        {f"z-first/{start}": FLIPPED, f"a-second/{start}": RIGHT},
    )
    os.utime(folder / "z-first" / start, (1_790_000_000, 1_790_000_000))
    os.utime(folder / "a-second" / start, (1_790_090_000, 1_790_090_000))
    (bob,) = found(folder / "z-first", folder / "a-second").items
    assert (bob.student.attempt, text_of(bob)) == (2, RIGHT)
    assert "the one with the newest file (2026-09-2" in bob.notes[0]


def test_without_any_date_the_last_name_decides(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A note says so."""
    start = "Bob_3_assignsubmission_file/convolve.py"
    files = {f"first/{start}": FLIPPED, f"second/{start}": RIGHT}
    folder = lab.write(tmp_path, files)
    for path in files:
        os.utime(folder / path, (1_790_000_000, 1_790_000_000))
    (bob,) = found(folder / "second", folder / "first").items
    assert text_of(bob) == RIGHT
    assert "the last by name" in bob.notes[0]


def test_times_of_the_layout_come_before_dates_of_files(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """The attempt of the later moment is graded, whichever download was unpacked last."""
    name = "12345-67890 - Ada - Nov {day}, 2026 910 PM/convolve.py"
    first, second = name.format(day=23), name.format(day=22)
    folder = lab.write(
        tmp_path, {f"one/{first}": RIGHT, f"two/{second}": FLIPPED}
    )
    os.utime(folder / "one" / first, (1_000_000_000, 1_000_000_000))
    (ada,) = found(folder / "one", folder / "two").items
    assert (text_of(ada), ada.student.attempt) == (RIGHT, 2)


def test_the_same_file_of_canvas_in_two_downloads_counts_once(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """And a newer upload in the second one is the second attempt."""
    again = {"ada_301_9001_convolve.py": FLIPPED}
    lab.write(
        tmp_path,
        {
            "one.zip": zipped(again | {"bob_302_9002_convolve.py": RIGHT}),
            "two.zip": zipped(
                again | {"ada_LATE_301_9100_convolve-1.py": RIGHT}
            ),
        },
    )
    rows = by_id(found(tmp_path / "one.zip", tmp_path / "two.zip"))
    ada = rows["301"]
    assert (text_of(ada), ada.student.attempt, ada.student.late) == (
        RIGHT,
        2,
        True,
    )


def test_a_later_attempt_without_code_is_noted_and_the_one_before_is_graded(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Somebody who hands in a PDF after the code has not taken the code back."""
    start = "gradebook_CS_HW_al1_attempt_2026-11-2"
    folder = lab.write(
        tmp_path / "in",
        {
            f"{start}2-21-10-05_convolve.py": RIGHT,
            f"{start}3-08-00-00_report.pdf": "x",
        },
    )
    (ada,) = found(folder).items
    assert (ada.fault, ada.student.submitted_at) == (
        None,
        "2026-11-22T21:10:05",
    )
    assert "The latest attempt has nothing that can be graded" in ada.notes[0]


def test_names_join_downloads_that_have_no_ids_and_a_note_says_so(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Composed or decomposed, one name is one student."""
    for number, name in enumerate(("Zoe\u0308 L", "Zo\u00eb L")):
        lab.write(
            tmp_path / str(number),
            {f"{who} - hw.py": RIGHT for who in (name, f"Other {number}")},
        )
    items = found(tmp_path / "0", tmp_path / "1").items
    assert len(items) == 3
    (zoe,) = (item for item in items if item.student.name.startswith("Zo"))
    assert "no ids" in zoe.notes[0]


def test_a_pair_of_gradescope_is_a_row_each(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Each has an own id in the grade book; the group is what they share."""
    metadata = (
        "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '11'\n"
        "  - :name: Bob\n    :sid: '12'\n"
    )
    folder = lab.write(
        tmp_path / "in",
        {
            "submission_metadata.yml": metadata,
            "submission_1/convolve.py": RIGHT,
        },
    )
    rows = by_id(found(folder))
    assert {key: row.student.group for key, row in rows.items()} == {
        "11": "Ada & Bob",
        "12": "Ada & Bob",
    }
    assert text_of(rows["11"]) == text_of(rows["12"])
