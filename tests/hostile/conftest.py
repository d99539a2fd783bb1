"""What the hostile programs meet: a course with short limits, and somebody who grades it."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import grader
from grader.exercise import load_exercise, record_validation

ROOT = Path(__file__).parents[2]
SECRET = "a secret that no program knows"
NOBODY = 65534
LIMITS = {
    "load_s": 6.0,
    "call_s": 2.0,
    "total_s": 4.0,
    "cell_s": 6.0,
    "notebook_s": 20.0,
    "memory_mb": 512,
}
"""In place of the exercise's own: here a program that hangs should cost seconds, not half a minute.
What is right needs a twentieth of it, and gets full marks on a busy machine too."""


class Person(NamedTuple):
    """Somebody who runs the grader."""

    name: str
    python: tuple[str, ...]
    path: str
    uid: int | None
    """Who they are to the kernel; None for whoever runs the tests."""
    libraries: str = ""
    """Where the shared library of a copied Python is."""

    def owns(self, *folders: Path) -> None:
        """Make folders theirs."""
        for folder in folders:
            folder.chmod(0o755)
            if self.uid is not None:
                os.chown(folder, self.uid, self.uid)

    def run(
        self, *arguments: str, cwd: Path, tmp: Path
    ) -> "subprocess.CompletedProcess[str]":
        """Run the grader as they would.

        The last line on standard error says how many processes it left.
        """
        # -P, as for an installed `grader` command: no modules come from the working folder.
        command = [*self.python, "-P", "-m", "grader", *arguments]
        return self.execute(
            [*self.python, str(cwd.parent / "watched.py"), *command],
            cwd=cwd,
            tmp=tmp,
        )

    def execute(
        self, command: list[str], *, cwd: Path, tmp: Path
    ) -> "subprocess.CompletedProcess[str]":
        """Run any program as they would."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": self.path,
            "TMPDIR": str(tmp),
            "HOME": str(tmp),
        }
        if self.libraries:
            environment["LD_LIBRARY_PATH"] = self.libraries
        return subprocess.run(
            command,
            cwd=cwd,
            env={
                **environment,
                "GRADER_SECRET": SECRET,
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            text=True,
            check=False,
            user=self.uid,
            group=self.uid,
            extra_groups=None if self.uid is None else [],
        )


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """Make a folder that every user can reach; pytest's own is private."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def people(open_folder: Path) -> dict[str, Person]:
    """Return whoever runs the tests and, if that is root, somebody without any rights."""
    search = os.pathsep.join(map(str, _package_folders()))
    found = {"self": Person("self", (sys.executable,), search, None)}
    if os.geteuid() == 0:
        found["nobody"] = _nobody(open_folder)
    return found


def _package_folders() -> list[Path]:
    # An editable install puts the checkout on the path by a .pth file, which PYTHONPATH does not
    # read.
    places = [
        Path(sysconfig.get_path("purelib")),
        Path(grader.__file__).resolve().parents[1],
    ]
    return list(dict.fromkeys(places))


def _nobody(folder: Path) -> Person:
    """Make a Python that a user without rights can run.

    Those parts of this Python that not everybody can reach are copied.
    """
    python, places, libraries = Path(sys.executable), _package_folders(), ""
    needed = (python, python.resolve(), Path(sysconfig.get_path("stdlib")))
    if not all(map(_is_open, needed)):
        python = _copied_python(folder / "python")
        libraries = str(folder / "python" / "lib")
    for number, place in enumerate(places):
        if not _is_open(place):
            places[number] = folder / str(number) / "site-packages"
            shutil.copytree(
                place,
                places[number],
                copy_function=_link,
                ignore=_others(place),
            )
    person = Person(
        "nobody",
        (str(python),),
        os.pathsep.join(map(str, places)),
        NOBODY,
        libraries,
    )
    tried = person.execute(
        [str(python), "-P", "-c", "import numpy, grader.cli, ctypes, ssl"],
        cwd=folder,
        tmp=folder,
    )
    assert tried.returncode == 0, (
        f"a user without rights cannot run this Python, nor a copy of it: {tried.stderr}"
    )
    return person


def _copied_python(home: Path) -> Path:
    """Copy the interpreter and its standard library, and return the path of the interpreter."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    skipped = shutil.ignore_patterns(
        "site-packages", "test", "tests", "idlelib", "turtledemo", "config-*"
    )
    standard = Path(sysconfig.get_path("stdlib"))
    shutil.copytree(
        standard, home / "lib" / version, copy_function=_link, ignore=skipped
    )
    for library in Path(sys.base_prefix, "lib").glob("libpython*.so*"):
        _link(str(library), str(home / "lib" / library.name))
    python = home / "bin" / version
    python.parent.mkdir()
    _link(os.path.realpath(sys.executable), str(python))
    return python


