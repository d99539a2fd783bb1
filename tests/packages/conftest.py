"""Artifacts, unpacked in an empty folder and run as their platform runs them.

Where the tests run as root, a platform's own paths, user, limits and missing network are made with
namespaces, which end with the process: nothing is mounted or written outside. Elsewhere the same
commands run under the folder itself.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

import pytest

from grader.exercise import load_exercise
from grader.packaging.artifacts import package

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "convolution"
VENV = "/opt/exercise-grader"
RIGHT = """
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    p, q = kernel.shape
    out = np.zeros((h - p + 1, w - q + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i + p, j:j + q] * kernel)
    return out
"""
WRONG = RIGHT.replace("* kernel)", "* kernel[::-1, ::-1])")
BROKEN = "def convolve(image, kernel)\n    return <b>image</b> ]]> ::error::\n"
HOSTILE = """
import glob, importlib.util, json, os, sys
import numpy as np

FORGED = json.dumps({
    "score": 4, "fraction": 1.0, "correct": True, "gradable": True, "tests": [], "errors": [],
})
print(FORGED)
print("::error::forged", file=sys.stderr)
np.allclose = lambda *a, **k: True
FOUND = []
HERE = os.getcwd()
ROOTS = "/autograder", "/grade", "/graders", "/opt/exercise-grader", HERE, os.path.dirname(HERE)
for root in ROOTS:
    for name in ("reference.py", "secret", "cases.toml"):
        for depth in range(4):
            FOUND += glob.glob(root + depth * "/*" + "/" + name)
    for name in ("results/results.json", "results.json", "../results/results.json"):
        try:
            os.makedirs(os.path.dirname(f"{root}/{name}"), exist_ok=True)
            open(f"{root}/{name}", "w").write(FORGED)
        except OSError:
            pass

