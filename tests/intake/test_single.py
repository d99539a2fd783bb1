"""One upload, as a platform hands it over: which file the student means."""

import os
from pathlib import Path
from typing import Any

import pytest

from grader.intake.single import MOST_FILES, NoSubmissionError, one_submission
from grader.model import Exercise
from tests.batch.conftest import FLIPPED, RIGHT, notebook, write

HELPER = "def helper():\n    return 1\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"hw1_final(2).py": RIGHT}, "hw1_final(2).py"),
        ({"a/convolve.py": RIGHT, "helper.py": FLIPPED}, "convolve.py"),
        ({"CONVOLVE.PY": RIGHT, "helper.py": FLIPPED}, "CONVOLVE.PY"),
        ({"mine.py": RIGHT, "helper.py": HELPER}, "mine.py"),
        ({"mine.ipynb": notebook(RIGHT), "test_it.py": HELPER}, "mine.ipynb"),
        (
            {"mine.py": RIGHT, "setup.py": FLIPPED, "__init__.py": FLIPPED},
            "mine.py",
        ),
        (
            {"mine.py": RIGHT, ".git/x.py": FLIPPED, "__MACOSX/._y.py": "\0"},
            "mine.py",
        ),
    ],
)
def test_the_file_that_the_student_means_is_found(
    tmp_path: Path, exercise: Exercise, files: dict[str, Any], expected: str
) -> None:
    """By its name, as the only file, or as the only one that defines the function."""
    write(tmp_path, files)
    upload = one_submission(tmp_path, exercise)
    assert upload.name == expected
    assert b"image[i:i + p, j:j + q]" in upload.data


def test_the_untouched_stub_counts_where_nothing_else_does(
    tmp_path: Path, exercise: Exercise
) -> None:
    """A template holds a stub and a notebook: the one that the student worked in is graded."""
    write(tmp_path, {"convolve.py": exercise.stub})
    assert one_submission(tmp_path, exercise).name == "convolve.py"
    write(tmp_path, {"homework.ipynb": notebook(RIGHT)})
    assert one_submission(tmp_path, exercise).name == "homework.ipynb"


def test_two_likely_files_are_refused_by_name(
    tmp_path: Path, exercise: Exercise
) -> None:
    """Guessing between two solutions would grade the wrong one half of the time."""
    write(tmp_path, {"a.py": RIGHT, "b.py": FLIPPED})
    with pytest.raises(
        NoSubmissionError, match=r"2 files \(a\.py, b\.py\) and no way to tell"
    ):
        one_submission(tmp_path, exercise)


def test_an_upload_without_a_submission_says_what_to_hand_in(
    tmp_path: Path, exercise: Exercise
) -> None:
    """Neither a text file, a link, a pipe nor a folder called convolve.py is a submission."""
    write(tmp_path, {"up/notes.txt": "x", "secret.py": RIGHT})
    (tmp_path / "up" / "link.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "up" / "convolve.py").mkdir()
    os.mkfifo(tmp_path / "up" / "pipe.py")
    with pytest.raises(
        NoSubmissionError, match=r"Hand in one file called convolve\.py"
    ):
        one_submission(tmp_path / "up", exercise)


def test_a_crowded_upload_is_refused(
    tmp_path: Path, exercise: Exercise
) -> None:
    """Looking through an environment that was handed in by mistake ends early."""
    write(tmp_path, {"convolve.py": RIGHT})
    (tmp_path / "lib").mkdir()
    for number in range(MOST_FILES - 2):
        (tmp_path / "lib" / f"{number}.txt").touch()
    assert one_submission(tmp_path, exercise).name == "convolve.py"
    (tmp_path / "one more.txt").touch()
    with pytest.raises(NoSubmissionError, match="more than 2000 files"):
        one_submission(tmp_path, exercise)


def test_a_file_that_cannot_be_read_safely_is_one_line(
    tmp_path: Path, exercise: Exercise
) -> None:
    """A link, a pipe, a giant and a missing file: each line names the file and the fix."""
    write(tmp_path, {"secret.py": RIGHT})
    (tmp_path / "link.py").symlink_to("secret.py")
    os.mkfifo(tmp_path / "pipe.py")
    with (tmp_path / "giant.py").open("wb") as file:
        file.truncate(100 << 20)
    for name, said in (
        ("link.py", "cannot be read: it is a link"),
        ("pipe.py", "cannot be read: it is not a regular file"),
        ("giant.py", "cannot be read: it is bigger than 32 MiB"),
        ("missing.py", "cannot be read: it is gone"),
    ):
        with pytest.raises(NoSubmissionError) as error:
            one_submission(tmp_path / name, exercise)
        assert str(error.value).startswith(name)
        assert said in str(error.value)
