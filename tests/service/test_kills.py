"""Whatever is killed at whatever instant, nothing is lost and nothing is there twice."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "service_kills.py"
NOTHING = (
    "clicks lost: 0, clicks kept twice: 0, graded twice: 0, "
    "not graded: 0, scores that differ: 0, scores taken twice: 0"
)


@pytest.mark.timeout(900)
def test_nothing_is_lost_when_processes_are_killed() -> None:
    """Each kind of process and the database get SIGKILL while a class hands in."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--kills", "8"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == NOTHING
