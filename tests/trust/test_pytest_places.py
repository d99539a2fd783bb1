"""`pytest --grader-submission=FILE` takes no configuration and no code from a student's folder."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trust import test_needed_files as needed

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
RIGHT = (SOLUTIONS / "convolution" / "samples" / "right.py").read_text("utf-8")
SETTINGS = {
    "pytest.ini": "[pytest]\naddopts = -k 8x8\n",
    ".pytest.ini": "[pytest]\naddopts = -k 8x8\n",
    "tox.ini": "[pytest]\naddopts = -k 8x8\n",
    "setup.cfg": "[tool:pytest]\naddopts = -k 8x8\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-k 8x8"\n',
}
Done = subprocess.CompletedProcess[str]
Pytest = Callable[..., Done]


@pytest.fixture
def run(environment: dict[str, str], own: Path) -> Pytest:
    """Return a function that runs pytest as an instructor who trusts this checkout."""

    def run_pytest(
        *arguments: str | Path, cwd: Path = own, **more: str
    ) -> Done:
        # Under its own name only: the entry point would register the same module a second time.
        plugin = ["-p", "no:grader", "-p", "grader.pytest_plugin"]
        command = [
            sys.executable,
            "-P",
            "-m",
            "pytest",
            *plugin,
            *map(str, arguments),
        ]
        return subprocess.run(
            command,
            cwd=cwd,
            env={**environment, "GRADER_SOLUTIONS": str(SOLUTIONS), **more},
            capture_output=True,
            text=True,
            check=False,
        )

    return run_pytest


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return the instructor's own folder."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture
def half_right(student: Any) -> Path:
    """Return a submission that is right for one size of four."""
    source = RIGHT + (
        "\n\ndef _right(image, kernel, right=convolve):\n"
        "    return right(image, kernel)\n"
        "\n\ndef convolve(image, kernel):\n"
        "    result = _right(image, kernel)\n"
        "    return result if image.shape == (8, 8) else result * 0\n"
    )
    student.submission.write_text(source, "utf-8")
    return Path(student.submission)


def refused(done: Done, file: Path) -> None:
    """Assert that pytest ended with one line about a file, and ran nothing."""
    text = done.stdout + done.stderr
    assert done.returncode == 4, text
    assert (
        f"{file}: pytest would use this file from near the submission" in text
    )
    assert "--grader-submission=FILE (with =)" in text
    assert "passed" not in text


def graded(done: Done) -> None:
    """Assert that all four cases were run, and one passed."""
    assert "3 failed, 1 passed" in done.stdout, done.stdout + done.stderr


def items(done: Done) -> list[str]:
    """Return the cases that `pytest --collect-only -q` would run."""
    return re.findall(r"(?m)convolve\.py::(\w+)$", done.stdout)


def accepted(run: Pytest, *arguments: str | Path, **more: Any) -> None:
    """Assert that pytest would run all four cases; it does not grade, which takes longer."""
    done = run(*arguments, "--collect-only", "-q", **more)
    assert len(items(done)) == 4, done.stdout + done.stderr


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("above", [False, True])
def test_settings_beside_the_submission_are_not_read(
    run: Pytest, student: Any, half_right: Path, name: str, above: bool
) -> None:
    """With =, pytest stays in the instructor's folder: a student's `-k 8x8` selects nothing."""
    where = student.folder if above else half_right.parent
    (where / name).write_text(SETTINGS[name], "utf-8")
    accepted(run, f"--grader-submission=../student/work/{half_right.name}")


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("above", [False, True])
def test_settings_that_two_words_bring_into_force_are_refused(
    run: Pytest, student: Any, half_right: Path, name: str, above: bool
) -> None:
    """Without =, pytest takes the file for a path of tests; the plugin notices and refuses."""
    where = student.folder if above else half_right.parent
    (where / name).write_text(SETTINGS[name], "utf-8")
    refused(run("--grader-submission", half_right), where / name)
    addopts = f"--grader-submission {half_right}"
    refused(run(PYTEST_ADDOPTS=addopts), where / name)


def test_two_words_without_a_configuration_are_graded(
    run: Pytest, half_right: Path
) -> None:
    """Where there is nothing to take, both spellings mean the same."""
    accepted(run, "--grader-submission", half_right)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("where", ["work", ".", "work/below"])
def test_settings_of_the_folder_that_one_stands_in_are_refused(
    run: Pytest, student: Any, half_right: Path, name: str, where: str
) -> None:
    """Who stands in the student's folder does not grade by the student's settings."""
    place = student.folder / where
    place.mkdir(exist_ok=True)
    file = (place / name).resolve()
    file.write_text(SETTINGS[name], "utf-8")
    refused(run(f"--grader-submission={half_right}", cwd=place), file)


def test_a_file_without_settings_is_harmless(
    run: Pytest, student: Any, half_right: Path
) -> None:
    """A pyproject.toml for other tools, or an empty section, chooses nothing and is accepted."""
    (half_right.parent / "pyproject.toml").write_text(
        '[project]\nname = "mine"\n'
    )
    accepted(
        run, f"--grader-submission={half_right.name}", cwd=half_right.parent
    )
    (half_right.parent / "pytest.ini").write_text("# mine\n\n[pytest]\n")
    accepted(
        run, f"--grader-submission={half_right.name}", cwd=half_right.parent
    )
    assert student.folder.is_dir()


DISGUISED = {
    "pytest.ini": "[pytest]#]\naddopts = -k 8x8\n",
    "tox.ini": "[tox]\n[pytest]\naddopts=-k\n  8x8\n",
    "setup.cfg": "[DEFAULT]\naddopts = -k 8x8\n[tool:pytest]\naddopts = -k 8x8\n",
    "pyproject.toml": 'tool = {pytest = {ini_options = {addopts = "-k 8x8"}}}\n',
    "pytest.toml": '[pytest]\naddopts = ["-k", "8x8"]\n',
}


@pytest.mark.parametrize("name", DISGUISED)
def test_settings_in_disguise_select_nothing(
    run: Pytest, half_right: Path, name: str
) -> None:
    """However a file is written, pytest either ignores it or is refused."""
    (half_right.parent / name).write_text(DISGUISED[name], "utf-8")
    submit = f"--grader-submission={half_right.name}"
    done = run(submit, "--collect-only", "-q", cwd=half_right.parent)
    assert "deselected" not in done.stdout
    if done.returncode != 4:
        accepted(run, submit, cwd=half_right.parent)


@pytest.mark.parametrize(
    "place", ["work", ".", "work/below", "work/tests", "tests", "test_mine"]
)
def test_a_conftest_of_the_student_is_never_run(
    run: Pytest, student: Any, half_right: Path, place: str
) -> None:
    """Wherever it lies and wherever one stands, it is refused before it is executed."""
    folder = student.folder / place
    folder.mkdir(exist_ok=True)
    conftest = (folder / "conftest.py").resolve()
    conftest.write_text(student.trap, "utf-8")
    (folder / "test_own.py").write_text(student.trap, "utf-8")
    accepted(run, f"--grader-submission={half_right}")
    accepted(run, "--grader-submission", half_right)
    for cwd in (folder, folder.parent, half_right.parent, student.folder):
        done = run(
            f"--grader-submission={half_right}", "--collect-only", "-q", cwd=cwd
        )
        if done.returncode == 4:
            refused(done, conftest)
        else:
            assert len(items(done)) == 4, done.stdout + done.stderr
    refused(run(f"--grader-submission={half_right}", cwd=folder), conftest)
    refused(run(f"--grader-submission={half_right}", folder), conftest)
    assert not student.canary.exists()


def test_a_conftest_that_two_words_bring_into_force_is_not_run(
    run: Pytest, student: Any, half_right: Path
) -> None:
    """With the student's folder as root, its conftest.py is still not run."""
    (student.folder / "pytest.ini").write_text(
        "[pytest]\ntestpaths = work\n", "utf-8"
    )
    (half_right.parent / "conftest.py").write_text(student.trap, "utf-8")
    refused(
        run("--grader-submission", half_right), student.folder / "pytest.ini"
    )
    refused(
        run(f"--grader-submission={half_right}", cwd=student.folder),
        student.folder / "pytest.ini",
    )
    assert not student.canary.exists()


