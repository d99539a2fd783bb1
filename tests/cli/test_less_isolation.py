"""Less isolation than was promised is refused, or the first thing that is said."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.execution.conftest import WITHOUT_CALLS

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "solutions" / "convolution" / "samples"
RIGHT = SAMPLES / "right.py"
NO_LANDLOCK, NO_SECCOMP, NO_FORK_SERVER = (
    "landlock_create_ruleset",
    "seccomp",
    "pidfd_open",
)
MACHINES = {
    NO_LANDLOCK: "partial",
    NO_SECCOMP: "partial",
    f"{NO_LANDLOCK},{NO_SECCOMP}": "none",
    NO_FORK_SERVER: "none",
    f"{NO_LANDLOCK},{NO_FORK_SERVER}": "none",
    f"{NO_SECCOMP},{NO_FORK_SERVER}": "none",
}
"""System calls that a machine lacks -> the isolation that it can give."""
THIEF = f"""
import runpy
try:
    convolve = runpy.run_path({str(ROOT / "solutions/convolution/reference.py")!r})["convolve"]
except OSError:
    def convolve(image, kernel): return None
stolen = convolve
def convolve(image, kernel): return stolen(image, kernel)
"""

Done = subprocess.CompletedProcess[str]
Weak = Callable[..., Done]


@pytest.fixture
def weak(tmp_path: Path) -> Weak:
    """Return a function that runs Python on a machine without some system calls."""

    def run(missing: str, *arguments: str | Path) -> Done:
        script = [sys.executable, "-c", WITHOUT_CALLS, missing]
        variables = {
            **os.environ,
            "GRADER_SOLUTIONS": str(ROOT / "solutions"),
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(tmp_path),
        }
        return subprocess.run(
            [*script, *map(str, arguments)],
            cwd=tmp_path, env=variables, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def grade(*arguments: str | Path) -> tuple[str | Path, ...]:
    """Return the arguments of Python for `grader grade`."""
    return "-P", "-m", "grader", "grade", *arguments


@pytest.mark.parametrize(("missing", "level"), MACHINES.items())
def test_a_machine_that_gives_less_is_refused(
    weak: Weak, missing: str, level: str, tmp_path: Path
) -> None:
    """Exit 5, one line with the fix, and no code of the student's has run."""
    witness = tmp_path / "it-ran"
    source = tmp_path / "convolve.py"
    source.write_text(
        f"open({str(witness)!r}, 'w')\n" + RIGHT.read_text("utf-8")
    )
    done = weak(missing, *grade(source))
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.splitlines() == [
        (
            f"grader: isolation full is required, this machine gives {level}; nothing was run; "
            "`grader doctor` says what is missing and how to get it; "
            "to accept less, say how much with --require-isolation"
        )
    ]
    assert not witness.exists()


@pytest.mark.parametrize(("missing", "level"), MACHINES.items())
def test_what_was_accepted_is_said_first(
    weak: Weak, missing: str, level: str
) -> None:
    """Standard error says it before anything else, and so do the notes of the report."""
    arguments = ("--require-isolation", level, "--format", "json")
    done = weak(missing, *grade(RIGHT, *arguments))
    report = json.loads(done.stdout)
    assert (done.returncode, report["score"]) == (0, 4.0)
    assert report["isolation"]["level"] == level
    words = "only partial" if level == "partial" else "no isolation"
    assert words in done.stderr.splitlines()[0]
    assert words in report["notes"][0]


def test_less_than_what_was_accepted_is_refused_too(weak: Weak) -> None:
    """Who accepts `partial` has not accepted `none`."""
    both = f"{NO_LANDLOCK},{NO_SECCOMP}"
    done = weak(both, *grade(RIGHT, "--require-isolation", "partial"))
    assert done.returncode == 5
    assert (
        "isolation partial is required, this machine gives none" in done.stderr
    )


