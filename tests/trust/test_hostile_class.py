"""A class whose students chose their names with malice, from its download to the grade book."""

import csv
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.trust.conftest import SOLUTIONS, ZEROS

NAMES = (
    "=HYPERLINK(1)",
    "+cmd",
    "@SUM(A1)",
    "-1+1",
    "\t=1",
    " =1",
    "'=1",
    "''+1",
    "\uff1d1",
    "Ada\n::error::x",
    "##[error]x",
    "Ada\x1b[31m",
    "\u202eevil",
    "<script>alert(1)<",
    "Ada Low",
    "ADA LOW",
    "Zo\u00eb",
    "Zoe\u0308",
    'a,b;"c',
    "C:\\x\\y",
    "CON",
    "e" + "\u0301" * 40,
    "\udcff\udcfe",
)
FORMULA = ("=", "+", "-", "@", "\uff1d")


class Class:
    """A graded class, and the commands that take it further."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        download = folder / "download"
        download.mkdir()
        for number, name in enumerate(NAMES, 101):
            path = f"{name}_{number}_assignsubmission_file_convolve.py"
            (download / path).write_text(f"{ZEROS}# {number}\n", "utf-8")
        self.graded = self.run("grade", "download", "--output", "out")

    def run(self, *arguments: str) -> Any:
        """Run a command of the grader beside the class."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "grader", *arguments],
            cwd=self.folder,
            env={**os.environ, "GRADER_SOLUTIONS": str(SOLUTIONS)},
            capture_output=True,
            check=False,
        )


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Return the class, graded once."""
    return Class(tmp_path_factory.mktemp("class"))


def rows_of(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV file."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_no_name_costs_the_class_its_grades(graded: Class) -> None:
    """Everybody has a report, also one whose name is no text; and a second run keeps them all."""
    assert graded.graded.returncode == 0, graded.graded.stderr
    book = rows_of((graded.folder / "out" / "gradebook.csv").read_bytes())
    assert len(book) == 1 + len(NAMES)
    again = graded.run("grade", "download", "--output", "out")
    assert f"kept {len(NAMES)} from before".encode() in again.stderr


@pytest.mark.parametrize(
    "platform", ["moodle", "canvas", "blackboard", "brightspace"]
)
def test_no_name_is_a_formula_in_a_sheet(graded: Class, platform: str) -> None:
    """A new sheet has everybody in it, and no cell that a spreadsheet would run."""
    done = graded.run("grades", platform, "out", "--output", "sheet.csv")
    assert done.returncode == 0, done.stderr
    rows = rows_of((graded.folder / "sheet.csv").read_bytes())
    assert len(rows) >= 1 + len(NAMES)
    risky = [
        cell
        for row in rows
        for cell in row
        if cell.lstrip().startswith(FORMULA) and cell != "-"
    ]
    assert risky == []


def test_each_student_has_a_page_of_their_own(graded: Class) -> None:
    """No name leads out of the archive, takes another's place or is lost."""
    done = graded.run("feedback", "moodle", "out", "--output", "pages.zip")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(graded.folder / "pages.zip") as archive:
        names = archive.namelist()
    assert len(set(names)) == len(NAMES)
    assert all(len(name.split("/")) == 2 for name in names)
    assert not any(".." in name or "\\" in name for name in names)
    done = graded.run("feedback", "folder", "out", "--output", "pages")
    assert done.returncode == 0, done.stderr
    assert len(list((graded.folder / "pages").iterdir())) == len(NAMES)


def test_a_report_that_is_gone_costs_one_page(
    graded: Class, tmp_path: Path
) -> None:
    """The student is named as one without a page, and everybody else has theirs."""
    lost = graded.folder / "out" / "reports" / "+cmd.json"
    kept = lost.rename(tmp_path / "kept.json")
    try:
        done = graded.run("feedback", "folder", "out", "--output", "fewer")
    finally:
        kept.rename(lost)
    assert done.returncode == 0, done.stderr
    assert b"without a page: +cmd" in done.stderr
    pages = list((graded.folder / "fewer").iterdir())
    assert len(pages) == len(NAMES) - 1


@pytest.mark.parametrize(
    "command",
    [
        ("grades", "moodle", "out"),
        ("feedback", "folder", "out", "--output", "a"),
        ("explain", "out", "110"),
        ("explain", "out", "112"),
    ],
    ids=" ".join,
)
def test_no_name_acts_on_a_terminal_or_a_workflow(
    graded: Class, command: tuple[str, ...]
) -> None:
    """Neither output has an escape, an override, or a line that is a command to a CI runner."""
    done = graded.run(*command)
    for shown in (done.stdout.decode(), done.stderr.decode()):
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        lines = [line.strip() for line in shown.splitlines()]
        assert not any(line.startswith("::") for line in lines)
        assert "##[" not in shown
