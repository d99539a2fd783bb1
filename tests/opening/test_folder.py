"""A file is opened once: whatever takes its place is refused, and nothing waits."""

import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from grader.opening import (
    FILE_CAP,
    Folder,
    Kind,
    UnreadableError,
    Way,
    read_named,
)

SECRET = b"the reference solution"
WAY = ("eve", "hw", "convolve.py")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Make a class folder with one file in it, and a secret beside it."""
    file = tmp_path.joinpath("class", *WAY)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x = 1")
    (tmp_path / "solutions" / "hw").mkdir(parents=True)
    (tmp_path / "solutions" / "hw" / "convolve.py").write_bytes(SECRET)
    return tmp_path


def link_the_file(place: Path) -> None:
    """Replace the file by a link to the secret."""
    file = place.joinpath("class", *WAY)
    file.unlink()
    file.symlink_to(place / "solutions" / "hw" / "convolve.py")


def link_within(place: Path) -> None:
    """Replace the file by a link to a neighbour's."""
    (place / "class" / "bob.py").write_bytes(SECRET)
    file = place.joinpath("class", *WAY)
    file.unlink()
    file.symlink_to("../../bob.py")


def link_its_folder(place: Path) -> None:
    """Replace the folder of the file by a link to that of the secret."""
    (place / "class" / "eve" / "hw").rename(place / "away")
    (place / "class" / "eve" / "hw").symlink_to(place / "solutions" / "hw")


def link_an_outer_folder(place: Path) -> None:
    """Replace the student's folder by a link."""
    (place / "class" / "eve").rename(place / "away")
    (place / "class" / "eve").symlink_to(place / "solutions")


def replace_the_class(place: Path) -> None:
    """Put another folder under the name of the one that was given."""
    (place / "class").rename(place / "away")
    (place / "solutions").rename(place / "class")


def replace_the_class_by_a_link(place: Path) -> None:
    """Put a link under the name of the folder that was given."""
    (place / "class").rename(place / "away")
    (place / "class").symlink_to(place / "solutions")


def make_a_pipe(place: Path) -> None:
    """Replace the file by a pipe, which blocks whoever opens it."""
    file = place.joinpath("class", *WAY)
    file.unlink()
    os.mkfifo(file)


def make_a_pipe_of_its_folder(place: Path) -> None:
    """Replace the folder of the file by a pipe."""
    (place / "class" / "eve" / "hw").rename(place / "away")
    os.mkfifo(place / "class" / "eve" / "hw")


def make_a_socket(place: Path) -> None:
    """Replace the file by a socket."""
    # The path of a socket may be short only.
    with (
        tempfile.TemporaryDirectory() as short,
        socket.socket(socket.AF_UNIX) as made,
    ):
        made.bind(f"{short}/socket")
        Path(short, "socket").replace(place.joinpath("class", *WAY))


def make_a_folder(place: Path) -> None:
    """Replace the file by a folder."""
    file = place.joinpath("class", *WAY)
    file.unlink()
    file.mkdir()


def delete_the_file(place: Path) -> None:
    """Delete the file."""
    place.joinpath("class", *WAY).unlink()


def delete_its_folder(place: Path) -> None:
    """Delete the folder of the file."""
    delete_the_file(place)
    (place / "class" / "eve" / "hw").rmdir()


def let_it_grow(place: Path) -> None:
    """Make the file larger than any submission may be."""
    with place.joinpath("class", *WAY).open("r+b") as file:
        file.truncate(FILE_CAP + 1)


SWAPS: tuple[tuple[Callable[[Path], None], str], ...] = (
    (link_the_file, "it is a link"),
    (link_within, "it is a link"),
    (link_its_folder, "a link is on the way to it"),
    (link_an_outer_folder, "a link is on the way to it"),
    (replace_the_class, "another folder has taken the place"),
    (replace_the_class_by_a_link, "another folder has taken the place"),
    (make_a_pipe, "it is not a regular file"),
    (make_a_pipe_of_its_folder, "a folder on the way to it is gone"),
    (make_a_socket, "it is not a regular file"),
    (make_a_folder, "it is not a regular file"),
    (delete_the_file, "it is gone"),
    (delete_its_folder, "it is gone"),
    (let_it_grow, "it is bigger than 32 MiB"),
)