def test_a_configuration_cannot_name_itself(
    run: Pytest, student: Any, half_right: Path
) -> None:
    """-c, --rootdir and the like in the student's addopts do not make it the user's own."""
    file = half_right.parent / "pytest.ini"
    for addopts in (
        "-c pytest.ini",
        "--rootdir=.",
        f"--rootdir={half_right.parent}",
        "--config-file=pytest.ini",
        "--confcutdir=.",
        "--noconftest",
        f"--grader-solutions={student.folder / 'solutions'}",
        f"--grader-submission={SOLUTIONS / 'convolution' / 'samples' / 'right.py'}",
        "--grader-exercise=other",
    ):
        file.write_text(f"[pytest]\naddopts = {addopts}\n", "utf-8")
        refused(
            run(
                f"--grader-submission={half_right.name}", cwd=half_right.parent
            ),
            file,
        )
    student.put_exercise(student.folder)
    student.put_solutions(student.folder)
    refused(
        run(f"--grader-submission={half_right.name}", cwd=half_right.parent),
        file,
    )
    assert not student.canary.exists()


def test_what_the_user_names_is_theirs(
    run: Pytest, student: Any, half_right: Path, own: Path
) -> None:
    """-c and --rootdir on the command line or in PYTEST_ADDOPTS are accepted, near or not."""
    (half_right.parent / "pytest.ini").write_text(
        "[pytest]\naddopts = -k 8x8\n"
    )
    (own / "own.ini").write_text("[pytest]\n")
    submit = f"--grader-submission={half_right.name}"
    for named in (
        ["-c", own / "own.ini"],
        [f"--config-file={own / 'own.ini'}"],
        [f"-c{own / 'own.ini'}", f"--rootdir={own}"],
    ):
        accepted(run, submit, *named, cwd=half_right.parent)
    accepted(
        run,
        submit,
        cwd=half_right.parent,
        PYTEST_ADDOPTS=f"-c {own / 'own.ini'}",
    )
    for named in (["-c", "pytest.ini"], ["--rootdir=."]):
        done = run(submit, *named, cwd=half_right.parent)
        assert "1 passed, 3 deselected" in done.stdout, (
            done.stdout + done.stderr
        )
    (half_right.parent / "conftest.py").write_text(student.trap, "utf-8")
    done = run(submit, "-c", own / "own.ini", cwd=half_right.parent)
    refused(done, half_right.parent / "conftest.py")
    accepted(
        run,
        submit,
        "-c",
        own / "own.ini",
        "--noconftest",
        cwd=half_right.parent,
    )
    assert not student.canary.exists()


