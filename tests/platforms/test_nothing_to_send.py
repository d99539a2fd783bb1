"""Not graded is never a 0: where a platform knows no other way to say it, nothing is written."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONVOLUTION = "convolution"
RIGHT = ROOT / "solutions" / CONVOLUTION / "samples" / "right.py"
Done = subprocess.CompletedProcess[str]


def grader(*arguments: str | Path) -> Done:
    """Run the real command."""
    command = [sys.executable, "-P", "-m", "grader", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def grade(solutions: Path, fmt: str, *arguments: str | Path) -> Done:
    """Grade a right submission with these solutions."""
    exercise = ROOT / "exercises" / CONVOLUTION
    where = ("--exercise", exercise, "--solutions", solutions)
    return grader("grade", RIGHT, *where, "--format", fmt, *arguments)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a folder of solutions whose reference raises."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    reference = tmp_path / "solutions" / CONVOLUTION / "reference.py"
    reference.write_text(
        "def convolve(image, kernel):\n    raise KeyError('broken')\n"
    )
    return tmp_path / "solutions"


def test_a_fault_posts_no_score(broken: Path, tmp_path: Path) -> None:
    """`grade --format lti-ags` writes no body, says why, and fails."""
    score = tmp_path / "score.json"
    outputs: tuple[list[str | Path], ...] = ([], ["--output", score])
    for output in outputs:
        done = grade(broken, "lti-ags", *output)
        assert (done.returncode, done.stdout) == (4, "")
        reason, consequence = done.stderr.splitlines()
        assert reason.startswith("grader: right.py: not graded: ")
        assert "KeyError" in reason
        assert consequence.startswith("grader: right.py: nothing is sent")
    assert not score.exists()


def test_a_saved_fault_posts_no_score(broken: Path, tmp_path: Path) -> None:
    """`render REPORT.json --format lti-ags` refuses a report without a score as well."""
    saved = tmp_path / "report.json"
    grade(broken, "json", "--output", saved)
    assert json.loads(saved.read_text())["status"] == "grader_error"
    done = grader("render", saved, "--format", "lti-ags")
    assert (done.returncode, done.stdout) == (4, "")
    assert len(done.stderr.splitlines()) == 1
