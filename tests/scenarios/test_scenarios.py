"""One folder per scenario, named after the verdict that it gets, with the report beside it.

`report.json` is written as `grader grade --format json` writes it, `report.txt` is the same report
as text for an instructor. After a change that is meant to change reports, write them again and read
the difference before you commit it:

    GRADER_UPDATE=1 pytest tests/scenarios
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.model import Isolation, Verdict
from grader.render import json as report_json
from grader.render import render
from grader.render.json import decode_report

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCENARIOS = sorted(path.parent.name for path in HERE.glob("*/convolve.py"))
VERDICTS = tuple(
    verdict for verdict in Verdict if verdict is not Verdict.GRADER_ERROR
)


def graded(submission: Path) -> str:
    """Grade a file with the real command and return what it writes."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "grader",
        "grade",
        str(submission),
        # The neighbours of this exercise ask for a `convolve` too.
        "--exercise",
        "convolution",
        "--format",
        "json",
    ]
    environment = {**os.environ, "GRADER_SECRET": "scenarios"}
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=ROOT, env=environment
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode()


def everywhere(written: str) -> str:
    """Return the report without what differs between runs, machines and versions of the grader."""
    report = decode_report(written.encode())
    assert report_json.render(report) == written, (
        "what is compared below is what the command writes"
    )
    cases = tuple(replace(case, duration_s=0.0) for case in report.cases)
    return report_json.render(
        replace(
            report,
            cases=cases,
            exercise=replace(report.exercise, digest="sha256:"),
            isolation=Isolation("none", ()),
            grader_version="",
            graded_with=None,
        )
    )


def is_golden(file: Path, text: str) -> bool:
    """Return whether a file holds this text; with GRADER_UPDATE set, write it first."""
    if os.environ.get("GRADER_UPDATE"):
        file.write_text(text, "utf-8", newline="\n")
    return file.read_text("utf-8") == text


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_gets_the_report_beside_it(name: str) -> None:
    """The verdict in the folder's name is given, and the report is the golden one to the letter."""
    report = everywhere(graded(HERE / name / "convolve.py"))
    assert is_golden(HERE / name / "report.json", report)
    verdict = next(verdict for verdict in VERDICTS if name.startswith(verdict))
    given = {case.verdict for case in decode_report(report.encode()).cases}
    assert verdict in given
    assert given <= {verdict, Verdict.PASSED}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_reads_like_the_text_beside_it(name: str) -> None:
    """The golden report as text is the golden text to the letter."""
    report = decode_report((HERE / name / "report.json").read_bytes())
    assert is_golden(
        HERE / name / "report.txt", render(report, "text", "instructor")
    )


def test_every_verdict_has_a_scenario() -> None:
    """No verdict is promised that nothing shows."""
    shown = {
        verdict
        for verdict in VERDICTS
        for name in SCENARIOS
        if name.startswith(verdict)
    }
    assert shown == set(VERDICTS)