def _is_open(path: Path) -> bool:
    """Whether everybody can read a path and all folders above it."""
    parts = (path, *path.parents)
    return all(
        part.is_file() or part.stat().st_mode & 0o005 == 0o005 for part in parts
    )


def _others(place: Path) -> Callable[[str, list[str]], set[str]]:
    """Leave out of a copy what the grader does not need.

    That is large packages, and everything in a checkout but the grader.
    """
    large = shutil.ignore_patterns(
        "playwright",
        "jupyterlab*",
        "notebook*",
        "scipy*",
        "matplotlib*",
        "mypy*",
        "ruff*",
    )
    checkout = (place / "pyproject.toml").exists()

    def left_out(folder: str, names: list[str]) -> set[str]:
        if checkout and Path(folder) == place:
            return set(names) - {"grader"}
        # Only packages are large: a module of the grader may bear the name of one.
        return large(folder, names) if Path(folder) == place else set()

    return left_out


def _link(source: str, target: str) -> None:
    """Link a file if possible: copying a whole Python takes seconds."""
    try:
        os.link(os.path.realpath(source), target)
    except OSError:
        shutil.copy2(source, target)


class Course(NamedTuple):
    """A folder with an exercise, solutions, submissions, and what programs would like to spoil."""

    folder: Path
    submissions: Path
    output: Path
    canary: Path
    tmp: Path

    @property
    def exercise(self) -> Path:
        """The exercise with the short limits."""
        return self.folder / "exercises" / "convolution"

    @property
    def solutions(self) -> Path:
        """The hidden half, which no program may read."""
        return self.folder / "solutions" / "convolution"

    def reports(self) -> list[Path]:
        """List the reports of a batch."""
        return list((self.output / "reports").glob("*.json"))

    def submit(self, name: str, text: str) -> None:
        """Hand in a program, with the real paths that it would otherwise have to guess."""
        known = {
            "SOLUTIONS": self.solutions,
            "EXERCISE": self.exercise,
            "SUBMISSIONS": self.submissions,
            "OUTPUT": self.output,
            "CANARY": self.canary,
            "PACKAGE": Path(grader.__file__).parent,
        }
        for word, path in known.items():
            text = text.replace(f"@{word}@", str(path))
        (self.submissions / name).write_text(text, "utf-8")


@pytest.fixture
def course(open_folder: Path) -> Iterator[Course]:
    """Make a course without submissions."""
    folder = Path(tempfile.mkdtemp(dir=open_folder))
    made = Course(
        folder,
        *(folder / name for name in ("submissions", "output", "canary", "tmp")),
    )
    for place in (folder, *made[1:]):
        place.mkdir(exist_ok=True)
        place.chmod(0o755)
    shutil.copytree(ROOT / "exercises" / "convolution", made.exercise)
    shutil.copytree(ROOT / "solutions" / "convolution", made.solutions)
    shutil.copy(Path(__file__).parent / "watched.py", folder / "watched.py")
    (made.canary / "kept").write_text("kept", "utf-8")
    settings = made.exercise / "exercise.toml"
    text = settings.read_text("utf-8")
    for name, limit in LIMITS.items():
        text, changed = re.subn(
            rf"(?m)^{name} = [0-9.]+", f"{name} = {limit}", text
        )
        assert changed == 1, name
    settings.write_text(text, "utf-8")
    record_validation(load_exercise(made.exercise), made.solutions)
    yield made
    shutil.rmtree(folder)
