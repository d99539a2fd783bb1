"""One folder per scenario, named by the verdict that it must get, with the report that it must get beside it.

`GRADER_UPDATE=1 pytest tests/scenarios` writes the reports anew: read the difference before you
commit it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCENARIOS = sorted(
    path.name for path in HERE.iterdir() if (path / "convolve.py").is_file()
)
VERDICTS = (
    "passed", "wrong_type", "wrong_shape", "wrong_values", "modified_input", "raised", "timed_out", "out_of_memory",
    "crashed", "invalid_output", "not_run",
)  # fmt: skip


def graded(submission: Path) -> dict[str, Any]:
    """Grade a file with the real command and leave out what differs from run to run or from machine to machine."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "grader",
        "grade",
        str(submission),
        "--format",
        "json",
    ]
    environment = {**os.environ, "GRADER_SECRET": "scenarios"}
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=ROOT, env=environment
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    report: dict[str, Any] = json.loads(done.stdout)
    for case in report["cases"]:
        case.pop("duration_s")
    report["exercise"].pop("digest")
    report.pop("isolation")
    report.pop("grader_version")
    return report


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_gets_the_report_beside_it(name: str) -> None:
    """The verdict in the folder's name is given, and the report is the golden one to the letter."""
    report = graded(HERE / name / "convolve.py")
    golden = HERE / name / "report.json"
    if os.environ.get("GRADER_UPDATE"):
        golden.write_text(
            json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
    assert report == json.loads(golden.read_text("utf-8"))
    verdict = next(verdict for verdict in VERDICTS if name.startswith(verdict))
    given = {case["verdict"] for case in report["cases"]}
    assert verdict in given
    assert given <= {verdict, "passed"}


def test_every_verdict_has_a_scenario() -> None:
    """No verdict is promised that nothing shows."""
    shown = {
        verdict
        for verdict in VERDICTS
        for name in SCENARIOS
        if name.startswith(verdict)
    }
    assert shown == set(VERDICTS)
