"""Archives: what an LMS exports, and what a student could make of one."""

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
from grader.intake import archives
from grader.intake.archives import ArchiveError, Budget, unpack
from grader.intake.collect import Collection
from tests.batch.conftest import zipped

Found = Callable[..., Collection]


def tarred(members: Iterable[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """Make a tar.gz of these members."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def names(collection: Collection) -> list[str]:
    """List the names of what is graded."""
    return [item.name for item in collection.items]


def test_a_zip_is_read_like_its_folder(tmp_path: Path, lab: Any, found: Found) -> None:
    """A download as a platform makes it, with a folder around it and macOS's additions, names the same students."""
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
    assert Path(collection.items[0].place).read_text() == lab.RIGHT
    assert [each.reason for each in collection.skipped] == [
        "what macOS adds to an archive",
        "a .txt file, not .py or .ipynb",
    ]


def test_a_tar_gz_is_read_like_its_folder(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Links and devices in it are listed, not followed; the rest is graded."""
    link = tarfile.TarInfo("eve/convolve.py")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    data = tarred(
        [(tarfile.TarInfo("ada/convolve.py"), lab.RIGHT.encode()), (link, b"")]
    )
    lab.write(tmp_path, {"class.tar.gz": data})
    collection = found(tmp_path / "class.tar.gz")
    assert names(collection) == ["ada"]
    assert collection.skipped[0].reason == "a link or a device, not a file"


def test_what_students_pack_is_opened(tmp_path: Path, lab: Any, found: Found) -> None:
    """Canvas's download of what students packed: the student is named by the archive."""
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


def test_one_archive_per_student(tmp_path: Path, lab: Any, found: Found) -> None:
    """A folder of archives: each is one student, called as the archive; a third level is not opened."""
    deep = zipped({"b.zip": zipped({"c.zip": zipped({"convolve.py": lab.RIGHT})})})
    lab.write(
        tmp_path / "in",
        {
            f"{name}.zip": zipped({"x/convolve.py": lab.RIGHT})
            for name in ("ada", "bob")
        },
    )
    lab.write(tmp_path / "in", {"eve.zip": deep})
    collection = found(tmp_path / "in")
    assert names(collection) == ["ada", "bob"]
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
    tmp_path: Path, lab: Any, found: Found, stored: bytes, flagged: bool, shown: str
) -> None:
    """UTF-8 with its flag, UTF-8 without (macOS), code page 437: the student has the same name."""
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
    "name", ["../../evil.py", "/tmp/evil.py", "a/../../evil.py", "..\\..\\evil.py"]
)  # noqa: S108 - a name in an archive
def test_a_member_cannot_leave(
    tmp_path: Path, lab: Any, found: Found, name: str
) -> None:
    """A path that leads out is refused and nothing is written under it."""
    lab.write(
        tmp_path / "in", {"class.zip": zipped({name: lab.RIGHT, "ada.py": lab.RIGHT})}
    )
    collection = found(tmp_path / "in" / "class.zip")
    assert names(collection) == ["ada.py"]
    assert collection.skipped[0].reason == "its path leads out of the archive"
    assert not list(tmp_path.rglob("evil.py"))


def test_a_bomb_is_refused(
    tmp_path: Path, lab: Any, found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What unpacks to more than a student may hand in is listed, the others are graded, and little is written."""
    monkeypatch.setattr(
        Budget, "handed_in", classmethod(lambda _: Budget(100, 1 << 20))
    )
    bomb = zipped({f"{n}.py": b"#" * (1 << 18) for n in range(9)})
    tar = tarred([(tarfile.TarInfo(f"{n}.py"), b"#" * (1 << 18)) for n in range(9)])
    crowd = zipped({f"{n}.txt": "" for n in range(101)})
    lab.write(
        tmp_path / "in",
        {"ada.py": lab.RIGHT, "bomb.zip": bomb, "tar.tar.gz": tar, "crowd.zip": crowd},
    )
    collection = found(tmp_path / "in")
    assert names(collection) == ["ada.py"]
    assert {each.path: each.reason for each in collection.skipped} == {
        "bomb.zip": "the archive unpacks to more than is allowed",
        "tar.tar.gz": "the archive unpacks to more than is allowed",
        "crowd.zip": "the archive holds too many files",
    }
    assert (
        sum(
            path.stat().st_size
            for path in (tmp_path / "spool").rglob("*")
            if path.is_file()
        )
        < 3 << 20
    )


def test_a_tar_header_cannot_take_the_memory(tmp_path: Path) -> None:
    """A header that announces gigabytes of text ends the reading before anything of that size is asked for."""
    header = bytearray(tarfile.TarInfo("x").tobuf(tarfile.PAX_FORMAT))
    header[124:136] = b"%011o\0" % (6 << 30)
    header[156:157] = b"x"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(bytes(header) + bytes(1 << 20)))
    with pytest.raises(ArchiveError, match="more than is allowed"):
        list(
            unpack(
                tmp_path / "a.tar.gz",
                tmp_path / "to",
                lambda _: True,
                Budget(10, 1 << 20),
            )
        )


def test_an_encrypted_member_is_listed(tmp_path: Path, lab: Any, found: Found) -> None:
    """No password is known: the member is listed, the others are graded."""
    data = bytearray(zipped({"ada.py": lab.RIGHT, "bob.py": lab.RIGHT}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + offset
        data[place : place + 2] = struct.pack("<H", 1)
    lab.write(tmp_path, {"class.zip": bytes(data)})
    collection = found(tmp_path / "class.zip")
    assert names(collection) == ["bob.py"]
    assert collection.skipped[0].reason == "encrypted"


def test_a_damaged_archive_is_one_line(tmp_path: Path, lab: Any, found: Found) -> None:
    """A cut download is wrong usage; among other submissions it is listed and they are graded."""
    cut = zipped({"ada.py": lab.RIGHT * 50})[:-30]
    lab.write(tmp_path, {"in/class.zip": cut, "in/bob.py": lab.RIGHT})
    with pytest.raises(UsageError, match=r"class\.zip: [^\n]+\Z"):
        found(tmp_path / "in" / "class.zip")
    collection = found(tmp_path / "in")
    assert names(collection) == ["bob.py"]
    assert collection.skipped[0].reason.startswith(
        "the archive is damaged (BadZipFile)"
    )


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.binary(max_size=600),
    st.sampled_from([".zip", ".tar", ".tar.gz"]),
    st.integers(0, 400),
    st.booleans(),
)
def test_no_archive_stops_the_batch(
    tmp_path: Path, noise: bytes, suffix: str, place: int, whole: bool
) -> None:
    """Whatever the bytes are, reading them ends with members or with one ArchiveError."""
    base = zipped({"a.py": "x = 1", "b/c.ipynb": "{}"})
    if suffix != ".zip":
        base = tarred(
            [(tarfile.TarInfo("a.py"), b"x = 1"), (tarfile.TarInfo("b.py"), b"y")]
        )
        base = gzip.decompress(base) if suffix == ".tar" else base
    data = noise if whole else base[:place] + noise[:8] + base[place + 8 :]
    archive = tmp_path / f"fuzz{suffix}"
    archive.write_bytes(data)
    try:
        members = list(
            unpack(
                archive,
                tmp_path / "to",
                lambda name: name.endswith(".py"),
                Budget(100, 1 << 20),
            )
        )
    except ArchiveError:
        return
    assert all(
        member.place is None or member.place.parent == tmp_path / "to"
        for member in members
    )


def test_the_largest_file_is_the_readers_own() -> None:
    """The bound of a member is that of a submission: neither refuses what the other would take."""
    from grader.submission.reading import FILE_CAP

    assert archives.MOST_FILE == FILE_CAP


def test_a_path_too_deep_is_listed_and_stops_nothing(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A student's archive with a thousand folders in each other costs that file alone, in a zip and on disk."""
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
    assert names(collection) == ["ada.py"]
    assert [skipped.reason for skipped in collection.skipped] == [
        "its path is too deep"
    ] * 2


def test_a_name_in_a_tar_that_is_no_text_is_made_one(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Latin-1 in a tar is a submission like any other: its name can be sent, written and shown."""
    info = tarfile.TarInfo("l\udcf6sung.py")
    (tmp_path / "class.tar.gz").write_bytes(tarred([(info, lab.RIGHT.encode())]))
    collection = found(tmp_path / "class.tar.gz")
    assert names(collection) == ["l_sung.py"]
    assert collection.items[0].file_name.encode() == b"l?sung.py"
