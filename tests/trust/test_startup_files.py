"""What Python runs or imports at its start is never what lies in a student's folder."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.trust.conftest import ROOT, SOLUTIONS

COMMAND = "import sys\nfrom grader.__main__ import main\nsys.exit(main())\n"
"""The installed command `grader`, which is a script in a folder of its own."""
MODULES = ("numpy", "msgspec", "click", "json", "random", "grader_extras")
STARTED = ("sitecustomize", "usercustomize")
PROGRAM = (
    "from grader import grade\nimport sys\n"
    "assert grade(sys.argv[1]).status == 'graded'\n"
)


class Folder:
    """A student's folder with a submission, and files that leave a canary when they are run."""

    def __init__(self, place: Path) -> None:
        self.path = place / "handed in"
        self.canary = place / "canary"
        self.path.mkdir()
        self.put("convolve.py", "def convolve(image, kernel):\n    return 0\n")
        script = place / "bin" / "grader"
        script.parent.mkdir()
        script.write_text(COMMAND, "utf-8")
        program = script.with_name("program.py")
        program.write_text(PROGRAM, "utf-8")
        self.script, self.program = str(script), str(program)

    def put(self, name: str, text: str) -> None:
        """Write a file into the folder."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def set_traps(self, *names: str) -> None:
        """Put modules that write the process that runs them, and end it."""
        for name in names:
            self.put(
                f"{name}.py",
                f"import os\nwith open({str(self.canary)!r}, 'a') as file:\n"
                f"    file.write(f'{{os.getpid()}} {name}\\n')\n",
            )

    def run(self, *command: str, **variables: str) -> Any:
        """Run Python in the folder, and return how it ended."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.path,
            env={
                **os.environ,
                "GRADER_SOLUTIONS": str(SOLUTIONS),
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def sprung(self) -> list[str]:
        """Return which traps were run, and by which processes."""
        if not self.canary.exists():
            return []
        return self.canary.read_text("utf-8").splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a student's folder."""
    return Folder(tmp_path)


WAYS = {
    "command": ("SCRIPT", "grade", "convolve.py"),
    "check": ("SCRIPT", "check", "convolve.py"),
    "batch": ("SCRIPT", "grade", ".", "--output", "../out", "--jobs", "2"),
    "package": ("SCRIPT", "package", "gradescope", "--output", "../out.zip"),
    "module": ("-m", "grader", "grade", "convolve.py"),
    "program": ("PROGRAM", "convolve.py"),
}


def ended(folder: Folder, way: str, **variables: str) -> Any:
    """Run the grader in one of the ways, and return how it ended."""
    places = {"SCRIPT": folder.script, "PROGRAM": folder.program}
    command = [places.get(word, word) for word in WAYS[way]]
    return folder.run(*command, **variables)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_that_lies_there_is_run(folder: Folder, way: str) -> None:
    """Startup modules, paths files, and modules of well-known names are files like any other."""
    folder.set_traps(*MODULES, *STARTED, "start")
    trap = f"import os; open({str(folder.canary)!r}, 'a').write('pth\\n')\n"
    library = f"lib/python3.{sys.version_info.minor}/site-packages"
    for place in ("", ".local/", f"{library}/", f".local/{library}/"):
        folder.put(f"{place}evil.pth", trap)
    startup = str(folder.path / "start.py")
    done = ended(folder, way, PYTHONSTARTUP=startup)
    assert folder.sprung() == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("way", ["command", "batch", "module"])
@pytest.mark.parametrize("value", [".", "", "{elsewhere}:"])
def test_a_relative_path_of_modules_is_not_searched(
    folder: Folder, way: str, value: str
) -> None:
    """`PYTHONPATH=.`, or an empty part of it, does not let a student's modules in."""
    folder.set_traps(*MODULES)
    value = value.format(elsewhere=ROOT / "docs") or f":{ROOT / 'docs'}"
    done = ended(folder, way, PYTHONPATH=value)
    assert folder.sprung() == []
    assert done.returncode == 0, done.stderr
    first = done.stderr.splitlines()[0]
    assert first.startswith("grader: PYTHONPATH: relative folders in it")


def test_only_python_itself_looks_for_startup_modules(folder: Folder) -> None:
    """With `PYTHONPATH=.` Python runs them before the grader's first line; no process after it."""
    folder.set_traps(*STARTED)
    done = ended(folder, "batch", PYTHONPATH=".")
    assert done.returncode == 0, done.stderr
    assert len({line.split()[0] for line in folder.sprung()}) == 1


def test_an_absolute_path_is_the_operators_choice(folder: Folder) -> None:
    """A module that the operator named with its whole path is used, and nothing is said."""
    named = folder.path.parent / "tools"
    named.mkdir()
    (named / "sitecustomize.py").write_text(
        f"open({str(folder.canary)!r}, 'a').write('1 chosen\\n')\n", "utf-8"
    )
    done = ended(folder, "command", PYTHONPATH=str(named))
    assert "1 chosen" in folder.sprung()
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize(
    "variable", ["PYTHONPYCACHEPREFIX", "PYTHONUSERBASE", "LD_LIBRARY_PATH"]
)
def test_other_relative_places_of_code_are_named(
    folder: Folder, variable: str
) -> None:
    """Compiled modules, a user's packages and libraries are not looked for where one stands."""
    done = ended(
        folder, "command", PYTHONDONTWRITEBYTECODE="", **{variable: "here"}
    )
    assert done.returncode == 0, done.stderr
    assert f"grader: {variable}: relative" in done.stderr
    # Python itself has written there what it imports before the grader's first line.
    written = {path.name for path in (folder.path / "here").rglob("*.pyc")}
    assert not any(name.startswith(("confine.", "wire.")) for name in written)


def test_a_folder_called_grader_is_not_the_grader(folder: Folder) -> None:
    """The installed command, and `python -P -m grader`, do not take a student's package for it."""
    trap = f"open({str(folder.canary)!r}, 'a').write('1 grader\\n')\n"
    for name in ("__init__", "__main__", "startup", "cli"):
        folder.put(f"grader/{name}.py", trap)
    for command in ((folder.script,), ("-P", "-m", "grader")):
        done = folder.run(*command, "check", "convolve.py")
        assert done.returncode == 0, done.stderr
    assert folder.sprung() == []
