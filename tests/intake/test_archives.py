"""Archives as platforms and honest students make them, and what is damaged by chance."""

import gzip
import io
import struct
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.intake.archives import ArchiveError, Budget, Member, unpack
from grader.intake.collect import Collection
from tests.batch.conftest import zipped

Found = Callable[..., Collection]


def unpacked(data: bytes, name: str, into: Path) -> list[Member]:
    """Return what an archive holds, with its .py files in `into`."""
    budget = Budget(members=100, files=100, read=1 << 20, written=1 << 20)
    stream = io.BytesIO(data)
    return list(
        unpack(
            stream, name, into, lambda parts: parts[-1].endswith(".py"), budget
        )
    )


def tarred(members: Iterable[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """Return a tar.gz of these members."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def graded(collection: Collection) -> list[str]:
    """Return the names of those who have handed in something to grade."""
    return [item.name for item in collection.items if item.fault is None]


def names(collection: Collection) -> list[str]:
    """Return the names of what is graded."""
    return [item.name for item in collection.items]


def test_a_zip_is_read_like_its_folder(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A folder around everything, and what macOS adds, change no student's name."""
    data = zipped(
        {
            "class/ada/convolve.py": lab.RIGHT,
            "class/bob/convolve.py": lab.FLIPPED,
            "__MACOSX/class/ada/._convolve.py": "x",
            "class/notes.txt": "x",
        }
    )
    lab.write(tmp_path, {"class.zip": data})
    collection = found(tmp_path / "class.zip")
    assert names(collection) == ["ada", "bob"]
    assert collection.items[0].place.read().decode() == lab.RIGHT
    assert [each.reason for each in collection.skipped] == [
        "added to archives by macOS",
        "a .txt file, not .py or .ipynb",
    ]


def test_a_tar_gz_is_read_like_its_folder(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A link in it is listed and not followed; the rest is graded."""
    link = tarfile.TarInfo("eve/convolve.py")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    data = tarred(
        [(tarfile.TarInfo("ada/convolve.py"), lab.RIGHT.encode()), (link, b"")]
    )
    lab.write(tmp_path, {"class.tar.gz": data})
    collection = found(tmp_path / "class.tar.gz")
    assert names(collection) == ["ada", "eve"]
    assert graded(collection) == ["ada"]
    assert collection.skipped[0].reason == "a link or a device, not a file"


def test_what_students_pack_is_opened(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """In Canvas's download of what students packed, the archive names the student."""
    inner = zipped({"hw/convolve.py": lab.RIGHT, "hw/data.csv": "1"})
    data = zipped(
        {
            "hopper_223456_7891012_hw.zip": inner,
            "lovelace_123456_7891011_convolve.py": lab.RIGHT,
        }
    )
    lab.write(tmp_path, {"submissions.zip": data})
    collection = found(tmp_path / "submissions.zip")
    assert names(collection) == ["hopper", "lovelace"]
    assert {item.file_name for item in collection.items} == {"convolve.py"}


def test_one_archive_per_student(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """In a folder of archives each is one student, called like it; a third level is not opened."""
    deep = zipped(
        {"b.zip": zipped({"c.zip": zipped({"convolve.py": lab.RIGHT})})}
    )
    lab.write(
        tmp_path / "in",
        {
            f"{name}.zip": zipped({"x/convolve.py": lab.RIGHT})
            for name in ("ada", "bob")
        },
    )
    lab.write(tmp_path / "in", {"eve.zip": deep})
    collection = found(tmp_path / "in")
    assert names(collection) == ["ada", "bob", "eve"]
    assert graded(collection) == ["ada", "bob"]
    assert [each.reason for each in collection.skipped] == [
        "an archive inside an archive inside an archive"
    ]


@pytest.mark.parametrize(
    ("stored", "flagged", "shown"),
    [
        ("Zë/convolve.py".encode(), False, "Zë"),
        ("Ze\u0308/convolve.py".encode(), False, "Zë"),
        ("李雷/convolve.py".encode(), False, "李雷"),
        ("Zë/convolve.py".encode(), True, "Zë"),
        ("Zë/convolve.py".encode("cp437"), False, "Zë"),
        ("Ã«/convolve.py".encode(), True, "Ã«"),
    ],
)
def test_names_in_a_zip_are_what_their_writer_meant(
    tmp_path: Path,
    lab: Any,
    found: Found,
    stored: bytes,
    flagged: bool,
    shown: str,
) -> None:
    """UTF-8 with its flag, UTF-8 without (macOS) and code page 437 give the same name."""
    stand_in = "n" * (len(stored) - 3) + ".py"
    packed = zipped({stand_in: lab.RIGHT, "bob/convolve.py": lab.RIGHT})
    data = bytearray(packed.replace(stand_in.encode(), stored))
    for mark, flags, name in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        place = data.index(mark)
        assert data[place + name : place + name + len(stored)] == stored
        data[place + flags : place + flags + 2] = struct.pack(
            "<H", 0x800 if flagged else 0
        )
    lab.write(tmp_path, {"class.zip": bytes(data)})
    assert names(found(tmp_path / "class.zip")) == sorted([shown, "bob"])


@pytest.mark.parametrize(
    "name",
    ["../../evil.py", "/x/evil.py", "a/../../evil.py", "..\\..\\evil.py"],
)
def test_a_member_cannot_leave(
    tmp_path: Path, lab: Any, found: Found, name: str
) -> None:
    """A path that leads out is refused, and nothing is written under it."""
    lab.write(
        tmp_path / "in",
        {"class.zip": zipped({name: lab.RIGHT, "ada.py": lab.RIGHT})},
    )
    collection = found(tmp_path / "in" / "class.zip")
    assert names(collection) == ["ada.py"]
    assert collection.skipped[0].reason == "its path leads out of the archive"
    assert not list(tmp_path.rglob("evil.py"))


def test_an_encrypted_member_is_listed(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Nobody knows its password: it is listed, and the others are graded."""
    data = bytearray(zipped({"ada.py": lab.RIGHT, "bob.py": lab.RIGHT}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + offset
        data[place : place + 2] = struct.pack("<H", 1)
    lab.write(tmp_path, {"class.zip": bytes(data)})
    collection = found(tmp_path / "class.zip")
    assert names(collection) == ["ada.py", "bob.py"]
    assert graded(collection) == ["bob.py"]
    assert collection.skipped[0].reason == "encrypted"


def test_a_damaged_archive_is_one_line(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A cut download is wrong usage; in a folder it is listed, and the others are graded."""
    cut = zipped({"ada.py": lab.RIGHT * 50})[:-30]
    lab.write(tmp_path, {"in/class.zip": cut, "in/bob.py": lab.RIGHT})
    with pytest.raises(UsageError, match=r"class\.zip: [^\n]+\Z"):
        found(tmp_path / "in" / "class.zip")
    collection = found(tmp_path / "in")
    assert names(collection) == ["bob.py", "class"]
    assert graded(collection) == ["bob.py"]
    assert collection.skipped[0].reason.startswith("the archive is damaged")


def tar_of_two() -> bytes:
    """Return a small tar.gz."""
    names_ = ("a.py", "b.py")
    return tarred([(tarfile.TarInfo(name), b"x = 1") for name in names_])


WHOLE = {
    "a.zip": zipped({"a.py": "x = 1", "b/c.ipynb": "{}"}),
    "a.tar.gz": tar_of_two(),
    "a.tar": gzip.decompress(tar_of_two()),
}


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.binary(max_size=600),
    st.sampled_from(sorted(WHOLE)),
    st.integers(0, 400),
    st.booleans(),
)
def test_no_archive_stops_the_batch(
    tmp_path: Path, noise: bytes, name: str, place: int, whole: bool
) -> None:
    """Whatever the bytes are, reading them ends with members or with one ArchiveError."""
    base = WHOLE[name]
    data = noise if whole else base[:place] + noise[:8] + base[place + 8 :]
    try:
        members = unpacked(data, name, tmp_path / "to")
    except ArchiveError:
        return
    for member in members:
        assert member.place is None or member.place.parent == tmp_path / "to"


def test_a_path_too_deep_is_listed_and_stops_nothing(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A thousand folders in each other cost that file only, in an archive and on disk."""
    lab.write(
        tmp_path / "in",
        {
            "ada.py": lab.RIGHT,
            "bob.zip": zipped({"a/" * 1500 + "convolve.py": lab.RIGHT}),
        },
    )
    folder = tmp_path / "in" / Path(*["d"] * 70)
    folder.mkdir(parents=True)
    (folder / "convolve.py").write_text(lab.RIGHT)
    collection = found(tmp_path / "in")
    assert names(collection) == ["ada.py", "bob"]
    assert graded(collection) == ["ada.py"]
    assert [skipped.reason for skipped in collection.skipped] == [
        "its path is too deep"
    ] * 2


def test_a_name_in_a_tar_that_is_not_text_is_made_text(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A name in Latin-1 can be sent, written and shown like any other."""
    info = tarfile.TarInfo("l\udcf6sung.py")
    (tmp_path / "class.tar.gz").write_bytes(
        tarred([(info, lab.RIGHT.encode())])
    )
    collection = found(tmp_path / "class.tar.gz")
    assert names(collection) == ["l_sung.py"]
    assert collection.items[0].file_name.encode() == b"l?sung.py"
