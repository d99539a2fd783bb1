"""Reading the files of an exercise: how big they may be, and what makes up a digest."""

import errno
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import ExerciseError
from grader.exercise.files import (
    add_new,
    digest_folder,
    label,
    read_data,
    read_text,
    reason,
)
from grader.exercise.given_files import file_digests, file_faults, read_given

MIB = 2**20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder `adding`."""
    made = tmp_path / "adding"
    made.mkdir()
    return made


def sparse(path: Path, size: int) -> Path:
    """Make a file of zeros that takes no place."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def refusal(found: Callable[[], object]) -> str:
    """Return the line with which something is refused."""
    with pytest.raises(ExerciseError) as caught:
        found()
    (fault,) = caught.value.faults
    return fault


# ---- Text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\nb\n", "a\nb\n"),
        (b"a\r\nb\rc\n\r", "a\nb\nc\n\n"),
        (b"\xef\xbb\xbfa", "a"),
        ("ü€".encode(), "ü€"),
        (b"", ""),
    ],
)
def test_text_is_read_alike_from_every_system(
    folder: Path, data: bytes, text: str
) -> None:
    """Line ends and a byte order mark are what an editor made of them."""
    (folder / "a.txt").write_bytes(data)
    faults: list[str] = []
    assert read_text(folder / "a.txt", faults) == text
    assert faults == []


def test_text_has_at_most_4_mib_and_toml_1(folder: Path) -> None:
    """The line says how much there may be."""
    faults: list[str] = []
    path = folder / "a.toml"
    assert len(read_text(sparse(path, 4 * MIB), faults)) == 4 * MIB
    assert faults == []
    assert read_text(sparse(path, 4 * MIB + 1), faults) == ""
    assert faults == ["adding/a.toml: is bigger than 4 MiB"]
    path.write_bytes(b"\n" * MIB)
    assert read_data(path) == ({}, [])
    path.write_bytes(b"\n" * (MIB + 1))
    assert read_data(path) == ({}, ["adding/a.toml: is bigger than 1 MiB"])


def test_what_is_no_text_is_a_line(folder: Path) -> None:
    """A folder, a file in place of one, nothing at all, another encoding, a name too long."""
    faults: list[str] = []
    (folder / "a.txt").write_bytes(b"\xff")
    for path in (
        folder,
        folder / "a.txt" / "b",
        folder / "none",
        folder / "a.txt",
        folder / ("x" * 5000),
    ):
        assert read_text(path, faults) == ""
    there_is_none = "there is no such file"
    but = ", but a folder, a pipe or a device"
    *known, last = faults
    assert known == [
        f"{folder.parent.name}/adding: {there_is_none}{but}",
        f"a.txt/b: {there_is_none}",
        f"adding/none: {there_is_none}",
        "adding/a.txt: is not UTF-8",
    ]
    assert last.startswith(f"adding/{'x' * 5000}: cannot be read (")
    assert last.endswith(")")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_is_no_file(folder: Path) -> None:
    """Nobody waits for what might be written into it."""
    os.mkfifo(folder / "pipe")
    faults: list[str] = []
    assert read_text(folder / "pipe", faults) == ""
    assert faults == [
        "adding/pipe: there is no such file, but a folder, a pipe or a device"
    ]
    before = digest_folder(folder)
    (folder / "pipe").unlink()
    assert digest_folder(folder) == before


def test_a_key_is_told_once(folder: Path) -> None:
    """Of the wrong type and so out of range, item 2 of a list and the list: the first counts."""
    faults = ["adding/a.toml: points: expected a number", "no key in it"]
    more = [
        "points: must be above 0",
        "point: is empty",
        "case: 'a' is there 2 times",
    ]
    add_new(folder / "a.toml", more, faults)
    assert faults[2:] == [f"adding/a.toml: {each}" for each in more[1:]]
    faults = ["adding/a.toml: case 2: expected a table"]
    add_new(folder / "a.toml", [more[2], "case 'x' 1: no"], faults)
    assert faults[1:] == ["adding/a.toml: case 'x' 1: no"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("a\n  b"), "a b"),
        (ValueError(), "ValueError"),
        (OSError(errno.ENOENT, "No such file", "/a/b"), "No such file"),
        (OSError("as it is"), "as it is"),
    ],
)
def test_a_reason_is_one_line(error: Exception, said: str) -> None:
    """The system's word without the path, which the line begins with already."""
    assert reason(error) == said


# ---- Digests


