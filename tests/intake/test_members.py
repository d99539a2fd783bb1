"""What tar and zip files say about their members, byte by byte, and how much they may hold."""

import io
import struct
import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from grader.intake.archives import (
    UNLIMITED,
    ArchiveError,
    Budget,
    DamagedError,
    Member,
    Wanted,
    legible,
    moment,
    parts_of,
    path_fault,
    size_fault,
    unpack,
)
from grader.opening import FILE_CAP

BLOCK = 512
END = bytes(2 * BLOCK)
TEXT = b"x = 1\n"


def budget(members: int = 99, read: int = 1 << 20) -> Budget:
    """Return a budget of which only the given parts are small."""
    return Budget(members=members, files=99, read=read, written=1 << 20)


def header(
    name: bytes = b"a.py",
    size: bytes = b"00000000006\0",
    kind: bytes = b"0",
    *,
    when: bytes = b"00000000000\0",
    magic: bytes = b"ustar\0",
    prefix: bytes = b"",
    signed: bool = False,
) -> bytes:
    """Return the header of a member, with its checksum."""
    head = b"".join(
        (
            name.ljust(100, b"\0"),
            b"0000644\0" * 3,
            size,
            when,
            b" " * 8,
            kind,
            bytes(100),
            magic + b"00",
            bytes(80),
            prefix.ljust(155, b"\0"),
        )
    ).ljust(BLOCK, b"\0")
    total = sum(memoryview(head).cast("b")) if signed else sum(head)
    return head[:148] + b"%06o\0 " % total + head[156:]


def padded(data: bytes) -> bytes:
    """Return data with zeros up to the next block."""
    return data + bytes(-len(data) % BLOCK)


def size_of(data: bytes) -> bytes:
    """Return the field of a header for the size of some data."""
    return b"%011o\0" % len(data)


def pax(**records: bytes) -> bytes:
    """Return a header with pax records, which say something of the next member."""
    text = b""
    for key, value in records.items():
        line = b" " + key.replace("__", ".").encode() + b"=" + value + b"\n"
        length = len(line) + 2
        length += len(str(length)) - 2
        text += str(len(line) + len(str(length))).encode() + line
    return header(kind=b"x", size=size_of(text)) + padded(text)


def tar_of(
    *pieces: bytes, into: Path, most: int = 1 << 20, spent: Budget | None = None
) -> list[tuple[str, object]]:
    """Return what a tar holds: path, and its text or the reason why it is left out."""
    return _told(b"".join(pieces), "a.tar", into, most, spent)


def _told(
    data: bytes, name: str, into: Path, most: int, spent: Budget | None
) -> list[tuple[str, object]]:
    members = unpack(
        io.BytesIO(data), name, into, lambda _: most, spent or budget()
    )
    return [("/".join(each.parts), _content(each)) for each in members]


def _content(member: Member) -> object:
    if member.place is not None:
        return member.place.read_bytes()
    return "a folder" if member.folder else member.reason


def _up_to(most: int) -> Wanted:
    return lambda _: most


MEMBER = header() + padded(TEXT)
FOUND = ("a.py", TEXT)


def test_members_of_every_form_are_read(tmp_path: Path) -> None:
    """Old and new headers, sizes in digits and in binary, names in two parts."""
    for piece, path in (
        (MEMBER, "a.py"),
        (header(kind=b"\0") + padded(TEXT), "a.py"),
        (header(kind=b"7") + padded(TEXT), "a.py"),
        (header(size=b"          6 ") + padded(TEXT), "a.py"),
        (header(size=b"6\0\0\0\0\0\0\0\0\0\0\0") + padded(TEXT), "a.py"),
        (header(size=b"\x80" + bytes(10) + b"\6") + padded(TEXT), "a.py"),
        (header(prefix=b"x/y") + padded(TEXT), "x/y/a.py"),
        (header(prefix=b"x", magic=b"ustar ") + padded(TEXT), "a.py"),
        (header(b"\xff\xfe.py", signed=True) + padded(TEXT), "??.py"),
        (header(b"n" * 100) + padded(TEXT), "n" * 100),
        (header(b".\\x/../a.py".replace(b"..", b".")) + padded(TEXT), "x/a.py"),
    ):
        assert tar_of(piece, END, into=tmp_path) == [(path, TEXT)]
    assert tar_of(MEMBER, MEMBER, END, into=tmp_path) == [FOUND, FOUND]
    assert tar_of(header(size=b"\0" * 12), MEMBER, END, into=tmp_path) == [
        ("a.py", b""),
        FOUND,
    ]


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"4", b"6"])
def test_a_link_or_a_device_is_no_file(tmp_path: Path, kind: bytes) -> None:
    """A size in its header means nothing: what follows is the next member."""
    found = tar_of(header(kind=kind), MEMBER, END, into=tmp_path)
    assert found == [("a.py", "a link or a device, not a file"), FOUND]