def test_a_batch_says_it_first(weak: Weak, tmp_path: Path) -> None:
    """On standard error, in each report, and on the class page before any figure."""
    arguments = ("--output", "out", "--require-isolation", "partial")
    named = ("--exercise", "convolution")
    done = weak(NO_LANDLOCK, *grade(SAMPLES, *named, *arguments))
    assert done.returncode == 0, done.stderr
    assert "only partial" in done.stderr.splitlines()[0]
    for path in (tmp_path / "out" / "reports").glob("*.json"):
        assert "only partial" in json.loads(path.read_bytes())["notes"][0]
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    text = re.sub(r"<[^>]*>", " ", page.partition("<h1>")[2])
    assert text.index("only partial") < text.index("Submissions")


def test_a_batch_is_refused_before_it_begins(
    weak: Weak, tmp_path: Path
) -> None:
    """Exit 5, and no report is written."""
    done = weak(NO_LANDLOCK, *grade(SAMPLES, "--output", "out"))
    assert done.returncode == 5
    assert "isolation full is required" in done.stderr
    assert not list(tmp_path.glob("out/reports/*"))


def test_reports_of_less_isolation_are_not_kept(
    weak: Weak, tmp_path: Path
) -> None:
    """Where the machine gives more later, everything is graded again."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.py").write_bytes(RIGHT.read_bytes())
    accepted = weak(
        NO_LANDLOCK,
        *grade(folder, "--output", "out", "--require-isolation", "partial"),
    )
    assert accepted.returncode == 0, accepted.stderr
    again = weak("kexec_load", *grade(folder, "--output", "out"))
    assert "graded 1, kept 0" in again.stderr
    report = json.loads(
        (tmp_path / "out" / "reports" / "ada.py.json").read_bytes()
    )
    assert report["isolation"]["level"] == "full"


def test_a_thief_gets_nothing_unless_less_was_accepted(
    weak: Weak, tmp_path: Path
) -> None:
    """A file that reads the reference earns points only where it was said that it might."""
    thief = tmp_path / "convolve.py"
    thief.write_text(THIEF, "utf-8")
    assert weak(NO_LANDLOCK, *grade(thief)).returncode == 5
    accepted = ("--require-isolation", "partial", "--format", "json")
    done = weak(NO_LANDLOCK, *grade(thief, *accepted))
    assert json.loads(done.stdout)["score"] == 4.0
    assert "may have read the solution" in done.stderr.splitlines()[0]
    whole = weak("kexec_load", *grade(thief, "--format", "json"))
    assert json.loads(whole.stdout)["score"] == 0.0


def test_a_program_is_refused_too(weak: Weak) -> None:
    """The API requires `full` on Linux by itself, and less only where the program says so."""
    code = (
        "import sys\nfrom grader import grade\nfrom grader.errors import IsolationError\n"
        "try:\n    grade(sys.argv[1])\n"
        "except IsolationError as error:\n    print(error)\n"
        "print(grade(sys.argv[1], require_isolation='partial').score)\n"
    )
    done = weak(NO_LANDLOCK, "-P", "-c", code, RIGHT)
    refused, score = done.stdout.splitlines()
    assert refused.startswith("isolation full is required")
    assert score == "4.0"


def test_pytest_is_refused_too(weak: Weak) -> None:
    """The plugin grades with `full` isolation or not at all: an error and not a failed case."""
    done = weak(
        NO_LANDLOCK,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        f"--grader-submission={RIGHT}",
    )
    assert "isolation full is required" in done.stdout + done.stderr
    assert " passed" not in done.stdout


def test_public_examples_need_no_isolation(weak: Weak) -> None:
    """`grader check` is for the student's own machine, whatever that can do."""
    done = weak(NO_FORK_SERVER, "-P", "-m", "grader", "check", RIGHT)
    assert done.returncode == 0
    assert "isolation" not in done.stderr


def test_students_are_not_told(weak: Weak, tmp_path: Path) -> None:
    """What a weak machine would let through is the operator's business."""
    arguments = ("--require-isolation", "partial", "--format", "json")
    saved = tmp_path / "report.json"
    saved.write_text(
        weak(NO_LANDLOCK, *grade(RIGHT, *arguments)).stdout, "utf-8"
    )
    for audience, told in (("student", False), ("instructor", True)):
        done = weak(
            "kexec_load",
            "-P",
            "-m",
            "grader",
            "render",
            saved,
            "--audience",
            audience,
        )
        assert ("only partial" in " ".join(done.stdout.split())) is told