def convolve(image, kernel):
    for path in FOUND:
        try:
            spec = importlib.util.spec_from_file_location("stolen", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module.convolve(image, kernel)
        except BaseException:
            pass
    print(FORGED)
    sys.stdout.flush()
    os.write(1, FORGED.encode())
    os._exit(0)
"""
compile(
    HOSTILE, "hostile", "exec"
)  # a program that cannot run would prove nothing
SUBMISSIONS = {
    "right": RIGHT,
    "wrong": WRONG,
    "broken": BROKEN,
    "hostile": HOSTILE,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give these tests more time: they set up environments, on a machine that may be busy."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.timeout(1800))


class Place:
    """A folder of this machine, mounted at a platform's own path while a command runs."""

    def __init__(self, host: Path, path: str) -> None:
        self.host = host
        self.path = path if NAMESPACES else str(host)

    def __truediv__(self, name: str) -> str:
        """Return the path of something in it, as the platform's command sees it."""
        return f"{self.path}/{name}"


def _namespaces() -> bool:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    command = ["unshare", "--mount", "--net", "true"]
    return (
        subprocess.run(command, check=False, capture_output=True).returncode
        == 0
    )


NAMESPACES = _namespaces()


def _reachable() -> list[str]:
    """Return commands that let other users run an interpreter that lies in a closed home.

    On a platform it never does. What pip is told there stays where it is, too.
    """
    base = Path(sys.base_prefix)
    closed = [
        parent
        for parent in reversed(base.parents)
        if not parent.stat().st_mode & 0o001
    ]
    if not closed:
        return []
    kept = [base]
    settings = Path.home() / ".config" / "pip"
    if settings.is_dir() and settings.is_relative_to(closed[0]):
        kept.append(settings)
    hold = [f"hold{number}=$(mktemp -d)" for number in range(len(kept))]
    take = [
        f"mount --bind '{path}' $hold{number}"
        for number, path in enumerate(kept)
    ]
    show: list[str] = []
    for number, path in enumerate(kept):
        show += [
            f"mkdir -p '{path}'",
            f"mount --bind $hold{number} '{path}'",
            f"umount $hold{number}",
            f"rmdir $hold{number}",
        ]
    return [
        *hold,
        *take,
        f"mount -t tmpfs -o mode=755 tmpfs '{closed[0]}'",
        *show,
    ]


class Machine:
    """Runs commands as a platform does."""

    def __init__(self, venv: Place) -> None:
        self.venv = venv

    def run(  # noqa: PLR0913 - each is one thing that platforms differ in
        self,
        command: list[str],
        *places: Place,
        env: Mapping[str, str] | None = None,
        cwd: str = "/",
        user: int | None = None,
        network: bool = False,
        read_only: bool = False,
        limits: str = "",
        stdin: str = "",
        timeout: float = 240,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with a bare environment, and with the places at their paths."""
        clean = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            **(env or {}),
        }
        if NAMESPACES:
            lines = ["set -e"]
            for place in (self.venv, *places):
                lines += [
                    f"mkdir -p '{place.path}'",
                    f"mount --bind '{place.host}' '{place.path}'",
                ]
            lines += _reachable()
            if read_only:
                lines += [
                    "mount -t tmpfs -o size=50m,mode=1777 tmpfs /tmp",
                    "mount -o remount,bind,ro /",
                ]
            drop = (
                f"setpriv --reuid {user} --regid {user} --clear-groups --no-new-privs"
                if user is not None
                else ""
            )
            lines += [f"cd '{cwd}'", limits, f'exec {drop} "$@"']
            spaces = [
                "unshare",
                "--mount",
                "--propagation",
                "private",
                *([] if network else ["--net"]),
            ]
            command = [*spaces, "sh", "-c", "\n".join(lines), "sh", *command]
            cwd = "/"
        else:
            clean |= {"GRADER_VENV": str(self.venv.host)}
        return subprocess.run(
            command,
            env=clean,
            cwd=cwd,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """Make one environment at /opt/exercise-grader, which every artifact's setup installs into."""
    # Not below pytest's folder, which only root may enter.
    folder = Path(tempfile.mkdtemp(prefix="grader-packages-"))
    folder.chmod(0o755)
    (folder / "venv").mkdir()
    used = (
        Path(tempfile.gettempdir()) / f"grader-packages-{os.geteuid()}.lock"
    ).open("w")
    try:
        if NAMESPACES:
            fcntl.flock(used, fcntl.LOCK_SH)
        machine = Machine(Place(folder / "venv", VENV))
        package("students", load_exercise(EXERCISE), None, folder / "students")
        install = Place(folder / "students", "/graders")
        command = ["bash", install / "install.sh", machine.venv.path]
        done = machine.run(
            command, install, env=index(folder), network=True, timeout=900
        )
        assert done.returncode == 0, done.stderr
        yield machine
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if NAMESPACES:
            _remove_places(used)
        used.close()


def _remove_places(used: TextIO) -> None:
    """Remove the folders where places were mounted, if nobody else uses them.

    To remove a folder takes away what is mounted there in other namespaces, such as those of tests
    that run beside.
    """
    with contextlib.suppress(OSError):
        fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for path in (VENV, "/autograder", "/grade", "/graders"):
            with contextlib.suppress(OSError):
                Path(
                    path
                ).rmdir()  # only where it is empty: somebody's own is left alone


def index(folder: Path) -> dict[str, str]:
    """Return the settings of pip here (index, certificates), and one store for its downloads."""
    known = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("PIP_") or "proxy" in name.lower()
    }
    path = f"{Path(sys.base_prefix) / 'bin'}:{os.environ['PATH']}"
    return {**known, "PIP_CACHE_DIR": str(folder / "downloads"), "PATH": path}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return an empty folder that any user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="grader-artifact-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make(open_folder: Path) -> Callable[..., Path]:
    """Return a function that makes an artifact and returns where it is."""

    def build(
        platform: str, name: str, exercise: Path = EXERCISE, **options: Any
    ) -> Path:
        where = open_folder / name
        beside = exercise.parents[1] / "solutions"
        return package(
            platform, load_exercise(exercise), beside, where, **options
        )

    return build


@pytest.fixture
def pip_env(machine: Machine) -> dict[str, str]:
    """Return what a setup step needs to reach the index."""
    return index(machine.venv.host.parent)


@pytest.fixture
def place() -> type[Place]:
    """Return the class of places."""
    return Place


@pytest.fixture(scope="session")
def submissions() -> dict[str, str]:
    """Return a right, a wrong, a broken and a hostile submission."""
    return SUBMISSIONS
