"""Modules that lie where one stands are never imported on the trusted side."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = (
    "numpy",
    "msgspec",
    "click",
    "jinja2",
    "nbformat",
    "json",
    "pathlib",
    "subprocess",
    "socket",
    "random",
)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("grade", "convolve.py"),
        ("check", "convolve.py"),
        ("grade", ".", "--output", "out"),
        ("doctor",),
    ],
    ids=" ".join,
)
def test_python_m_grader_imports_nothing_from_the_working_folder(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    """A student's folder with modules of well-known names runs none of them."""
    ran = tmp_path / "ran"
    folder = tmp_path / "handed in"
    folder.mkdir()
    for name in NAMES:
        text = f"open({str(ran)!r}, 'a').write({name!r})\nraise SystemExit(9)\n"
        (folder / f"{name}.py").write_text(text)
    (folder / "convolve.py").write_text(
        "def convolve(image, kernel):\n    return 0\n"
    )
    root = Path(__file__).parents[2]
    environ = {**os.environ, "GRADER_SOLUTIONS": str(root / "solutions")}
    done = subprocess.run(
        [sys.executable, "-m", "grader", *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ran.exists(), ran.read_text()
    assert done.returncode == 0, done.stderr
