"""The real command, in a fresh process, as a user runs it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "solutions" / "convolution" / "samples"

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def grader(tmp_path: Path) -> Callable[..., Done]:
    """Return a function that runs `grader ...` in the checkout, or in `cwd`, as a user would."""

    def run(
        *arguments: str | Path, cwd: Path = ROOT, **environment: str
    ) -> Done:
        command = [sys.executable, "-P", "-m", "grader", *map(str, arguments)]
        kept = {
            name: value
            for name, value in os.environ.items()
            if name != "GRADER_SECRET"
        }
        env = {**kept, "TMPDIR": str(tmp_path), **environment}
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd,
            env=env,
            timeout=120,
        )

    return run


@pytest.fixture
def right() -> Path:
    """Return the path of a right solution."""
    return SAMPLES / "right.py"
