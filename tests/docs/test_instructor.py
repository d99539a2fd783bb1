"""docs/instructor.md is one day, and every step of it happens as it says."""

import csv
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "instructor.md").read_text("utf-8")
SAMPLES = ROOT / "solutions" / "convolution" / "samples"
SHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\r\n'
)
CLASS = {
    101: ("Ada Lovelace", "Friday, 20 November 2026, 8:15 PM"),
    102: ("Bo Li", "Saturday, 21 November 2026, 8:15 PM"),
    103: ("Cem Öz", "Friday, 20 November 2026, 9:00 PM"),
    104: ("Dora Maar", "-"),
    105: ("Ada Lovelace", "Friday, 20 November 2026, 7:00 PM"),
}


def blocks(language: str) -> list[str]:
    """Return the blocks of the document in a language."""
    found = re.findall(
        rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE
    )
    assert found
    return found


def archive(path: Path, files: dict[str, bytes]) -> None:
    """Write a download as Moodle makes it."""
    with zipfile.ZipFile(path, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)


def course(folder: Path) -> None:
    """Write what an instructor has: solutions, worksheet, two downloads."""
    shutil.copytree(ROOT / "solutions", folder / "course" / "solutions")
    shutil.copytree(ROOT / "exercises", folder / "course" / "exercises")
    rows = [
        f"Participant {number},{name},s{number}@example.org,Submitted for grading,,10.00,Yes,"
        f'"{time}",-,\r\n'
        for number, (name, time) in CLASS.items()
    ]
    (folder / "worksheet.csv").write_bytes((SHEET + "".join(rows)).encode())
    right = (SAMPLES / "right.py").read_bytes()
    flipped = (SAMPLES / "flipped.py").read_bytes()
    first = {101: right, 102: flipped, 103: b"%PDF-1.7 not a program"}
    names = {101: "convolve.py", 102: "my work.py", 103: "homework.pdf"}
    archive(
        folder / "download.zip",
        {
            f"{CLASS[number][0]}_{number}_assignsubmission_file/{names[number]}": data
            for number, data in first.items()
        },
    )
    archive(
        folder / "late.zip",
        {"Ada Lovelace_105_assignsubmission_file/convolve.py": right},
    )


def gradebook(folder: Path) -> dict[str, dict[str, str]]:
    """Return id -> row."""
    text = (folder / "results" / "gradebook.csv").read_text("utf-8-sig")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_day_happens_as_it_is_told(tmp_path: Path) -> None:
    """Each command works as it stands, one after the other, and does what its section says."""
    course(tmp_path)
    trusting_nothing = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "GRADER"))
    }
    said = {}

    def day(block: str) -> None:
        for line in block.splitlines():
            command = line.replace(
                "grader ", f"{shlex.quote(sys.executable)} -P -m grader ", 1
            )
            done = subprocess.run(
                ["/bin/sh", "-c", command],
                cwd=tmp_path,
                env={**trusting_nothing, "HOME": str(tmp_path)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, line + done.stderr
            said[line.split()[1]] = done.stdout + done.stderr

    once, grade, late, again, *out = blocks("sh")
    day(once)
    day(grade)
    rows = gradebook(tmp_path)
    assert rows["101"]["final"] == "4"
    assert rows["102"]["misconceptions"] == "kernel-flipped"
    assert rows["103"]["status"] == "not_gradable"
    assert rows["104"]["status"] == "missing"
    day(late)
    assert gradebook(tmp_path)["105"]["score"] == "4"
    (adjustments,) = blocks("text")
    (tmp_path / "results" / "adjustments.csv").write_text(adjustments, "utf-8")
    day(again)
    rows = gradebook(tmp_path)
    assert [rows[key]["final"] for key in ("102", "103")] == ["1", "2.5"]
    assert rows["102"]["score"] == "0"
    for block in out:
        day(block)
    grades = (tmp_path / "grades.csv").read_text("utf-8")
    filled = {
        row["Identifier"]: row["Grade"]
        for row in csv.DictReader(io.StringIO(grades))
    }
    assert filled["Participant 101"] == "10"
    assert filled["Participant 103"] == "6.25"
    with zipfile.ZipFile(tmp_path / "feedback.zip") as pages:
        assert any(
            "_102_assignfeedback_file" in name for name in pages.namelist()
        )
    assert "Bo Li" in said["explain"]
    assert "turned by 180 degrees" in said["explain"]
