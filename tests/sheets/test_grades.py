"""From a platform's download to its grade book, with the commands that an instructor types."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

SHEET = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,"
    "Last modified (grade),Feedback comments\r\n"
    "Participant 301,Ada Lovelace,al1@uni.example,Submitted for grading,,100.00,-,\r\n"
    "Participant 302,Bob Müller,bm2@uni.example,Submitted for grading,,100.00,-,\r\n"
    "Participant 304,Ada Lovelace,al4@uni.example,Submitted for grading,,100.00,-,\r\n"
    "Participant 399,Zed Absent,z@uni.example,No submission,,100.00,-,\r\n"
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, lab: Any) -> Path:
    """Grade a download of Moodle with two students of one name."""
    folder = tmp_path_factory.mktemp("class")
    end = "assignsubmission_file"
    members = {
        f"Ada Lovelace_301_{end}/convolve.py": lab.RIGHT,
        f"Bob Müller_302_{end}/convolve.py": lab.FLIPPED,
        f"Ada Lovelace_304_{end}/convolve.py": lab.BROKEN,
        f"Eve New_333_{end}/convolve.py": lab.RIGHT,
    }
    (folder / "download.zip").write_bytes(lab.zipped(members))
    (folder / "sheet.csv").write_bytes(SHEET.encode())
    done = lab.grader(
        "grade", folder / "download.zip", "--output", folder / "results"
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_a_download_becomes_the_grade_book(graded: Path, lab: Any) -> None:
    """Each student's grade stands in their own row, and those without one are told."""
    out = graded / "filled.csv"
    done = lab.grader(
        "grades",
        "moodle",
        graded / "results",
        "--sheet",
        graded / "sheet.csv",
        "--output",
        out,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    rows = list(
        csv.DictReader(io.StringIO(out.read_bytes().decode("utf-8-sig")))
    )
    assert [row["Grade"] for row in rows] == ["100", "0", "0", ""]
    assert rows[0]["Feedback comments"] == "All 4 cases passed."
    assert "3 grades filled in" in done.stderr
    assert "graded, but not in the sheet: Eve New" in done.stderr
    assert "not graded: left as they were: Zed Absent" in done.stderr


def test_without_a_sheet_the_minimum_is_printed(graded: Path, lab: Any) -> None:
    """Standard output is the file and nothing else."""
    done = lab.grader("grades", "canvas", graded / "results")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == (
        "Student,ID,Section,Convolution: slide a kernel over an image"
    )
    assert "Ada Lovelace,301,,4" in done.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ("gradebooks", "results"),
            "gradebooks: not a platform; choose one of moodle",
        ),
        (("moodle", "nowhere"), "cannot be read"),
        (
            ("moodle", "results", "--sheet", "nowhere.csv"),
            "nowhere.csv: cannot be read",
        ),
        (
            (
                "moodle",
                "results",
                "--sheet",
                "sheet.csv",
                "--output",
                "sheet.csv",
            ),
            "is the sheet itself",
        ),
        (
            ("canvas", "results", "--sheet", "sheet.csv"),
            "has no column 'Student'",
        ),
    ],
)
def test_wrong_use_is_one_line_and_nothing_is_written(
    arguments: tuple[str, ...], complaint: str, graded: Path, lab: Any
) -> None:
    """Exit status 2, one line, and the sheet is as it was."""
    done = lab.grader("grades", *arguments, cwd=graded)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert (graded / "sheet.csv").read_bytes() == SHEET.encode()
