"""Each student's page goes back to that student, by the name that the platform gave."""

import zipfile
from pathlib import Path
from typing import Any

import pytest


def moodle_reads(path: str, participants: set[int]) -> tuple[int, str] | None:
    """Return participant and file name of a path in a feedback archive, as Moodle finds them.

    Source: `is_valid_filename_for_import` in `mod/assign/feedback/file/importziplib.php`.
    """
    parts = path.split("/")
    if parts[-1].startswith((".", "~")):
        return None
    while parts:
        info = parts.pop(0).split("_", 4)
        if (
            len(info) < 4
            or not info[1].isdigit()
            or int(info[1]) not in participants
        ):
            continue
        if info[2:4] != ["assignfeedback", "file"]:
            continue
        return int(info[1]), "/".join([*info[4:], *parts])
    return None


def canvas_reads(path: str) -> tuple[int, int]:
    """Return user and attachment of a file's name, as Canvas finds them (`assignment.rb`)."""
    user, attachment, *_ = [part for part in path.split("_") if part.isdigit()]
    return int(user), int(attachment)


def graded(folder: Path, lab: Any, members: dict[str, str]) -> Path:
    """Grade a download, and return the folder of results."""
    (folder / "download.zip").write_bytes(lab.zipped(members))
    done = lab.grader(
        "grade", folder / "download.zip", "--output", folder / "results"
    )
    assert done.returncode == 0, done.stderr
    return folder / "results"


def test_moodle_gives_each_page_to_its_participant(
    tmp_path: Path, lab: Any
) -> None:
    """Names with underscores, two of one name, and a name that looks like another's number."""
    end = "assignsubmission_file/convolve.py"
    results = graded(
        tmp_path,
        lab,
        {
            f"Ada Lovelace_301_{end}": lab.RIGHT,
            f"Ada Lovelace_304_{end}": lab.FLIPPED,
            f"x_301_y_305_{end}": lab.RIGHT,
        },
    )
    out = tmp_path / "feedback.zip"
    done = lab.grader("feedback", "moodle", results, "--output", out)
    assert done.returncode == 0, done.stderr
    assert "3 pages written" in done.stderr
    with zipfile.ZipFile(out) as archive:
        found = {
            moodle_reads(path, {301, 304, 305}): path
            for path in archive.namelist()
        }
        assert set(found) == {
            (301, "feedback.html"),
            (304, "feedback.html"),
            (305, "feedback.html"),
        }
        page = archive.read(found[304, "feedback.html"]).decode()
    assert "kernel" in page
    assert "isolation" not in page.lower()
    assert "landlock" not in page.lower()


def test_canvas_finds_user_and_attachment(tmp_path: Path, lab: Any) -> None:
    """The page of an archive goes to the archive's attachment, and lateness does not matter."""
    results = graded(
        tmp_path,
        lab,
        {
            "lovelaceada_LATE_301_9007_convolve.py": lab.RIGHT,
            "bobm_302_9014_hw_1.py": lab.FLIPPED,
        },
    )
    out = tmp_path / "feedback.zip"
    done = lab.grader("feedback", "canvas", results, "--output", out)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
    assert {canvas_reads(name) for name in names} == {(301, 9007), (302, 9014)}
    assert all(name.endswith(".html") for name in names)


def test_a_folder_of_pages_never_takes_the_place_of_another(
    tmp_path: Path, lab: Any
) -> None:
    """The second run into the same folder is refused with one line, and nothing changes."""
    results = graded(
        tmp_path, lab, {"ada.py": lab.RIGHT, "bob.py": lab.FLIPPED}
    )
    out = tmp_path / "pages"
    assert (
        lab.grader("feedback", "folder", results, "--output", out).returncode
        == 0
    )
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(before) == {"ada.py.html", "bob.py.html"}
    again = lab.grader("feedback", "folder", results, "--output", out)
    assert again.returncode == 2
    assert "is not empty; name a new folder" in again.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_what_counts_is_on_the_page_and_in_the_grades(
    tmp_path: Path, lab: Any
) -> None:
    """The student is told of lateness and of an adjustment, and the final grade is entered."""
    results = tmp_path / "results"
    lab.write(
        results,
        {"adjustments.csv": "id,points,comment\n304,+0.5,a talk about edges\n"},
    )
    form = "{}_assignsubmission_file/convolve.py"
    members = {
        form.format("Ada Lovelace_301"): lab.RIGHT,
        form.format("Bob Ray_304"): lab.RIGHT,
        form.format("Cy Young_305"): lab.RIGHT,
    }
    roster = (
        "Identifier,Last modified (submission)\n"
        'Participant 301,"Saturday, 21 November 2026, 10:00 AM"\n'
        'Participant 304,"Friday, 20 November 2026, 10:00 AM"\n'
        'Participant 305,"Friday, 20 November 2026, 10:00 AM"\n'
        "Participant 306,-\n"
    )
    lab.write(tmp_path, {"a.zip": lab.zipped(members), "roster.csv": roster})
    done = lab.grader(
        *("grade", "a.zip", "--output", "results", "--roster", "roster.csv"),
        *("--due", "2026-11-20 23:59 UTC", "--late", "25%/day"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    lab.grader("feedback", "folder", results, "--output", tmp_path / "pages")
    pages = {
        path.name: path.read_text() for path in (tmp_path / "pages").iterdir()
    }
    assert set(pages) == {
        "Ada Lovelace.html",
        "Bob Ray.html",
        "Cy Young.html",
    }
    assert "10 h 1 min late: 25 % less." in pages["Ada Lovelace.html"]
    assert "What counts: 3 of 4 points." in pages["Ada Lovelace.html"]
    assert "a talk about edges" in pages["Bob Ray.html"]
    assert "What counts: 4.5 of 4 points." in pages["Bob Ray.html"]
    assert "What counts" not in pages["Cy Young.html"]
    entered = lab.grader("grades", "moodle", results).stdout
    assert "Participant 301,Ada Lovelace,3,-," in entered
    assert "Participant 304,Bob Ray,4.5,-," in entered
    assert "306" not in entered


@pytest.mark.parametrize("platform", ["moodle", "canvas"])
def test_files_of_no_platform_have_no_page_there(
    platform: str, tmp_path: Path, lab: Any
) -> None:
    """Without ids nobody's page can be handed back: one line, and no archive."""
    results = graded(
        tmp_path, lab, {"ada.py": lab.RIGHT, "bob.py": lab.FLIPPED}
    )
    done = lab.grader(
        "feedback", platform, results, "--output", tmp_path / "f.zip"
    )
    assert done.returncode == 2
    assert "from its own download" in done.stderr
    assert not (tmp_path / "f.zip").exists()