def test_the_configuration_of_the_course_is_the_users(
    run: Pytest, tmp_path: Path, half_right: Path
) -> None:
    """Beside the trusted solutions/, settings and conftest.py are in force for what lies below."""
    course = tmp_path / "course"
    below = course / "handed-in" / "ada"
    below.mkdir(parents=True)
    for half in ("exercises", "solutions"):
        shutil.copytree(
            ROOT / half / "convolution", course / half / "convolution"
        )
    (course / "pytest.ini").write_text("[pytest]\naddopts = -rA\n")
    (course / "conftest.py").write_text("print('the course was asked')\n")
    submission = below / "convolve.py"
    submission.write_bytes(half_right.read_bytes())
    trusting = {"GRADER_SOLUTIONS": str(course / "solutions")}
    done = run(
        "--grader-submission=handed-in/ada/convolve.py",
        "-s",
        cwd=course,
        **trusting,
    )
    graded(done)
    assert "the course was asked" in done.stdout
    (below / "pytest.ini").write_text("[pytest]\naddopts = -k 8x8\n")
    done = run(
        "--grader-submission",
        "handed-in/ada/convolve.py",
        cwd=course,
        **trusting,
    )
    refused(done, below / "pytest.ini")
    # Not beside what is trusted, it might be a student's as well.
    done = run("--grader-submission=handed-in/ada/convolve.py", cwd=course)
    refused(done, course / "pytest.ini")


def test_links_hide_nothing(
    run: Pytest, student: Any, half_right: Path
) -> None:
    """A link to the student's folder, or from it to the submission, is seen through."""
    (half_right.parent / "pytest.ini").write_text(
        "[pytest]\naddopts = -k 8x8\n"
    )
    link = student.folder.parent / "link"
    link.symlink_to(half_right.parent)
    done = run("--grader-submission", link / "convolve.py")
    assert done.returncode == 4
    assert "pytest would use this file from near the submission" in done.stderr
    done = run("--grader-submission=convolve.py", cwd=link)
    assert done.returncode == 4
    elsewhere = student.folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "convolve.py").symlink_to(half_right)
    for arguments in (
        [f"--grader-submission={elsewhere / 'convolve.py'}"],
        ["--grader-submission=../../elsewhere/convolve.py"],
    ):
        done = run(*arguments, cwd=half_right.parent)
        assert done.returncode == 4
        assert "near the submission" in done.stderr
    accepted(run, f"--grader-submission={link / 'convolve.py'}")


