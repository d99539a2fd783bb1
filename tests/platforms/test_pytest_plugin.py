"""`pytest --grader-submission=FILE` makes one item of each hidden case; a real pytest runs it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "solutions" / "convolution" / "samples"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs pytest in an empty folder."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    def pytest_in_a_process(
        *arguments: str | Path,
    ) -> subprocess.CompletedProcess[str]:
        # Under its own name only: the entry point would register the same module a second time.
        plugin = [
            "-p",
            "no:grader",
            "-p",
            "grader.pytest_plugin",
            "-p",
            "no:cacheprovider",
        ]
        command = [
            sys.executable,
            "-m",
            "pytest",
            *plugin,
            *arguments,
        ]
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PYTEST")
        }
        return subprocess.run(
            [str(part) for part in command],
            cwd=tmp_path,
            env=clean,
            capture_output=True,
            text=True,
            check=False,
        )

    return pytest_in_a_process


def submit(path: Path) -> str:
    """Return the option for a submission, in the form that pytest does not take for a path."""
    return f"--grader-submission={path}"


def write(folder: Path, text: str, name: str = "convolve.py") -> Path:
    """Write a submission."""
    path = folder / name
    path.write_text(text)
    return path


def test_each_case_is_an_item(run: Run) -> None:
    """A right submission passes four tests, named by the cases."""
    done = run(submit(SAMPLES / "right.py"), "-v")
    assert done.returncode == 0, done.stdout
    for case in ("8x8", "12x10", "10x10", "12x8"):
        assert f"::{case} PASSED" in done.stdout


def test_a_failure_is_the_finding_and_the_hint(run: Run) -> None:
    """The failure text is what a student reads, without a traceback of ours or theirs."""
    done = run(submit(SAMPLES / "padded.py"), "-k", "8x8 and not 12x8")
    assert done.returncode == 1
    assert "Your output is 8x8, but it should be 6x6." in done.stdout
    assert "Hint: " in done.stdout
    assert "Traceback" not in done.stdout
    assert "pytest_plugin.py" not in done.stdout
    assert "3 deselected" in done.stdout


def test_exit_first_and_collect_only(run: Run, tmp_path: Path) -> None:
    """`-x` stops at the first failure; `--collect-only` runs nothing of the student's."""
    assert "1 failed" in run(submit(SAMPLES / "flipped.py"), "-x").stdout
    trap = write(tmp_path, f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    done = run(submit(trap), "--collect-only", "-q")
    assert "convolve.py::12x8" in done.stdout
    assert not (tmp_path / "ran").exists()


def test_junitxml_has_the_cases(run: Run, tmp_path: Path) -> None:
    """A course's CI reads verdicts, scores and misconceptions from pytest's own XML."""
    run(submit(SAMPLES / "flipped.py"), "--junitxml", tmp_path / "report.xml")
    root = etree.parse(tmp_path / "report.xml").getroot()
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert set(cases) == {"8x8", "12x10", "10x10", "12x8"}
    properties = {
        (entry.get("name"), entry.get("value"))
        for entry in cases["8x8"].iter("property")
    }
    assert {
        ("verdict", "wrong_values"),
        ("misconception", "kernel-flipped"),
        ("score", "0.0"),
    } <= properties
    assert all(case.find("failure") is not None for case in cases.values())


def test_what_cannot_be_graded_fails_every_item_with_one_line(
    run: Run, tmp_path: Path
) -> None:
    """A syntax error is one sentence on each item."""
    broken = write(tmp_path, "def convolve(image, kernel)\n    return image\n")
    done = run(submit(broken))
    assert "4 failed" in done.stdout
    assert "Python cannot read this line" in done.stdout


def test_our_own_faults_are_errors(run: Run, tmp_path: Path) -> None:
    """A reference solution that fails is an error of each item, and no failure of the student's."""
    for half in ("exercises", "solutions"):
        shutil.copytree(ROOT / half, tmp_path / half)
    solutions = tmp_path / "solutions"
    (solutions / "convolution" / "reference.py").write_text(
        "def convolve(image, kernel):\n    raise RuntimeError('broken')\n"
    )
    done = run(submit(SAMPLES / "flipped.py"), "--grader-solutions", solutions)
    assert "4 errors" in done.stdout
    assert "failed" not in done.stdout.splitlines()[-1]
    assert "The grader failed" in done.stdout


def test_nothing_of_the_students_is_imported(run: Run, tmp_path: Path) -> None:
    """Neither the submission nor a conftest.py beside it runs in pytest's process."""
    student = tmp_path / "student"
    student.mkdir()
    trap = (
        "import os, pathlib\n"
        f"pathlib.Path({str(tmp_path)!r}, 'ran-' + str(os.getpid())).touch()\n"
    )
    for name in ("conftest.py", "test_forged.py", "numpy.py", "convolve.py"):
        (student / name).write_text(trap)
    done = run(submit(student / "convolve.py"))
    assert "4 failed" in done.stdout
    assert not list(tmp_path.glob("ran-*"))


def test_several_submissions_and_own_tests(run: Run, tmp_path: Path) -> None:
    """The option may be repeated, and a path that is asked for is collected beside."""
    own = write(tmp_path, "def test_own():\n    pass\n", "test_own.py")
    done = run(
        submit(SAMPLES / "right.py"), submit(SAMPLES / "flipped.py"), own
    )
    assert "5 passed" in done.stdout
    assert "4 failed" in done.stdout


def test_wrong_usage_is_one_line(run: Run, tmp_path: Path) -> None:
    """A missing file, exercise or hidden half is a usage error (4) with one line."""
    for arguments, said in (
        ([submit(tmp_path / "nowhere.py")], "there is no such file"),
        (
            [
                submit(SAMPLES / "right.py"),
                f"--grader-solutions={tmp_path / 'nowhere'}",
            ],
            "no such folder",
        ),
        (
            [submit(SAMPLES / "right.py"), "--grader-exercise=convolutoin"],
            "did you mean convolution",
        ),
    ):
        done = run(*arguments)
        assert done.returncode == 4
        assert said in done.stderr
        assert "Traceback" not in done.stdout + done.stderr


def test_without_the_option_it_costs_nothing(tmp_path: Path) -> None:
    """If pytest does not grade, the plugin loads neither numpy nor any room of the grader."""
    code = (
        "import sys, pytest; "
        "pytest.main(['-q', '-p', 'grader.pytest_plugin', '--collect-only']); "
        "heavy = {'numpy', 'grader', 'msgspec'}; "
        "print([name for name in sys.modules if name.split('.')[0] in heavy])"
    )
    # Other plugins (pytest-randomly seeds numpy) load what they like.
    clean = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "['grader', 'grader.pytest_plugin']"


def test_it_is_an_entry_point() -> None:
    """An installed grader is found by pytest without `-p`."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "--grader-submission=FILE" in done.stdout
