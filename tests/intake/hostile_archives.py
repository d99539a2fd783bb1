"""What a student could hand in as an archive to cost time, memory or disk, or to count as many.

`ARCHIVES` maps a name to a file name, a maker of its bytes, and what must become of it: `graded` as
one submission, or the beginning of a reason why it, or something in it, is left out.
"""

import gzip
import io
import itertools
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from tests.batch.conftest import RIGHT, zipped

GRADED = "graded"
TOO_MUCH = "the archive unpacks to more than is allowed"
TOO_MANY = "the archive holds too many"
SPARSE = "the archive holds a sparse file"
DAMAGED = "the archive is damaged"
OVERLAP = (
    TOO_MUCH,
    "damaged in the archive",
    "the archive is damaged (its files overlap)",
)
"""Newer versions of Python notice it by themselves."""
SOURCE = RIGHT.encode()
MB = 1 << 20


class Hostile(NamedTuple):
    """One archive."""

    file_name: str
    make: Callable[[], bytes]
    outcome: str | tuple[str, ...]


# ------------------------------------------------------------------------------------- tar


def header(
    name: str, size: int = 0, type_: bytes = b"0", **fields: bytes
) -> bytes:
    """Return a header with these fields, whatever they say, and a right checksum."""
    block = bytearray(512)
    block[: len(name.encode()[:100])] = name.encode()[:100]
    block[100:108] = b"0000644\0"
    block[124:136] = fields.get("length", b"%011o\0" % size)
    block[156:157] = type_
    block[157 : 157 + len(fields.get("link", b""))] = fields.get("link", b"")
    block[257:265] = fields.get("magic", b"ustar\x0000")
    at = 386
    block[at : at + len(fields.get("sparse", b""))] = fields.get("sparse", b"")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def member(name: str, data: bytes, type_: bytes = b"0") -> bytes:
    """Return a member with its data."""
    return header(name, len(data), type_) + data + bytes(-len(data) % 512)


END = bytes(1024)
MINE = member("hw/convolve.py", SOURCE)


def packed(*blocks: bytes) -> bytes:
    """Return these blocks and the end as .tar.gz."""
    return gzip.compress(b"".join(blocks) + END, 1, mtime=0)


def pax(**records: str) -> bytes:
    """Return a header with pax records about the next member; `__` in a key stands for a dot."""
    text = b""
    for key, value in records.items():
        line = f" {key.replace('__', '.')}={value}\n".encode()
        length = len(line) + 1
        while len(str(length)) + len(line) != length:
            length += 1
        text += f"{length}".encode() + line
    return member("pax", text, b"x")


def old_sparse() -> bytes:
    """Return 470 bytes that become 1.28 GB when they are read: GNU's first sparse format."""
    hole = b"%011o\0%011o\0" % (0, 0)
    sparse = hole * 4 + b"\0" + b"%011o\0" % (1_280_000_000)
    return packed(header("bomb.py", 0, b"S", magic=b"ustar  \0", sparse=sparse))


def sparse_chain() -> bytes:
    """Return a sparse file whose map goes on and on."""
    sparse = bytes(96) + b"\1"
    block = bytes(504) + b"\1" + bytes(7)
    return packed(
        header("bomb.py", 0, b"S", magic=b"ustar  \0", sparse=sparse),
        block * 200_000,
    )


def gzip_with_long_name() -> bytes:
    """Return a .gz whose own header has a file name of 40 MB."""
    body = gzip.compress(MINE + END, mtime=0)
    return (
        body[:3] + b"\x08" + body[4:10] + b"x" * (40 * MB) + b"\0" + body[10:]
    )


def gzip_of_empty_parts() -> bytes:
    """Return a .gz of a million parts with nothing in them."""
    return gzip.compress(b"", mtime=0) * 1_000_000


def tar_of_zeros() -> bytes:
    """Return a .tar.gz with a file of 2 GB, of zeros, as far as anybody may read it."""
    made = zlib.compressobj(1, zlib.DEFLATED, 31)
    blocks = [made.compress(header("big.bin", 2048 * MB))]
    blocks += [made.compress(bytes(MB)) for _ in range(300)]
    return b"".join([*blocks, made.compress(END), made.flush()])


def many(name: str, count: int, data: bytes = b"") -> bytes:
    """Return a .tar.gz of so many members."""
    made = zlib.compressobj(1, zlib.DEFLATED, 31)
    blocks = [made.compress(member(name.format(n), data)) for n in range(count)]
    return b"".join([*blocks, made.compress(END), made.flush()])