def test_modules_in_the_working_folder_are_not_imported(
    run: Pytest, environment: dict[str, str], student: Any, half_right: Path
) -> None:
    """`python -m pytest` in the student's folder does not import their msgspec.py or grader.py."""
    work = half_right.parent
    for name in (
        "msgspec",
        "iniconfig_",
        "nbformat",
        "grader_",
        "tomllib_",
        "numpy",
    ):
        (work / f"{name}.py").write_text(student.trap, "utf-8")
    plugin = [
        "-p",
        "no:grader",
        "-p",
        "grader.pytest_plugin",
        "-p",
        "no:randomly",
    ]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *plugin,
            "--grader-submission=convolve.py",
        ],
        cwd=work,
        env={**environment, "GRADER_SOLUTIONS": str(SOLUTIONS)},
        capture_output=True,
        text=True,
        check=False,
    )
    graded(done)
    assert not student.canary.exists()
    assert run("--version").returncode == 0


@pytest.mark.parametrize(
    "options", ["--submission", "--exercise", "--solutions"]
)
def test_a_course_may_have_options_of_the_old_names(
    run: Pytest, own: Path, half_right: Path, options: str
) -> None:
    """A conftest.py that defines --submission and the like works beside the plugin."""
    (own / "conftest.py").write_text(
        "def pytest_addoption(parser):\n"
        f"    parser.addoption({options!r}, default='theirs', help='of the course')\n"
    )
    (own / "test_own.py").write_text(
        "def test_own(request):\n"
        f"    assert request.config.getoption({options!r}) == 'mine'\n"
    )
    done = run(
        f"--grader-submission={half_right}", f"{options}=mine", "test_own.py"
    )
    assert "3 failed, 2 passed" in done.stdout, done.stdout + done.stderr
    done = run(f"{options}=mine")
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_several_processes_obey_the_same_rules(
    run: Pytest, own: Path, half_right: Path
) -> None:
    """With pytest-xdist, what was accepted or refused once holds for every process."""
    (half_right.parent / "pytest.ini").write_text(
        "[pytest]\naddopts = -k 8x8\n"
    )
    (own / "own.ini").write_text("[pytest]\n")
    submit = f"--grader-submission={half_right.name}"
    workers = ["-p", "xdist", "-n", "2"]
    refused(
        run(submit, *workers, cwd=half_right.parent),
        half_right.parent / "pytest.ini",
    )
    done = run(submit, *workers, "-c", own / "own.ini", cwd=half_right.parent)
    assert re.search(r"3 failed, 1 passed", done.stdout), (
        done.stdout + done.stderr
    )


def test_another_hidden_half_beside_the_submission_is_not_used(
    run: Pytest, student: Any, half_right: Path
) -> None:
    """Neither half of the student counts, and without trust nothing is graded."""
    work = half_right.parent
    student.put_exercise(work)
    student.put_solutions(work)
    accepted(run, f"--grader-submission={half_right.name}", cwd=work)
    done = run(
        f"--grader-submission={half_right}", cwd=work, GRADER_SOLUTIONS=""
    )
    assert done.returncode == 4
    assert "The hidden tests are not here" in done.stderr
    assert not student.canary.exists()


SWAPPED = (
    needed.link_to_another,
    needed.link_to_a_device,
    needed.link_in_a_circle,
    needed.pipe,
    needed.a_socket,
)


@pytest.mark.parametrize("swap", SWAPPED)
def test_what_takes_the_place_of_a_submission_fails_every_test(
    run: Pytest, student: Any, swap: Callable[[Path], None]
) -> None:
    """A link to the right solution earns nothing here either, and a pipe is not waited for."""
    student.submission.write_text(RIGHT, "utf-8")
    swap(student.submission)
    done = run(
        f"--grader-submission={student.submission}",
        "--grader-exercise=convolution",
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "4 failed" in done.stdout
    assert "The file cannot be read" in done.stdout
