"""Nobody is graded under another student's name, whatever they call their folders and files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.intake.collect import Collection
from tests.batch.conftest import FLIPPED, RIGHT, zipped

Found = Callable[..., Collection]

CLASS = {f"{name}/convolve.py": RIGHT for name in ("ada", "bob", "cy")}
METADATA = """submission_1:
  :submitters:
  - :name: Ada Lovelace
submission_2:
  :submitters:
  - :name: Bob
submission_3:
  :submitters:
  - :name: Eve
"""
FORGED = METADATA.replace("Ada Lovelace", "Nobody").replace(
    "Eve", "Ada Lovelace"
)
EXPORT = {
    "submission_metadata.yml": METADATA,
    "submission_1/convolve.py": RIGHT,
    "submission_2/convolve.py": RIGHT,
}


def graded(collection: Collection) -> dict[str, bytes]:
    """Return the name of each submission and what is graded under it."""
    return {item.name: item.place.read() for item in collection.items}


@pytest.mark.parametrize(
    "eves",
    [
        {"eve/Ada Lovelace_1_assignsubmission_file_/convolve.py": FLIPPED},
        {"eve/Ada_1_assignsubmission_file_convolve.py": FLIPPED},
        {"eve/ada_11_12_convolve.py": FLIPPED},
        {
            "eve/submission_1/convolve.py": FLIPPED,
            "eve/submission_metadata.yml": METADATA,
        },
        {"eve/ada/convolve.py": FLIPPED},
        {"eve~ada/convolve.py": FLIPPED},
        {"eve.zip": zipped({"ada/convolve.py": FLIPPED})},
        {
            "eve.zip": zipped(
                {"Ada_1_assignsubmission_file_/convolve.py": FLIPPED}
            )
        },
        {"eve.zip": zipped({"ada_11_12_convolve.py": FLIPPED})},
        {
            "eve.zip": zipped(
                {
                    "submission_metadata.yml": METADATA,
                    "submission_1/convolve.py": FLIPPED,
                }
            )
        },
        {
            f"eve/Ada Lovelace_{n}_assignsubmission_file_/convolve.py": FLIPPED
            for n in range(50)
        },
        {f"eve/ada_1{n}_2{n}_convolve.py": FLIPPED for n in range(10, 60)},
    ],
)
def test_a_layout_below_ones_own_folder_names_nobody(
    tmp_path: Path, lab: Any, found: Found, eves: dict[str, str | bytes]
) -> None:
    """In a class of plain folders, names of a platform inside one of them stay inside it."""
    names = graded(found(lab.write(tmp_path / "in", CLASS | eves)))
    assert {
        name: names[name] for name in ("ada", "bob", "cy")
    } == dict.fromkeys(("ada", "bob", "cy"), RIGHT.encode())
    others = set(names) - {"ada", "bob", "cy"}
    assert others
    assert all(name.startswith("eve") for name in others)


@pytest.mark.parametrize(
    "eves",
    [
        {
            "submission_3/submission_metadata.yml": FORGED,
            "submission_3/convolve.py": FLIPPED,
        },
        {
            "submission_3/submission_1/convolve.py": FLIPPED,
            "submission_3/submission_metadata.yml": FORGED,
        },
        {"submission_3/Ada_1_assignsubmission_file_/convolve.py": FLIPPED},
        {
            "submission_3/x.zip": zipped(
                {
                    "submission_metadata.yml": FORGED,
                    "submission_1/x.py": FLIPPED,
                }
            )
        },
    ],
)
def test_a_students_own_metadata_changes_no_name(
    tmp_path: Path, lab: Any, found: Found, eves: dict[str, str | bytes]
) -> None:
    """In Gradescope's export only the file beside the folders says who handed in what."""
    folder = lab.write(tmp_path / "in", EXPORT | eves)
    assert graded(found(folder)) == {
        "Ada Lovelace": RIGHT.encode(),
        "Bob": RIGHT.encode(),
        "Eve": FLIPPED.encode(),
    }


@pytest.mark.parametrize(
    "eves",
    [
        {
            "Eve_9_assignsubmission_file_/Ada_1_assignsubmission_file_/x.py": FLIPPED
        },
        {
            "Eve_9_assignsubmission_file_/Ada_1_assignsubmission_file_x.py": FLIPPED
        },
        {
            "Eve_9_assignsubmission_file_/x.zip": zipped(
                {"Ada_1_assignsubmission_file_/x.py": FLIPPED}
            )
        },
    ],
)
def test_the_outermost_name_of_a_platform_counts(
    tmp_path: Path, lab: Any, found: Found, eves: dict[str, str | bytes]
) -> None:
    """In a download of Moodle the platform's folder names the student, and nothing in it does."""
    files = {
        "Ada_1_assignsubmission_file_/convolve.py": RIGHT,
        "Bob_2_assignsubmission_file_/convolve.py": RIGHT,
    }
    assert graded(found(lab.write(tmp_path / "in", files | eves))) == {
        "Ada": RIGHT.encode(),
        "Bob": RIGHT.encode(),
        "Eve": FLIPPED.encode(),
    }


@pytest.mark.parametrize(
    "name",
    [
        "Sam Lee~104",
        "Sam Lee (104)",
        "Sam Lee\u200b",
        "Sam Lee ",
        "sam lee",
        "Sam\u00a0Lee",
    ],
)
def test_a_name_that_was_chosen_takes_none_that_was_made(
    tmp_path: Path, lab: Any, found: Found, name: str
) -> None:
    """Two of one name get the platform's numbers; a third one cannot choose such a name."""
    files = {
        "Sam Lee_104_assignsubmission_file_/convolve.py": RIGHT,
        "Sam Lee_105_assignsubmission_file_/convolve.py": RIGHT,
        f"{name}_106_assignsubmission_file_/convolve.py": FLIPPED,
    }
    names = graded(found(lab.write(tmp_path / "in", files)))
    assert (
        names.pop("Sam Lee~104") == names.pop("Sam Lee~105") == RIGHT.encode()
    )
    assert list(names.values()) == [FLIPPED.encode()]


def test_a_section_cannot_be_forged(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`section-b~ada` is the grader's name for section-b/ada, and nobody else's."""
    files = {
        "section-a/ada.py": RIGHT,
        "section-a/section-b~ada.py": FLIPPED,
        "section-a~section-b/ada.py": FLIPPED,
        "section-b/ada.py": RIGHT,
        "section-b/bob.py": RIGHT,
    }
    names = graded(found(lab.write(tmp_path / "in", files)))
    assert len(names) == len(files)
    assert names["section-b~ada.py"] == RIGHT.encode()
    assert names["section-a~ada.py"] == RIGHT.encode()


def test_one_archive_among_many_is_one_student(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`zips/*.zip`, however they are named: 121 folders in one of them are one submission."""
    crowd = zipped({f"s{n}/convolve.py": FLIPPED for n in range(121)})
    inside = zipped({"hw/convolve.py": RIGHT, "hw/helper.py": "x = 1"})
    files = {f"{name}.zip": inside for name in ("ada", "bob", "cy")} | {
        "eve.zip": crowd
    }
    folder = lab.write(tmp_path / "in", files)
    for collection in (found(folder), found(*folder.iterdir())):
        assert list(graded(collection)) == ["ada", "bob", "cy", "eve"]
        (loud,) = [each for each in collection.skipped if each.unread]
        assert loud.reason.endswith(
            "if it is a class, grade this archive by itself"
        )
    assert len(found(folder / "eve.zip").items) == 121