def spelt(*names: str) -> dict[str, bytes]:
    """Return wrong solutions under spellings of one path, and a right one under the last."""
    return dict.fromkeys(names[:-1], b"x = 1") | {names[-1]: SOURCE}


SPELLINGS = spelt(
    "./hw/convolve.py", "hw//convolve.py", "hw\\convolve.py", "hw/convolve.py"
)
NESTED_TWICE = spelt("hw.zip/convolve.py", "./hw.zip/convolve.py") | {
    "hw.zip": zipped({"convolve.py": SOURCE})
}
"""A folder that is called like an archive beside it, with the same file in both."""


TARS = {
    "old sparse": Hostile("eve.tar.gz", old_sparse, SPARSE),
    "sparse chain": Hostile("eve.tar.gz", sparse_chain, SPARSE),
    "pax sparse 0.0": Hostile(
        "eve.tar.gz",
        lambda: packed(
            pax(GNU__sparse__size="9999999999", GNU__sparse__numblocks="1"),
            MINE,
        ),
        SPARSE,
    ),
    "pax sparse 0.1": Hostile(
        "eve.tar.gz",
        lambda: packed(
            pax(GNU__sparse__map="0,1", GNU__sparse__size="9999999999"), MINE
        ),
        SPARSE,
    ),
    "pax sparse 1.0": Hostile(
        "eve.tar.gz",
        lambda: packed(
            pax(
                GNU__sparse__major="1",
                GNU__sparse__minor="0",
                GNU__sparse__realsize="9999999999",
            ),
            MINE,
        ),
        SPARSE,
    ),
    "sparse in a global header": Hostile(
        "eve.tar.gz",
        lambda: packed(
            member("g", b"31 GNU.sparse.size=9999999999\n\n", b"g"), MINE
        ),
        GRADED,
    ),
    "two gigabytes of zeros": Hostile("eve.tar.gz", tar_of_zeros, TOO_MUCH),
    "a bomb after the end": Hostile(
        "eve.tar.gz", lambda: packed(MINE) + tar_of_zeros(), TOO_MUCH
    ),
    "a long name of gigabytes": Hostile(
        "eve.tar.gz",
        lambda: packed(header("L", 6 << 30, b"L"), bytes(9 * MB)),
        "the archive has a header that is too long",
    ),
    "pax records of gigabytes": Hostile(
        "eve.tar.gz",
        lambda: packed(header("x", 6 << 30, b"x"), bytes(9 * MB)),
        "the archive has a header that is too long",
    ),
    "a pax record of no length": Hostile(
        "eve.tar.gz",
        lambda: packed(member("x", b"0 path=x\n" * 9, b"x"), MINE),
        DAMAGED,
    ),
    "a pax record that is longer than all": Hostile(
        "eve.tar.gz",
        lambda: packed(member("x", b"999999 path=x\n", b"x"), MINE),
        DAMAGED,
    ),
    "a pax record without a key": Hostile(
        "eve.tar.gz",
        lambda: packed(member("x", b"9" * 90_000, b"x"), MINE),
        DAMAGED,
    ),
    "a pax size beyond all": Hostile(
        "eve.tar.gz",
        lambda: packed(pax(size=str(10**15)), MINE),
        "larger than 32 MB",
    ),
    "a size in binary beyond all": Hostile(
        "eve.tar",
        lambda: header("x.py", length=b"\x80" + b"\xff" * 11) + END,
        "larger than 32 MB",
    ),
    "a negative size": Hostile(
        "eve.tar", lambda: header("x.py", length=b"\xff" * 12) + END, DAMAGED
    ),
    "a size that is text": Hostile(
        "eve.tar", lambda: header("x.py", length=b"0x1000000000") + END, DAMAGED
    ),
    "many members": Hostile(
        "eve.tar.gz", lambda: many("{}.txt", 60_000), TOO_MANY
    ),
    "many folders": Hostile(
        "eve.tar.gz",
        lambda: packed(*(header(f"{n}/", 0, b"5") for n in range(30_000))),
        TOO_MANY,
    ),
    "ten thousand solutions": Hostile(
        "eve.tar.gz", lambda: many("{}.py", 10_000, SOURCE), TOO_MANY
    ),
    "files of 30 MB": Hostile(
        "eve.tar.gz", lambda: many("{}.py", 9, bytes(30 * MB)), TOO_MUCH
    ),
    "a .gz with a name of 40 MB": Hostile(
        "eve.tar.gz", gzip_with_long_name, GRADED
    ),
    "a .gz of a million empty parts": Hostile(
        "eve.tar.gz",
        gzip_of_empty_parts,
        "the archive is packed in too many parts",
    ),
    "a .gz in a .gz": Hostile(
        "eve.tar.gz", lambda: gzip.compress(packed(MINE)), DAMAGED
    ),
    "one path in four spellings, tar": Hostile(
        "eve.tar.gz",
        lambda: packed(*itertools.starmap(member, SPELLINGS.items())),
        GRADED,
    ),
    "two of one name, tar": Hostile(
        "eve.tar.gz",
        lambda: packed(member("hw/convolve.py", b"x = 1"), MINE),
        GRADED,
    ),
    "random bytes": Hostile(
        "eve.tgz", lambda: struct.pack("<256Q", *range(256)), DAMAGED
    ),
    "a cut": Hostile("eve.tar", lambda: MINE[:700], DAMAGED),
    "no end": Hostile("eve.tar", lambda: MINE, DAMAGED),
    "a wrong checksum": Hostile(
        "eve.tar", lambda: MINE[:10] + b"x" + MINE[11:] + END, DAMAGED
    ),
}


