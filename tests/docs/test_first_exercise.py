"""The tutorial for authors works as it is printed: every command and every file of it."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "first_exercise.md"
BLOCK = re.compile(
    r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE
)


class Block(NamedTuple):
    """A block of the page: a file with its path, commands, or what these print."""

    path: str
    kind: str
    text: str


BLOCKS = [Block(*found) for found in BLOCK.findall(PAGE.read_text("utf-8"))]


def run(line: str, folder: Path) -> str:
    """Run one command in a folder, and return all that it prints."""
    name, *arguments = shlex.split(line)
    assert name == "grader"
    done = subprocess.run(
        [sys.executable, "-P", "-m", "grader", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.timeout(600)
def test_the_tutorial_makes_an_exercise_from_nothing(tmp_path: Path) -> None:
    """From an empty folder, each step does what the page says, and prints what it says."""
    printed = ""
    for block in BLOCKS:
        if block.path:
            path = tmp_path / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.kind == "sh":
            printed = "".join(
                run(line, tmp_path) for line in block.text.splitlines()
            )
            assert "FAILED" not in printed
        else:
            plain = " ".join(printed.split())
            for line in block.text.splitlines():
                assert " ".join(line.split()) in plain
    name = "moving-average"
    assert (tmp_path / f"{name}-sum-instead-of-mean.html").is_file()
    assert (tmp_path / "solutions" / name / "validated.toml").is_file()


def test_every_block_is_used() -> None:
    """A block is a file, commands or their output; each file of the exercise is there."""
    assert {block.kind for block in BLOCKS if not block.path} == {"sh", "text"}
    names = {Path(block.path).name for block in BLOCKS if block.path}
    assert {"README.md", "exercise.toml", "reference.py", "cases.py"} <= names
    assert {"moving_average.py", "misconceptions.py"} <= names
