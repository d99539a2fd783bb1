"""The umask says who may read what a command writes; of what is hidden, it is the owner alone."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXERCISE = ("--exercise", ROOT / "exercises" / "convolution")
SOLUTIONS = ("--solutions", ROOT / "solutions")
RIGHT = ROOT / "solutions" / "convolution" / "samples" / "right.py"


def mode_after(umask: int, output: Path, *arguments: str | Path) -> int:
    """Run a command with this umask, and return the permissions of its output."""
    words = [*arguments, *EXERCISE, *SOLUTIONS, "--output", output]
    command = [sys.executable, "-P", "-m", "grader", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, umask=umask)
    return stat.S_IMODE(output.stat().st_mode)


@pytest.mark.parametrize("umask", [0o077, 0o027, 0o002])
def test_a_report_respects_the_umask(umask: int, tmp_path: Path) -> None:
    """`grade --output` gives a new file the permissions that a shell would give it."""
    mode = mode_after(umask, tmp_path / "report.txt", "grade", RIGHT)
    assert mode == 0o666 & ~umask


def test_a_report_that_is_replaced_keeps_its_permissions(
    tmp_path: Path,
) -> None:
    """Whoever closed the file wants it closed."""
    path = tmp_path / "report.txt"
    path.write_text("")
    path.chmod(0o600)
    assert mode_after(0o022, path, "grade", RIGHT) == 0o600
    assert path.read_text()


@pytest.mark.parametrize(
    ("platform", "name", "expected"),
    [
        ("gradescope", "a.zip", 0o600),
        ("coderunner", "question.xml", 0o600),
        ("students", "download.zip", 0o644),
    ],
)
def test_an_artifact_with_the_hidden_half_is_private(
    platform: str, name: str, expected: int, tmp_path: Path
) -> None:
    """Others on the machine cannot read the solutions; a download for students is for all."""
    path = tmp_path / name
    path.write_text("an artifact from before")
    path.chmod(0o644)
    assert mode_after(0o022, path, "package", platform) == expected