def test_folders_are_told(tmp_path: Path) -> None:
    """By their kind, and in old headers by a slash at the end of the name."""
    for piece in (
        header(b"x", kind=b"5"),
        header(b"x/", b"0" * 11 + b"\0", b"\0"),
    ):
        assert tar_of(piece, MEMBER, END, into=tmp_path) == [
            ("x", "a folder"),
            FOUND,
        ]
    assert tar_of(header(b"x/") + padded(TEXT), END, into=tmp_path) == [
        ("x", TEXT)
    ]


def test_headers_before_a_member_say_more_about_it(tmp_path: Path) -> None:
    """A long name, a path, a size; they hold for that member alone."""
    long = b"l" * 200 + b".py"
    name = header(kind=b"L", size=size_of(long + b"\0")) + padded(long + b"\0")
    link = header(kind=b"K", size=size_of(long)) + padded(long)
    for more in (
        name,
        link + name,
        pax(path=long),
        pax(comment=b"x", path=long),
    ):
        assert tar_of(more, MEMBER, MEMBER, END, into=tmp_path) == [
            (long.decode(), TEXT),
            FOUND,
        ]
    empty = header(size=b"0" * 11 + b"\0")
    for kind in (b"x", b"X"):
        sized = pax(size=b"6").replace(
            header(kind=b"x", size=size_of(b"9 size=6\n")),
            header(kind=kind, size=size_of(b"9 size=6\n")),
        )
        found = tar_of(sized, empty, padded(TEXT), MEMBER, END, into=tmp_path)
        assert found == [FOUND, FOUND]
    everyone = header(kind=b"g", size=size_of(b"x")) + padded(b"x")
    assert tar_of(everyone, MEMBER, END, into=tmp_path) == [FOUND]


@pytest.mark.parametrize(
    ("pieces", "fault"),
    [
        ((MEMBER,), "ends too early"),
        ((MEMBER[:-1],), "ends too early"),
        ((MEMBER, END[:100]), "ends too early"),
        ((b"x" + MEMBER[1:], END), "a header"),
        ((header(size=b"x" * 12), END), "a number in a header"),
        ((header(size=b"00000000009\0"), END), "a number in a header"),
        *(
            (
                (
                    header(kind=b"x", size=size_of(text)) + padded(text),
                    MEMBER,
                    END,
                ),
                "a pax record",
            )
            for text in (
                b"x",
                b"9 size=6",
                b"99 size=6\n",
                b"7 size=6\n",
                b"6 siz\n",
                b"9 size=x\n",
                b"30 size=" + b"1" * 21 + b"\n",
            )
        ),
    ],
)
def test_a_damaged_tar_is_said_to_be(
    tmp_path: Path, pieces: tuple[bytes, ...], fault: str
) -> None:
    """So that another copy is asked for."""
    with pytest.raises(
        DamagedError, match=r"^the archive is damaged \("
    ) as error:
        tar_of(*pieces, into=tmp_path)
    assert fault in str(error.value)


def test_what_a_tar_must_not_hold_is_refused(tmp_path: Path) -> None:
    """Sparse files, and headers without an end; a megabyte of attributes is not one."""
    sparse = "the archive holds a sparse file, which may be of any size"
    for piece in (
        header(kind=b"S"),
        pax(GNU__sparse=b"1"),
        pax(SUN__holesdata=b"1"),
    ):
        with pytest.raises(ArchiveError, match=sparse):
            tar_of(piece, MEMBER, END, into=tmp_path)
    text = b"1048576 a=" + b"x" * ((1 << 20) - 11) + b"\n"
    assert len(text) == 1 << 20
    long = header(kind=b"x", size=size_of(text)) + text
    assert tar_of(
        long, MEMBER, END, into=tmp_path, spent=budget(read=3 << 20)
    ) == [FOUND]
    with pytest.raises(ArchiveError, match="a header that is too long"):
        tar_of(
            header(kind=b"x", size=b"%011o\0" % ((1 << 20) + 1)), into=tmp_path
        )


def test_a_member_that_is_not_wanted_is_skipped(tmp_path: Path) -> None:
    """What is larger than it may be is, too; what follows is read."""
    for most in (0, 5):
        found = tar_of(MEMBER, MEMBER, END, into=tmp_path, most=most)
        assert found == [("a.py", None)] * 2
    assert tar_of(MEMBER, END, into=tmp_path, most=6) == [FOUND]
    huge = header(size=b"%011o\0" % (FILE_CAP + 1))
    with pytest.raises(DamagedError):
        tar_of(huge, into=tmp_path, most=FILE_CAP)