# ------------------------------------------------------------------------------------- zip


def patched(data: bytes, mark: bytes, offset: int, new: bytes) -> bytes:
    """Replace bytes at an offset from every place where a record begins with `mark`."""
    found = bytearray(data)
    at = found.find(mark)
    while at >= 0:
        found[at + offset : at + offset + len(new)] = new
        at = found.find(mark, at + 4)
    return bytes(found)


LOCAL, CENTRAL, ENDING = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def overlapping() -> bytes:
    """Return a zip whose 250 entries share one compressed kernel of 10 MB.

    The data of each is the next one's header, quoted, and then the next one's data (David Fifield,
    A better zip bomb, 2019).
    """
    plain = bytes(10 * MB)
    data, crc, size = raw_deflate(plain), zlib.crc32(plain), len(plain)
    headers: list[bytes] = []
    entries = []
    for number in reversed(range(250)):
        name = b"%03d.py" % number
        if headers:
            quoted = headers[-1]
            stored = (
                struct.pack("<BHH", 0, len(quoted), len(quoted) ^ 0xFFFF)
                + quoted
            )
            data = stored + data
            plain = quoted + plain
            size, crc = len(plain), zlib.crc32(plain)
        sizes = struct.pack("<LLL", crc, len(data), size)
        local = LOCAL + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes
        local += struct.pack("<HH", len(name), 0) + name
        headers.append(local)
        entries.append((name, sizes, len(local) + len(data)))
    body = headers[-1] + data
    listed = b""
    for name, sizes, length in reversed(entries):
        listed += CENTRAL + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
        listed += struct.pack("<HHHHHL", len(name), 0, 0, 0, 0, 0)
        listed += struct.pack("<L", len(body) - length) + name
    return body + listed + _ending(len(entries), len(listed), len(body))


def _ending(count: int, size: int, offset: int) -> bytes:
    shown = min(count, 0xFFFF)
    return ENDING + struct.pack("<HHHHLLH", 0, 0, shown, shown, size, offset, 0)


def crowded_list(count: int) -> bytes:
    """Return a zip whose list has so many entries, and which says that it has one."""
    entry = CENTRAL + struct.pack("<HHHHHH", 20, 20, 0, 0, 0, 33) + bytes(12)
    entry += struct.pack("<HHHHHLL", 1, 0, 0, 0, 0, 0, 0) + b"a"
    return entry * count + _ending(1, len(entry) * count, 0)


def lzma_of_gigabytes() -> bytes:
    """Return a zip with an LZMA member whose dictionary is to be 4 GB."""
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}]
    made = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=filters)
    raw = made.compress(SOURCE) + made.flush()
    data = (
        struct.pack("<BBHB", 9, 4, 5, 0x5D)
        + struct.pack("<L", 0xFFFFFFFF)
        + raw
    )
    return _one_member("convolve.py", data, method=14, size=len(SOURCE))


