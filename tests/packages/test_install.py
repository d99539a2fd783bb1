"""install.sh, run as root for somebody else, makes what that user can run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.packaging.parts import install

NOBODY = 65534


@pytest.fixture
def setup(open_folder: Path) -> Path:
    """Return a folder with install.sh and the wheel; what the wheel needs is left out."""
    folder = open_folder / "setup"
    for name, (data, mode) in install().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"" if name == "requirements.txt" else data)
        path.chmod(mode)
    return folder


@pytest.fixture
def closed_python(open_folder: Path) -> Path:
    """Return a folder with Pythons of every name in it that only its owner can enter."""
    folder = open_folder / "closed"
    folder.mkdir()
    for minor in range(11, 16):
        (folder / f"python3.{minor}").symlink_to(sys.executable)
    (folder / "python3").symlink_to(sys.executable)
    folder.chmod(0o700)
    return folder


def run(
    machine: Any, setup: Path, venv: Path, path: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run install.sh with this PATH."""
    script = [str(setup / "install.sh"), str(venv), *arguments]
    command = [
        "/usr/bin/env",
        f"PATH={path}",
        str(shutil.which("bash")),
        *script,
    ]
    done = machine.run(command, timeout=300)
    assert isinstance(done, subprocess.CompletedProcess)
    return done


def open_path(closed: Path | None = None) -> str:
    """Return a PATH on which a Python that everybody can run comes last."""
    base = Path(sys.base_prefix) / "bin"
    first = [] if closed is None else [str(closed)]
    return ":".join(
        [*first, str(base), "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    )


def test_a_python_that_the_grading_user_cannot_run_is_passed_over(
    machine: Any, setup: Path, closed_python: Path, open_folder: Path
) -> None:
    """Root finds a Python in a closed folder first, and takes the next one all the same."""
    venv = open_folder / "venv"
    done = run(machine, setup, venv, open_path(closed_python))
    assert done.returncode == 0, done.stderr
    home = (venv / "pyvenv.cfg").read_text()
    mine = os.geteuid() != 0
    assert (str(closed_python) in home) == mine


def test_the_grading_user_may_be_root(
    machine: Any, setup: Path, closed_python: Path, open_folder: Path
) -> None:
    """Where root grades, as on Gradescope, a Python of root's own will do."""
    venv = open_folder / "venv"
    done = run(machine, setup, venv, open_path(closed_python), "root")
    assert done.returncode == 0, done.stderr
    assert str(closed_python) in (venv / "pyvenv.cfg").read_text()


def test_an_environment_that_the_grading_user_cannot_reach_is_refused(
    machine: Any, setup: Path, open_folder: Path
) -> None:
    """A closed folder on the way to the environment is said in one line, before anybody grades."""
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    done = run(machine, setup, closed / "venv", open_path())
    if os.geteuid() == 0:
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith("nobody cannot run")
    else:
        assert done.returncode == 0, done.stderr


def test_without_a_usable_python_it_says_so(
    machine: Any, setup: Path, closed_python: Path, open_folder: Path
) -> None:
    """The last line says that there is no Python, and for whom."""
    tools = open_folder / "tools"
    tools.mkdir()
    for name in ("bash", "id", "dirname", "setpriv", "grep", "env"):
        found = shutil.which(name)
        if found is not None:
            (tools / name).symlink_to(found)
    path = f"{closed_python}:{tools}" if os.geteuid() == 0 else str(tools)
    done = run(machine, setup, open_folder / "venv", path)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("There is no Python 3.11 or later")
    assert "nobody can run" in last
