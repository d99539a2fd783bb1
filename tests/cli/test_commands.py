"""The fixed contract of the command line."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.cli.commands import COMMANDS
from grader.output import format_names
from grader.platforms import ARTIFACTS

Grader = Callable[..., "subprocess.CompletedProcess[str]"]
ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "solutions" / "convolution" / "samples"


def without_durations(text: str) -> dict[str, Any]:
    """Read a report, without how long its cases took."""
    report: dict[str, Any] = json.loads(text)
    for case in report["cases"]:
        del case["duration_s"]
    return report


def test_a_report_has_the_fields_of_the_contract(
    grader: Grader, right: Path
) -> None:
    """It has these names in this order, and four cases called by their size."""
    report = json.loads(grader("grade", right, "--format", "json").stdout)
    assert list(report) == [
        "schema_version", "exercise", "submission", "status", "score", "max_score", "message",
        "cases", "notes", "isolation", "grader_version", "graded_with", "output",
    ]  # fmt: skip
    assert [case["name"] for case in report["cases"]] == [
        "8x8",
        "12x10",
        "10x10",
        "12x8",
    ]
    assert list(report["cases"][0]) == [
        "name", "title", "shapes", "verdict", "score", "max_score", "message",
        "hints", "details", "duration_s",
    ]  # fmt: skip
    assert (report["status"], report["score"], report["max_score"]) == (
        "graded",
        4.0,
        4.0,
    )
    assert report["cases"][1]["shapes"] == {
        "image": [12, 10],
        "kernel": [3, 3],
    }


@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("*.py")), ids=lambda path: path.stem
)
def test_every_report_is_valid_by_the_printed_schema(
    grader: Grader, path: Path
) -> None:
    """`grader schema` and `grader grade --format json` agree."""
    schema = json.loads(grader("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(
        json.loads(grader("grade", path, "--format", "json").stdout), schema
    )


def test_the_same_bytes_and_secret_give_the_same_report(grader: Grader) -> None:
    """Durations aside, also where the student's arrays were never filled."""
    path = SAMPLES / "whole_numbers.py"
    reports = [
        without_durations(grader("grade", path, "--format", "json").stdout)
        for _ in range(3)
    ]
    assert reports[0] == reports[1] == reports[2]


def test_another_secret_gives_other_inputs(grader: Grader) -> None:
    """The secret decides, and the report says where it came from."""
    path = SAMPLES / "flipped.py"
    first = without_durations(
        grader("grade", path, "--format", "json", GRADER_SECRET="one").stdout
    )
    second = without_durations(
        grader("grade", path, "--format", "json", GRADER_SECRET="two").stdout
    )
    assert (
        first["cases"][0]["details"]["inputs"]
        != second["cases"][0]["details"]["inputs"]
    )
    assert any("GRADER_SECRET" in note for note in first["notes"])


def test_fail_under_is_the_only_way_a_score_becomes_a_status(
    grader: Grader, right: Path
) -> None:
    """A failing submission exits with 0, unless a score was asked for."""
    assert grader("grade", SAMPLES / "flipped.py").returncode == 0
    assert (
        grader("grade", SAMPLES / "flipped.py", "--fail-under", "1").returncode
        == 1
    )
    assert grader("grade", right, "--fail-under", "4").returncode == 0


def test_check_needs_no_solutions(grader: Grader, tmp_path: Path) -> None:
    """Where there is only the exercise, its examples are run and the misconception is named."""
    folder = tmp_path / "exercises" / "convolution"
    folder.mkdir(parents=True)
    for path in (ROOT / "exercises" / "convolution").iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    done = grader(
        "check", SAMPLES / "flipped.py", "--format", "json", cwd=tmp_path
    )
    report = json.loads(done.stdout)
    assert done.returncode == 0
    hints = {
        hint["misconception"]
        for case in report["cases"]
        for hint in case["hints"]
    }
    assert hints == {"kernel-flipped"}


def test_grade_without_solutions_names_the_three_ways(
    grader: Grader, right: Path, tmp_path: Path
) -> None:
    """A student who installed the wheel gets one line, exit 2, and learns about `check`."""
    folder = tmp_path / "exercises" / "convolution"
    shutil.copytree(ROOT / "exercises" / "convolution", folder)
    for arguments in (["--exercise", folder], []):
        done = grader(
            "grade", right, *arguments, cwd=tmp_path, GRADER_SOLUTIONS=""
        )
        assert done.returncode == 2
        for way in (
            "--solutions DIR",
            "GRADER_SOLUTIONS",
            "grader trust DIR",
            "check",
        ):
            assert way in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("fmt", ["text", "html", "json"])
def test_a_saved_report_renders_as_the_fresh_one(
    grader: Grader, tmp_path: Path, fmt: str
) -> None:
    """`grader render` needs nothing but the JSON file."""
    saved = tmp_path / "report.json"
    assert (
        grader(
            "grade",
            SAMPLES / "padded.py",
            "--format",
            "json",
            "--output",
            saved,
        ).stdout
        == ""
    )
    done = grader("render", saved, "--format", fmt, "--audience", "instructor")
    assert done.returncode == 0
    assert "same-padding" in done.stdout


def test_require_isolation_full_is_met_here(
    grader: Grader, right: Path
) -> None:
    """A machine with Landlock and seccomp gives full isolation, and the report says by what."""
    done = grader(
        "grade", right, "--format", "json", "--require-isolation", "full"
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["isolation"]["level"] == "full"


def test_a_pattern_that_the_shell_left_alone_is_a_batch(
    grader: Grader, right: Path, tmp_path: Path
) -> None:
    """Also where a folder of the path is the pattern."""
    for student in ("ada", "bob"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "convolve.py").write_bytes(right.read_bytes())
    done = grader(
        "grade", tmp_path / "*" / "convolve.py", "--output", tmp_path / "out"
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out" / "reports").glob("*.json"))) == 2


def test_help_names_every_artifact(grader: Grader) -> None:
    """`grader package -h` lists the platforms that there are."""
    section = grader("package", "-h").stdout.partition("Platforms:\n")[2]
    listed = re.findall(
        r"^  (\w+)  +\S", section.split("\n\n")[0], re.MULTILINE
    )
    assert listed == list(ARTIFACTS)


def test_help_names_every_format(grader: Grader) -> None:
    """`grader grade -h` lists the formats that there are."""
    text = " ".join(grader("grade", "-h").stdout.split())
    listed = re.search(
        r"--format FORMAT One of (.*?)\.", text.replace("- ", "-")
    )
    assert listed is not None
    assert listed[1].split(", ") == format_names()


def test_the_readme_names_every_command(grader: Grader) -> None:
    """The table of commands in the README is the one that `grader -h` prints."""
    listed = re.findall(
        r"^  ([a-z]+) ",
        grader("-h").stdout.partition("Commands:")[2],
        re.MULTILINE,
    )
    table = re.findall(
        r"^\| `grader ([a-z]+)",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert sorted(table) == sorted(listed) == sorted(COMMANDS)