def test_a_digest_is_made_of_names_and_contents(folder: Path) -> None:
    """Written down here: what is recorded stays true in later versions."""
    (folder / "b.txt").write_bytes(b"two")
    (folder / "a").mkdir()
    (folder / "a" / "z.txt").write_bytes(b"")
    (folder / "c.txt").write_bytes(b"x" * (MIB + 1))
    text = b""
    for name, content in (
        ("a/z.txt", b""),
        ("b.txt", b"two"),
        ("c.txt", b"x" * (MIB + 1)),
    ):
        text += bytes([0] * 7 + [len(name)]) + name.encode()
        text += hashlib.sha256(content).digest()
    assert digest_folder(folder) == f"sha256:{hashlib.sha256(text).hexdigest()}"
    for name in (".hidden", "__pycache__", "a/.x", "a/__pycache__"):
        (folder / name).mkdir()
        (folder / name / "d.txt").write_bytes(b"d")
    for name in ("hints.npz", "validated.toml", "a/hints.npz", "a/.DS_Store"):
        (folder / name).write_bytes(b"d")
    assert digest_folder(folder) == f"sha256:{hashlib.sha256(text).hexdigest()}"
    text = text.partition(b"a/z.txt")[2][32:]
    assert (
        digest_folder(folder, deep=False)
        == f"sha256:{hashlib.sha256(text).hexdigest()}"
    )


def test_links_are_read_and_those_to_folders_are_not(folder: Path) -> None:
    """One that leads above the folder would never end."""
    (folder / "b.txt").write_bytes(b"two")
    (folder.parent / "outside").write_bytes(b"two")
    before = digest_folder(folder)
    (folder / "up").symlink_to(folder.parent)
    assert digest_folder(folder) == before
    (folder / "b.txt").unlink()
    (folder / "b.txt").symlink_to(folder.parent / "outside")
    assert digest_folder(folder) == before


def test_an_exercise_has_at_most_256_mib(folder: Path) -> None:
    """All its files together; the line names the one that is too much."""
    sparse(folder / "a.bin", 128 * MIB)
    sparse(folder / "b.bin", 128 * MIB)
    assert digest_folder(folder)
    sparse(folder / "c.bin", 1)
    assert refusal(lambda: digest_folder(folder)) == (
        "adding/c.bin: the exercise has more than 256 MiB with this file; move what does not "
        "belong to it out of its folder"
    )


def test_an_exercise_has_at_most_10000_files(folder: Path) -> None:
    """Folders count too, and those that make no part of the digest."""
    place = folder / ".git"
    place.mkdir()
    for number in range(9_999):
        (place / str(number)).touch()
    assert digest_folder(folder)
    (folder / "a.txt").touch()
    assert refusal(lambda: digest_folder(folder)) == (
        "adding: has more than 10,000 files; move what does not belong to the exercise out of "
        "its folder"
    )


def test_a_folder_that_cannot_be_read_is_a_line(folder: Path) -> None:
    """Its name and the system's word."""
    line = refusal(lambda: digest_folder(folder / "none"))
    assert line == f"adding/none: cannot be read ({os.strerror(errno.ENOENT)})"


def test_a_file_is_known_by_its_folder() -> None:
    """As its author calls it."""
    assert label(Path("/a/b/convolution/cases.toml")) == (
        "convolution/cases.toml"
    )


# ---- Files that are given


def given_faults(folder: Path, *files: str) -> list[str]:
    """Return what is wrong with files that an exercise gives."""
    at = "adding/exercise.toml: files: "
    found = list(file_faults(folder / "exercise.toml", files))
    assert all(each.startswith(at) for each in found)
    return [each.removeprefix(at) for each in found]


def test_what_is_given_is_a_file_of_the_folder(folder: Path) -> None:
    """No link, no folder, and a name that every system can have."""
    for name in ("a", "a b+c-d.e", "_x.csv", "a" * 100, "ü.txt"):
        (folder / name).touch()
        assert given_faults(folder, name) == []
    (folder / ("a" * 101)).touch()
    (folder / "link").symlink_to(folder / "a")
    (folder / "gone").symlink_to(folder / "nowhere")
    (folder / "sub").mkdir()
    assert given_faults(folder, "a" * 101, "link", "gone", "sub", "sub/a") == [
        f"{'a' * 101!r} is not the name of a file beside exercise.toml",
        "link is a link; put the file itself there",
        "gone is a link; put the file itself there",
        "sub is not a file; put one there",
        "'sub/a' is not the name of a file beside exercise.toml",
    ]


def test_what_is_given_has_at_most_4_mib(folder: Path) -> None:
    """All files together."""
    sparse(folder / "a", 3 * MIB)
    sparse(folder / "b", MIB)
    sparse(folder / "c", 1)
    assert given_faults(folder, "a", "b") == []
    assert given_faults(folder, "a", "b", "c") == [
        "have 4,194,305 bytes together; 4,194,304 is the most"
    ]
    assert len(read_given(folder, "a")) == 3 * MIB
    sparse(folder / "a", 4 * MIB + 1)
    assert len(read_given(folder, "a")) == 4 * MIB


def test_what_cannot_be_read_has_no_digest(folder: Path) -> None:
    """It is a fault already; the others have theirs."""
    (folder / "a").write_bytes(b"one")
    (folder / "b").write_bytes(b"two")
    assert file_digests(folder, ("a", "none", "x\0y", "b")) == {
        "a": hashlib.sha256(b"one").hexdigest(),
        "b": hashlib.sha256(b"two").hexdigest(),
    }
