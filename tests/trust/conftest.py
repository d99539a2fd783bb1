"""A student's folder that would like to be trusted, and the real command, run from anywhere."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
ZEROS = """import numpy as np


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
"""
Done = subprocess.CompletedProcess[str]
Grader = Callable[..., Done]


class Student(NamedTuple):
    """A folder that a student filled, and a file that appears when code of theirs is executed."""

    folder: Path
    canary: Path

    @property
    def submission(self) -> Path:
        """A submission that is wrong for every size."""
        return self.folder / "work" / "convolve.py"

    @property
    def trap(self) -> str:
        """Python source that leaves the canary."""
        return f"open({str(self.canary)!r}, 'w').close()\n"

    def put_exercise(self, where: Path) -> Path:
        """Put a public half with a tolerance that accepts anything at `where/exercises/`."""
        public = where / "exercises" / "convolution"
        shutil.copytree(ROOT / "exercises" / "convolution", public)
        settings = public / "exercise.toml"
        text = settings.read_text("utf-8")
        text, count = re.subn(r"(?m)^atol = .*", "atol = 1e9", text)
        assert count == 1
        settings.write_text(text, "utf-8")
        return public

    def put_solutions(self, where: Path) -> Path:
        """Put a hidden half that agrees with the submission, and a trap, at `where/solutions/`."""
        hidden = where / "solutions" / "convolution"
        hidden.mkdir(parents=True)
        for name in ("cases.toml", "validated.toml"):
            shutil.copy(SOLUTIONS / "convolution" / name, hidden / name)
        (hidden / "reference.py").write_text(self.trap + ZEROS, "utf-8")
        (hidden / "misconceptions.py").write_text(self.trap, "utf-8")
        return hidden


@pytest.fixture
def student(tmp_path: Path) -> Student:
    """Return a student's folder with a submission in `work/`."""
    made = Student(tmp_path / "student", tmp_path / "canary")
    made.submission.parent.mkdir(parents=True)
    made.submission.write_text(ZEROS, "utf-8")
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the home of whoever grades, in which nothing is trusted."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """Return the environment of somebody who has trusted nothing yet."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GRADER_", "PYTEST"))
        and name != "XDG_CONFIG_HOME"
    }
    return {**kept, "HOME": str(home)}


@pytest.fixture
def grader(environment: dict[str, str], tmp_path: Path) -> Grader:
    """Return a function that runs `grader ...` in `cwd`, with more variables if given."""

    def run(*arguments: str | Path, cwd: Path = tmp_path, **more: str) -> Done:
        # -P, as the installed command: the working folder is not searched for modules.
        command = [sys.executable, "-P", "-m", "grader", *map(str, arguments)]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd,
            env={**environment, **more},
            timeout=240,
        )

    return run
