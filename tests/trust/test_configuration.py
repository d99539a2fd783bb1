"""`grader trust` writes whom the user trusts, and only the user's own word is believed."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
NOBODY = 65534
FILE = Path(".config", "exercise-grader", "config.toml")

Grader = Callable[..., Any]


def refusal(done: Any) -> str:
    """Return the line with which a command refused a configuration."""
    lines: list[str] = done.stderr.splitlines()
    assert done.returncode == 2, done.stderr + done.stdout
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture
def trusting(grader: Grader, home: Path) -> Path:
    """Return the configuration of a user who has trusted this checkout."""
    assert grader("trust", SOLUTIONS).returncode == 0
    return home / FILE


@pytest.fixture
def evil(student: Any) -> Path:
    """Return solutions of a student, with a public half beside them."""
    student.put_exercise(student.folder)
    student.put_solutions(student.folder)
    return Path(student.folder / "solutions")


def test_trust_says_what_it_trusts_and_where_it_wrote_it(
    grader: Grader, student: Any, home: Path
) -> None:
    """After `grader trust DIR`, `grade` needs no option, and `trust` and `doctor` show DIR."""
    assert "hidden half: none" in grader("trust").stdout
    said = grader("trust", "solutions", cwd=ROOT).stdout
    assert f"hidden half: {SOLUTIONS}" in said
    assert (
        f"with its public half in {ROOT / 'exercises' / 'convolution'}" in said
    )
    assert f"wrote {home / FILE}" in said
    done = grader("grade", student.submission, "--format", "json")
    assert json.loads(done.stdout)["score"] == 0
    for command in ("trust", "doctor"):
        assert (
            f"hidden half: {SOLUTIONS} ({home / FILE})"
            in grader(command).stdout
        )
    assert (home / FILE).stat().st_mode & 0o077 == 0
    assert (home / FILE).parent.stat().st_mode & 0o022 == 0


def test_trust_of_another_folder_replaces_the_first(
    grader: Grader, trusting: Path, tmp_path: Path
) -> None:
    """One folder is trusted at a time; a variable that counts before it is named."""
    other = tmp_path / 'course with spaces and "quotes" and \\'
    for half in ("exercises", "solutions"):
        shutil.copytree(ROOT / half, other / half)
    said = grader(
        "trust", other / "solutions", GRADER_SOLUTIONS=str(SOLUTIONS)
    ).stdout
    assert "GRADER_SOLUTIONS is set, and counts before" in said
    assert (
        f"hidden half: {other / 'solutions'} ({trusting})"
        in grader("trust").stdout
    )


def test_the_folder_of_one_exercise_can_be_trusted(grader: Grader) -> None:
    """`grader trust solutions/NAME` works as `--solutions solutions/NAME` does."""
    said = grader("trust", SOLUTIONS / "convolution")
    assert said.returncode == 0, said.stderr
    done = grader("grade", SOLUTIONS / "convolution" / "samples" / "right.py")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "folder", ["missing", "empty", "without a public half", "a file"]
)
def test_trust_refuses_what_cannot_be_graded_with(
    grader: Grader, tmp_path: Path, home: Path, folder: str
) -> None:
    """Nothing is written for a folder that holds no exercise of which both halves are there."""
    path = tmp_path / "named"
    if folder == "empty":
        path.mkdir()
    elif folder == "without a public half":
        shutil.copytree(SOLUTIONS, path)
    elif folder == "a file":
        path.write_text("x")
    refusal(grader("trust", path))
    assert not (home / FILE).exists()


@pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "HOME"])
@pytest.mark.parametrize("value", [".", "", "config", "./config"])
def test_a_configuration_in_the_working_folder_is_not_read(
    grader: Grader, student: Any, evil: Path, variable: str, value: str
) -> None:
    """A home or a folder for settings that is relative names nothing."""
    work = student.submission.parent
    text = f'[trust]\nsolutions = "{evil}"\n'
    for place in (work, work / "config"):
        for file in (place / FILE, place / "exercise-grader" / "config.toml"):
            file.parent.mkdir(parents=True)
            file.write_text(text, "utf-8")
    done = grader("grade", "convolve.py", cwd=work, **{variable: value})
    assert "The hidden tests are not here" in refusal(done)
    assert not student.canary.exists()


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666, 0o777])
def test_a_configuration_that_others_may_write_is_refused(
    grader: Grader, student: Any, trusting: Path, mode: int
) -> None:
    """Nobody else may be able to choose whose code is run, by the file or by its folder."""
    trusting.chmod(mode)
    assert f"chmod go-w {trusting}" in refusal(
        grader("grade", student.submission)
    )
    trusting.chmod(0o600)
    trusting.parent.chmod(0o700 | mode)
    line = refusal(grader("grade", student.submission))
    assert f"chmod go-w {trusting.parent}" in line
    # What is named otherwise does not depend on it.
    done = grader("grade", student.submission, "--solutions", SOLUTIONS)
    assert done.returncode == 0


def test_a_configuration_of_another_user_is_refused(
    grader: Grader, student: Any, evil: Path, trusting: Path
) -> None:
    """A file or a folder that belongs to somebody else does not speak for the user."""
    if os.geteuid() == 0:
        os.chown(trusting, NOBODY, NOBODY)
        assert "belongs to another user" in refusal(
            grader("grade", student.submission)
        )
        os.chown(trusting, 0, 0)
        os.chown(trusting.parent, NOBODY, NOBODY)
        assert "belongs to another user" in refusal(
            grader("grade", student.submission)
        )
        refusal(grader("trust", SOLUTIONS))
    else:
        # Somebody else's file that exists everywhere: a link to it is not the user's word.
        trusting.unlink()
        trusting.symlink_to("/proc/1/status")
        assert "belongs to another user" in refusal(
            grader("grade", student.submission)
        )
    assert evil.is_dir()
    assert not student.canary.exists()


BROKEN: dict[str, str | bytes] = {
    "not TOML": "solutions = ",
    "no table": 'solutions = "/x"',
    "another key": '[trust]\nsolution = "/x"',
    "another type": "[trust]\nsolutions = 3",
    "a relative path": '[trust]\nsolutions = "solutions"',
    "a folder that is gone": '[trust]\nsolutions = "/nonexistent/solutions"',
    "empty": "",
    "not UTF-8": b"\xff\xfe",
    "deep": "x = " + "[" * 50_000,
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_configuration_is_a_line_and_not_ignored(
    grader: Grader, student: Any, trusting: Path, fault: str
) -> None:
    """A user who trusted something must learn that it does not count, and why."""
    text = BROKEN[fault]
    trusting.write_bytes(text if isinstance(text, bytes) else text.encode())
    work = student.submission.parent
    student.put_exercise(work)
    student.put_solutions(work)
    done = grader("grade", "convolve.py", cwd=work)
    assert str(trusting) in done.stderr
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not student.canary.exists()


def test_a_pipe_as_configuration_does_not_hang(
    grader: Grader, student: Any, trusting: Path
) -> None:
    """A configuration is a regular file, and opening it never waits."""
    trusting.unlink()
    os.mkfifo(trusting)
    assert "not a regular file" in refusal(grader("grade", student.submission))