def test_when_a_member_was_changed_is_told(tmp_path: Path) -> None:
    """It is in the time zone of this machine; a field that is not a number gives no time."""
    noon = 1_795_348_800
    for when, wanted in (
        (b"%011o\0" % noon, datetime.fromtimestamp(noon).isoformat()),  # noqa: DTZ006 - as above
        (b"x" * 12, ""),
    ):
        data = header(when=when) + padded(TEXT) + END
        for most in (9, 0):
            (found,) = unpack(
                io.BytesIO(data),
                "a.tar",
                tmp_path,
                _up_to(most),
                budget(),
            )
            assert found.modified == wanted
    assert moment(1e30) == ""


# ------------------------------------------------------------------------------------- budgets


@pytest.mark.parametrize(
    ("spend", "said"),
    [
        (Budget.count_member, "the archive holds too many files"),
        (Budget.count_file, "the archive holds too many .py and .ipynb files"),
        (
            lambda spent: spent.count_read(1),
            "the archive unpacks to more than is allowed",
        ),
        (
            lambda spent: spent.count_written(1),
            "the archive unpacks to more than is allowed",
        ),
    ],
)
def test_a_budget_ends_after_its_last_piece(
    spend: Callable[[Budget], None], said: str
) -> None:
    """Two of each are allowed here, and the third is refused."""
    spent = Budget(members=2, files=2, read=2, written=2)
    spend(spent)
    spend(spent)
    with pytest.raises(ArchiveError, match=f"^{said}$"):
        spend(spent)


def test_a_budget_looks_at_the_processor_time_and_asks_whether_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three seconds for what one student packed; none for a download."""
    now = 10.0
    monkeypatch.setattr(time, "thread_time", lambda: now)
    asked: list[int] = []
    student = Budget.handed_in(lambda: asked.append(1))
    download = Budget.download(lambda: asked.append(2))
    now = 13.0
    student.count_member()
    student.count_read(1)
    now = 13.1
    for spend in (student.count_member, lambda: student.count_read(1)):
        with pytest.raises(
            ArchiveError, match=r"^the archive takes too long to unpack$"
        ):
            spend()
    download.count_member()
    assert asked == [1, 1, 1, 1, 2]


def test_a_student_may_pack_less_than_a_class() -> None:
    """Twenty thousand members, a thousand files, 256 MB read and 48 MB written."""
    one, class_ = Budget.handed_in(), Budget.download()
    assert one.longest_list == 160 * 20_000 + 65_536
    assert class_.longest_list == 160 * 500_000 + 65_536
    one.count_read(256 << 20)
    one.count_written(48 << 20)
    class_.count_read(16 << 30)
    class_.count_written(16 << 30)
    for _ in range(1000):
        one.count_file()
    more: list[Callable[[], None]] = [
        lambda: one.count_read(1),
        lambda: one.count_written(1),
        one.count_file,
        lambda: class_.count_read(1),
        lambda: class_.count_written(1),
    ]
    for spend in more:
        with pytest.raises(ArchiveError):
            spend()


# --------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize(
    ("name", "parts", "fault"),
    [
        ("a/b.py", ("a", "b.py"), None),
        ("./a//b.py", ("a", "b.py"), None),
        ("a\\b.py", ("a", "b.py"), None),
        ("a\0b", ("a_b",), None),
        ("./", ("unnamed",), None),
        ("", ("unnamed",), None),
        ("/a", ("/", "a"), "its path leads out of the archive"),
        ("a/../b", ("a", "..", "b"), "its path leads out of the archive"),
        ("\udcff", ("?",), None),
        ("a/" * 63 + "b", ("a",) * 63 + ("b",), None),
        ("a/" * 64 + "b", ("a",) * 64 + ("b",), "its path is too deep"),
        ("a" * 4096, ("a" * 4096,), None),
        ("a" * 4097, ("a" * 4097,), "its path is too deep"),
        ("a" * 5000, ("a" * 4097,), "its path is too deep"),
    ],
)
def test_a_path_is_split_and_stays_inside(
    name: str, parts: tuple[str, ...], fault: str | None
) -> None:
    """Windows writes backslashes; nothing leads out, and nothing is too deep."""
    assert parts_of(name) == parts
    assert path_fault(name, parts) == fault
    assert legible("\udcff.py") == "?.py"


def test_only_what_could_be_a_submission_is_called_too_large() -> None:
    """Of a text that may hold code, and of what is not wanted, nobody says so."""
    assert size_fault(FILE_CAP, FILE_CAP) is None
    assert size_fault(FILE_CAP + 1, FILE_CAP) == "larger than 32 MB"
    assert size_fault(FILE_CAP, FILE_CAP - 1) is None
    assert size_fault(FILE_CAP + 1, UNLIMITED) is None


# ----------------------------------------------------------------------------------------- zip


def zip_of(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    """Return a zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry, data in entries:
            archive.writestr(entry, data)
    return buffer.getvalue()