def bzip2_bomb() -> bytes:
    """Return a zip with 200 MB that bzip2 takes seconds for."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("convolve.py", bytes(30 * MB))
    return buffer.getvalue()


def _one_member(name: str, data: bytes, *, method: int, size: int) -> bytes:
    sizes = struct.pack("<LLL", zlib.crc32(SOURCE), len(data), size)
    encoded = name.encode()
    local = LOCAL + struct.pack("<HHHHH", 63, 0, method, 0, 33) + sizes
    local += struct.pack("<HH", len(encoded), 0) + encoded + data
    entry = CENTRAL + struct.pack("<HHHHHH", 63, 63, 0, method, 0, 33) + sizes
    entry += struct.pack("<HHHHHLL", len(encoded), 0, 0, 0, 0, 0, 0) + encoded
    return local + entry + _ending(1, len(entry), len(local))


def raw_deflate(data: bytes) -> bytes:
    """Return data compressed as a zip's member is."""
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    return made.compress(data) + made.flush()


def with_mode(mode: int) -> bytes:
    """Return a zip with one member of this Unix file type."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("convolve.py")
        info.external_attr = mode << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def twice() -> bytes:
    """Return a zip with two members of one name, of which the later one is right."""
    first = zipped({"hw/convolve1.py": "x = 1", "hw/convolve2.py": SOURCE})
    return first.replace(b"convolve1", b"convolve0").replace(
        b"convolve2", b"convolve0"
    )


def zip64_lie() -> bytes:
    """Return a zip whose 64-bit ending speaks of 2**63 entries at 2**63."""
    far = 1 << 63
    end64 = b"PK\x06\x06" + struct.pack(
        "<QHHLLQQQQ", 44, 45, 45, 0, 0, far, far, far, far
    )
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, 0, 1)
    ending = ENDING + struct.pack(
        "<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0
    )
    return end64 + locator + ending


def nested(levels: int, data: bytes) -> bytes:
    """Return a zip in a zip in a zip."""
    for level in range(levels):
        data = zipped({f"{level}.zip": data})
    return data


def zips_of_zips() -> bytes:
    """Return 400 zips of 10 MB of source each, in one."""
    inner = zipped({"convolve.py": bytes(10 * MB)})
    return zipped({f"{number}.zip": inner for number in range(400)})


def class_of(pattern: str, count: int = 121) -> Iterable[tuple[str, bytes]]:
    """Return the paths of a whole class, each with a solution."""
    return [(pattern.format(number), SOURCE) for number in range(count)]


ZIPS = {
    "overlapping entries": Hostile("eve.zip", overlapping, OVERLAP),
    "a list of 60,000": Hostile(
        "eve.zip", lambda: crowded_list(60_000), TOO_MANY
    ),
    "a list of 5,000,000": Hostile(
        "eve.zip",
        lambda: crowded_list(2_000_000),
        "the archive's list of files is too long",
    ),
    "LZMA with 4 GB": Hostile(
        "eve.zip",
        lzma_of_gigabytes,
        "packed with a compression that is not read",
    ),
    "bzip2": Hostile(
        "eve.zip", bzip2_bomb, "packed with a compression that is not read"
    ),
    "Deflate64": Hostile(
        "eve.zip",
        lambda: _one_member("x.py", SOURCE, method=9, size=len(SOURCE)),
        "packed with a compression that is not read",
    ),
    "method 99": Hostile(
        "eve.zip",
        lambda: _one_member("x.py", SOURCE, method=99, size=len(SOURCE)),
        "packed with a compression that is not read",
    ),
    "says 10 bytes, has 100 MB": Hostile(
        "eve.zip",
        lambda: _one_member(
            "x.py", raw_deflate(bytes(100 * MB)), method=8, size=10
        ),
        "damaged in the archive",
    ),
    "says 30 MB, has 10 bytes": Hostile(
        "eve.zip",
        lambda: _one_member(
            "x.py", raw_deflate(b"x" * 10), method=8, size=30 * MB
        ),
        "damaged in the archive",
    ),
    "says 4 GB": Hostile(
        "eve.zip",
        lambda: _one_member("x.py", b"x", method=8, size=0xFFFFFFF0),
        "larger than 32 MB",
    ),
    "a wrong sum": Hostile(
        "eve.zip",
        lambda: _one_member("x.py", b"other", method=0, size=5),
        "damaged in the archive",
    ),
    "encrypted": Hostile(
        "eve.zip",
        lambda: patched(
            patched(zipped({"convolve.py": SOURCE}), LOCAL, 6, b"\1\0"),
            CENTRAL,
            8,
            b"\1\0",
        ),
        "encrypted",
    ),
    "a link": Hostile(
        "eve.zip", lambda: with_mode(0o120777), "a link or a device"
    ),
    "a device": Hostile(
        "eve.zip", lambda: with_mode(0o020666), "a link or a device"
    ),
    "a pipe": Hostile(
        "eve.zip", lambda: with_mode(0o010666), "a link or a device"
    ),
    "a socket": Hostile(
        "eve.zip", lambda: with_mode(0o140666), "a link or a device"
    ),
    "two of one name": Hostile("eve.zip", twice, GRADED),
    "one path in four spellings": Hostile(
        "eve.zip", lambda: zipped(SPELLINGS), GRADED
    ),
    "a folder called like an archive": Hostile(
        "eve.zip", lambda: zipped(NESTED_TWICE), GRADED
    ),
    "64-bit lies": Hostile("eve.zip", zip64_lie, DAMAGED),
    "a list before the beginning": Hostile(
        "eve.zip",
        lambda: patched(
            zipped({"a.py": SOURCE}), ENDING, 16, b"\xf0\xff\xff\xff"
        ),
        (DAMAGED, "damaged in the archive"),
    ),
    "an entry beyond the end": Hostile(
        "eve.zip",
        lambda: patched(
            zipped({"a.py": SOURCE}), CENTRAL, 42, b"\xf0\xff\xff\x7f"
        ),
        "damaged in the archive",
    ),
    "a program before it": Hostile(
        "eve.zip",
        lambda: b"\x7fELF" + bytes(4096) + zipped({"a.py": SOURCE}),
        GRADED,
    ),
    "an ending in the comment": Hostile(
        "eve.zip",
        lambda: (
            zipped({"a.py": SOURCE})[:-2]
            + struct.pack("<H", 22)
            + _ending(0, 0, 0)
        ),
        "an empty archive",
    ),
    "an archive that is not one": Hostile("eve.zip", lambda: SOURCE, DAMAGED),
    "nothing": Hostile("eve.zip", bytes, "an empty file, not an archive"),
    "four archives deep": Hostile(
        "eve.zip",
        lambda: nested(4, zipped({"a.py": SOURCE})),
        "an archive inside an archive inside an archive",
    ),
    "400 zips of 10 MB": Hostile("eve.zip", zips_of_zips, TOO_MUCH),
    "a path of 60,000 letters": Hostile(
        "eve.zip",
        lambda: zipped({"d/" * 29_000 + "convolve.py": SOURCE}),
        "its path is too deep",
    ),
    "a name without a name": Hostile(
        "eve.zip",
        lambda: _one_member("", SOURCE, method=0, size=len(SOURCE)),
        GRADED,
    ),
}


def holding(path: str) -> Hostile:
    """Return a zip with a solution under this path."""
    outcome = GRADED
    if ".." in path or path.startswith("/"):
        outcome = "its path leads out of the archive"
    return Hostile("eve.zip", lambda: zipped({path: SOURCE}), outcome)


def crowd(pattern: str) -> Hostile:
    """Return a zip with the solutions of a whole class, one of them a neighbour's by its name."""
    return Hostile("eve.zip", lambda: zipped(dict(class_of(pattern))), GRADED)


NAMES = {
    name: holding(path)
    for name, path in (
        ("up", "../../x.py"),
        ("absolute", "/x/y.py"),
        ("up on Windows", "..\\..\\x.py"),
        ("through a folder", "a/../../x.py"),
        ("a drive", "C:\\x.py"),
        ("a workflow command", "a\n::error file=x::hacked\n.py"),
        ("a terminal's escape", "\x1b]0;hacked\x07\x1b[2J.py"),
        ("an override", "\u202eyp.exe.py"),
        ("a device of Windows", "CON.py"),
        ("a stream of Windows", "x.py:hidden.py"),
    )
}
CROWDS = {
    name: crowd(pattern)
    for name, pattern in (
        ("121 folders", "s{}/convolve.py"),
        ("121 files", "s{}.py"),
        ("121 of Moodle", "Ada Lovelace_{}_assignsubmission_file_/convolve.py"),
        ("121 of Canvas", "ada_1{0}_77{0}_convolve.py"),
        ("121 of Gradescope", "submission_{}/convolve.py"),
        ("121 sections", "section{0}/ada/convolve.py"),
        ("a neighbour's name", "ada.py/{}/convolve.py"),
    )
}

ARCHIVES = TARS | ZIPS | NAMES | CROWDS