@pytest.mark.parametrize(
    ("swap", "reason"), SWAPS, ids=[swap.__name__ for swap, _ in SWAPS]
)
def test_what_takes_a_files_place_is_refused(
    place: Path, swap: Callable[[Path], None], reason: str
) -> None:
    """Its owner may do anything between finding and reading; nothing is read or waited for."""
    folder = Folder(place / "class")
    assert folder.read(WAY) == b"x = 1"
    swap(place)
    with pytest.raises(UnreadableError, match=reason):
        folder.read(WAY)


@pytest.mark.parametrize(
    "way",
    [
        ("..", "solutions", "hw", "convolve.py"),
        ("eve", "..", "..", "solutions", "hw", "convolve.py"),
        ("eve/../../solutions/hw/convolve.py",),
        ("/etc/passwd",),
        ("",),
        (".",),
        ("eve", "a\0b.py"),
        ("x" * 5000,),
    ],
)
def test_no_way_leads_out(place: Path, way: Way) -> None:
    """The parts of a way are names of entries, never paths."""
    with pytest.raises(UnreadableError):
        Folder(place / "class").read(way)


def test_a_folder_is_listed_by_what_is_there(place: Path) -> None:
    """Links, pipes and devices are told apart without being opened."""
    folder = place / "class"
    (folder / "a link").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.py")
    (folder / "x.py").write_bytes(b"1234")
    found = {entry.name: entry for entry in Folder(folder).entries((), 10)}
    assert {name: entry.kind for name, entry in found.items()} == {
        "a link": Kind.LINK,
        "eve": Kind.FOLDER,
        "pipe.py": Kind.OTHER,
        "x.py": Kind.FILE,
    }
    assert found["x.py"].size == 4


def test_a_crowded_folder_is_not_listed(place: Path) -> None:
    """Listing ends once there is more than was asked for."""
    with pytest.raises(UnreadableError, match="more than 0 files"):
        Folder(place / "class").entries((), 0)


def test_a_large_file_is_read_piece_by_piece(place: Path) -> None:
    """A file of many pieces comes back as it is, to the last byte that is allowed."""
    data = os.urandom(3_500_000)
    (place / "class" / "big.py").write_bytes(data)
    folder = Folder(place / "class")
    assert folder.read(("big.py",)) == data
    assert folder.read(("big.py",), len(data)) == data
    assert folder.beginning(("big.py",), 1000) == data[:1000]
    with pytest.raises(UnreadableError, match="bigger"):
        folder.read(("big.py",), len(data) - 1)
    with folder.open(("big.py",)) as stream:
        stream.seek(-10, os.SEEK_END)
        assert stream.read() == data[-10:]


def test_a_file_that_was_named_may_lie_behind_a_link(place: Path) -> None:
    """The way to it is the user's own choice, unlike what the file is."""
    (place / "here").symlink_to(place / "class" / "eve" / "hw")
    assert read_named(place / "here" / "convolve.py") == b"x = 1"
    link_the_file(place)
    with pytest.raises(UnreadableError, match="it is a link"):
        read_named(place / "here" / "convolve.py")


def test_no_descriptor_is_left_open(place: Path) -> None:
    """Reading, refusing and listing close what they open."""
    folder = Folder(place / "class")
    before = psutil.Process().num_fds()
    for swap in (None, make_a_pipe, link_its_folder):
        if swap is not None:
            swap(place)
        for _ in range(20):
            try:
                folder.read(WAY)
            except UnreadableError:
                folder.entries((), 10)
    assert psutil.Process().num_fds() <= before


def test_several_files_are_read_in_order(place: Path) -> None:
    """Short and long ones, and reasons in the place of those that are not read."""
    contents = {f"{n}.py": os.urandom(n * 9000) for n in range(12)}
    for name, data in contents.items():
        (place / "class" / name).write_bytes(data)
    (place / "class" / "3.py").unlink()
    (place / "class" / "4.py").unlink()
    (place / "class" / "4.py").symlink_to("5.py")
    found = list(
        Folder(place / "class").read_several([(name,) for name in contents])
    )
    assert str(found[3]) == "it is gone"
    assert str(found[4]).startswith("it is a link")
    for number, data in enumerate(contents.values()):
        if number not in {3, 4}:
            assert found[number] == data