def zipped_info(name: str, **more: int) -> zipfile.ZipInfo:
    """Return what a zip says about a member."""
    info = zipfile.ZipInfo(name, (2026, 11, 22, 12, 5, 8))
    for key, value in more.items():
        setattr(info, key, value)
    return info


def test_members_of_a_zip_are_read(tmp_path: Path) -> None:
    """Of two with one name the later counts; folders are told; links and devices are no files."""
    data = zip_of(
        ("a.py", b"old"),
        ("x/", b""),
        (zipped_info("link.py", external_attr=0o120777 << 16), b"a"),
        (zipped_info("file.py", external_attr=0o100644 << 16), TEXT),
        ("../b.py", TEXT),
    )
    with pytest.warns(UserWarning, match="Duplicate"):
        both = zip_of(("a.py", b"old"), ("a.py", TEXT))
    assert _told(data, "a.zip", tmp_path, 99, None) == [
        ("x", "a folder"),
        ("a.py", b"old"),
        ("link.py", "a link or a device, not a file"),
        ("file.py", TEXT),
        ("../b.py", "its path leads out of the archive"),
    ]
    assert _told(both, "A.ZIP", tmp_path, 99, None) == [FOUND]
    for most, content in ((5, None), (6, TEXT), (0, None)):
        (found,) = _told(both, "a.zip", tmp_path, most, None)
        assert found == ("a.py", content)


def test_a_zip_says_when_a_member_was_changed(tmp_path: Path) -> None:
    """It has no zone; a month 0, as some programs write it, is no time."""
    data = zip_of((zipped_info("a.py"), TEXT))
    odd = data.replace(
        struct.pack("<H", (46 << 9) | (11 << 5) | 22),
        struct.pack("<H", 46 << 9),
    )
    for text, when in ((data, "2026-11-22T12:05:08"), (odd, "")):
        for most in (9, 5):
            (found,) = unpack(
                io.BytesIO(text),
                "a.zip",
                tmp_path,
                _up_to(most),
                budget(),
            )
            assert found.modified == when


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((b"\x01\x00", 6), "encrypted"),
        ((b"\x0e\x00", 8), "packed with a compression that is not read"),
    ],
)
def test_what_cannot_be_unpacked_is_told(
    tmp_path: Path, change: tuple[bytes, int], said: str
) -> None:
    """Members with a password, and with LZMA, which would take gigabytes."""
    field, at = change
    data = bytearray(zip_of(("a.py", TEXT)))
    central = data.index(b"PK\1\2")
    data[at : at + 2] = field
    data[central + at + 2 : central + at + 4] = field
    assert _told(bytes(data), "a.zip", tmp_path, 99, None) == [("a.py", said)]


def test_a_damaged_member_is_told_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    """Its checksum tells; where the list is damaged, nothing is read."""
    data = zip_of(("a.py", TEXT), ("b.py", b"y = 1\n"))
    broken = data.replace(TEXT, b"x = 2\n", 1)
    members = list(
        unpack(io.BytesIO(broken), "a.zip", tmp_path, lambda _: 99, budget())
    )
    assert [(each.reason, each.damaged) for each in members] == [
        ("damaged in the archive", True),
        (None, False),
    ]
    with pytest.raises(DamagedError, match=r"damaged \(its list of files\)"):
        _told(data[:-30], "a.zip", tmp_path, 99, None)
    with pytest.raises(
        ArchiveError, match=r"^the archive holds too many files$"
    ):
        _told(data, "a.zip", tmp_path, 99, budget(members=1))


def test_names_of_a_zip_are_read_as_they_were_meant(tmp_path: Path) -> None:
    """UTF-8 without its flag, too; other bytes are code page 437."""
    for raw, name in (("é".encode(), "é"), (b"\x82", "é")):
        data = (
            zip_of(("__" if len(raw) == 2 else "_", b""))
            .replace(b"__", raw)
            .replace(b"_", raw)
        )
        assert _told(data, "a.zip", tmp_path, 99, None)[0][0] == name
    flagged = zip_of(("ä.py", TEXT))
    assert _told(flagged, "a.zip", tmp_path, 99, None) == [("ä.py", TEXT)]
