"""Whatever a path holds, one line says what is wrong, and nothing blocks."""

import os
import socket
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.model import Exercise
from grader.submission import read_submission


def test_a_file_is_read_with_its_name_and_digest(
    tmp_path: Path, exercise: Exercise
) -> None:
    """The digest covers the bytes: one more comment makes another submission."""
    path = tmp_path / "anna.py"
    path.write_text("def convolve(image, kernel): return image")
    first = read_submission(path, exercise)
    assert (first.name, first.kind, first.fault) == ("anna.py", "python", None)
    assert first.digest.startswith("sha256:")
    path.write_text("def convolve(image, kernel): return image#")
    assert read_submission(path, exercise).digest != first.digest


@pytest.mark.parametrize(
    "name", ["missing.py", "x" * 5000 + ".py", "a\0b.py", "file.py/inside.py"]
)
def test_a_path_that_does_not_exist_is_wrong_usage(
    tmp_path: Path, exercise: Exercise, name: str
) -> None:
    """A path that does not exist is the caller's mistake, not the student's."""
    (tmp_path / "file.py").write_text("x = 1")
    with pytest.raises(UsageError, match="no such file"):
        read_submission(tmp_path / name, exercise)


def test_a_folder_is_wrong_usage(tmp_path: Path, exercise: Exercise) -> None:
    """A folder is a batch and not a submission."""
    with pytest.raises(UsageError, match="is a folder"):
        read_submission(tmp_path, exercise)


def test_a_fifo_is_not_waited_for(tmp_path: Path, exercise: Exercise) -> None:
    """A FIFO without a writer, which would block, is a file that cannot be read."""
    os.mkfifo(tmp_path / "pipe.py")
    fault = read_submission(tmp_path / "pipe.py", exercise).fault
    assert fault is not None
    assert fault.message == "The file cannot be read: it is not a regular file."


def test_devices_and_sockets_are_not_read(
    tmp_path: Path, exercise: Exercise
) -> None:
    """A link to /dev/zero, which never ends, and a socket are not opened."""
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.py"))
        for name in ("zero.py", "socket.py"):
            fault = read_submission(tmp_path / name, exercise).fault
            assert fault is not None
            assert "not a regular file" in fault.message


def test_a_circle_of_links_ends(tmp_path: Path, exercise: Exercise) -> None:
    """Two links to each other are a file that cannot be read."""
    (tmp_path / "a.py").symlink_to(tmp_path / "b.py")
    (tmp_path / "b.py").symlink_to(tmp_path / "a.py")
    fault = read_submission(tmp_path / "a.py", exercise).fault
    assert fault is not None
    assert "symbolic links" in fault.message


def test_a_giant_file_is_not_read_to_its_end(
    tmp_path: Path, exercise: Exercise
) -> None:
    """A sparse terabyte is refused after the first 32 MiB."""
    path = tmp_path / "giant.ipynb"
    with path.open("wb") as file:
        file.truncate(2**40)
    fault = read_submission(path, exercise).fault
    assert fault is not None
    assert "bigger than 32 MiB" in fault.message


def test_a_link_is_not_followed(tmp_path: Path, exercise: Exercise) -> None:
    """A link to the reference solution, handed in with a repository, earns nothing."""
    (tmp_path / "solved.py").write_text(
        "def convolve(image, kernel):\n    return 1\n"
    )
    (tmp_path / "convolve.py").symlink_to(tmp_path / "solved.py")
    submission = read_submission(tmp_path / "convolve.py", exercise)
    assert submission.units == ()
    assert submission.fault is not None
    assert "symbolic links are not followed" in submission.fault.message


def test_ipython_lines_below_much_code_do_not_multiply_its_cost(
    tmp_path: Path, exercise: Exercise
) -> None:
    """A large file gets only a few attempts to parse without its lines of IPython."""
    path = tmp_path / "exported.py"
    magics = "%matplotlib inline\n" * 30
    path.write_text(magics + "def convolve(image, kernel):\n    return 1\n")
    assert read_submission(path, exercise).fault is None
    path.write_text(
        "x = ["
        + "1," * 200_000
        + "]\n"
        + magics
        + "def convolve(image, kernel):\n    return 1\n"
    )
    assert read_submission(path, exercise).fault is not None
