"""From a path to bytes, and from bytes to text: bounded, and it waits for nothing (no FIFO, no device)."""

import codecs
import errno
import hashlib
import io
import os
import re
import stat
import tokenize
from pathlib import Path

import msgspec

from grader.errors import UsageError

FILE_CAP = 32 * 2**20
"""Bytes that are read of a file: a notebook carries its pictures."""

_TEXT_CODECS = re.compile(
    r"(utf_?8(_sig)?|ascii|latin_?1|iso8859_\d+|cp\d+|gbk|gb2312|gb18030|big5(hkscs)?|shift_jis(_2004)?|euc_\w+"
    r"|johab|hz|iso2022_\w+|koi8_\w|mac_\w+|tis_620|ptcp154|kz1048)"
)
_MAGIC_NUMBERS = (
    (b"PK\x03\x04", "a ZIP archive (a Word document is one, too)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x7fELF", "a compiled program"),
    (b"MZ\x90", "a compiled program"),
    (b"\x93NUMPY", "a NumPy array"),
)


class Raw(msgspec.Struct, frozen=True):
    """What a path holds: its bytes and their digest, or why they cannot be read."""

    data: bytes
    digest: str
    reason: str | None = None


class Text(msgspec.Struct, frozen=True):
    """Decoded source, or why there is none."""

    source: str
    reason: str | None = None
    note: str | None = None


def digest_of(data: bytes) -> str:
    """Digest a submission: `sha256:...` over its bytes as they were handed in."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def read_file(path: Path) -> Raw:
    """Read a regular file of at most 32 MiB; anything else that exists gives a reason instead.

    A link is not followed, for it is read with the rights of whoever grades: `convolve.py ->
    solutions/reference.py`, handed in with a repository, would be full marks.

    Raises `UsageError` where there is no such path, or where it is a folder.
    """
    try:
        if path.is_symlink():
            return _unreadable(
                "it is a link and not a regular file (symbolic links are not followed)"
            )
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UsageError(f"{path}: is a folder, not a submission")
        if not stat.S_ISREG(status.st_mode):
            return _unreadable("it is not a regular file")
        # Non-blocking, and looked at again once it is open: between the two calls a FIFO may have
        # taken its place.
        flags = (
            os.O_RDONLY
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_NOCTTY", 0)
            | getattr(os, "O_BINARY", 0)
        )
        with open(os.open(path, flags), "rb") as stream:  # noqa: PTH123 - a descriptor, not a path
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return _unreadable("it is not a regular file")
            data = stream.read(FILE_CAP + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{path}: there is no such file") from error
    except ValueError as error:
        raise UsageError(f"{path}: there is no such file ({error})") from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise UsageError(
                f"{str(path)[:80]}...: there is no such file (its name is too long)"
            ) from error
        return _unreadable((error.strerror or type(error).__name__).lower())
    if len(data) > FILE_CAP:
        return Raw(b"", digest_of(data), f"it is bigger than {FILE_CAP >> 20} MiB")
    return Raw(data, digest_of(data))


def _unreadable(reason: str) -> Raw:
    return Raw(b"", digest_of(b""), reason)


# ----------------------------------------------------------------------------------------------------- bytes to text


def decode(data: bytes) -> Text:
    r"""Decode Python source as Python would (byte order mark, PEP 263), and where it would refuse, as a person would.

    Line ends become `\n`. A file that is no UTF-8 is read as Windows-1252, with a note: often it is
    one letter of a comment.
    """
    kind = binary_kind(data)
    if kind is not None:
        return Text(
            "",
            f"This is {kind}, not Python source. Hand in the .py file or the .ipynb notebook itself.",
        )
    wide = _wide_encoding(data)
    if wide is not None:
        return Text(
            "",
            f"The file is saved as {wide}. Save it as UTF-8: your editor's Save As has a choice for it.",
        )
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        return Text(
            "",
            f"Line {line}: the file has a null byte there, so it is damaged, or no text. Save it again as UTF-8.",
        )
    declared, reason = _declared(data)
    if reason is not None:
        return Text("", reason)
    note = None
    try:
        source = data.decode(declared)
    except (UnicodeDecodeError, ValueError):
        source = data.decode("cp1252", "replace")
        note = "The file is not saved as UTF-8; it was read as Windows-1252. Save it as UTF-8."
    # A form feed at the start of a line means nothing to Python, but would count as the end of one
    # elsewhere.
    source = re.sub(
        r"(?m)^\f+",
        "",
        source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"),
    )
    return Text(source, None, note)


def binary_kind(data: bytes) -> str | None:
    """Name the kind of file that these bytes are the beginning of, where they are certainly no text."""
    for magic, kind in _MAGIC_NUMBERS:
        if data.startswith(magic):
            return kind
    if data[2:4] == b"\r\n" and b"\0" in data[4:16]:
        return "compiled Python (.pyc)"
    return None


def _wide_encoding(data: bytes) -> str | None:
    marks = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"))
    for mark, name in (
        *marks,
        (codecs.BOM_UTF16_LE, "UTF-16"),
        (codecs.BOM_UTF16_BE, "UTF-16"),
    ):
        if data.startswith(mark):
            return name
    # Without a mark: letters of programs are ASCII, so that every other byte is zero.
    head = data[:2000]
    for zeros in (head[0::2], head[1::2]):
        if len(head) > 20 and zeros.count(0) > 0.9 * len(zeros):  # noqa: PLR2004 - most, of enough to tell
            return "UTF-16"
    return None


def _declared(data: bytes) -> tuple[str, str | None]:
    """Find the encoding that the file declares, if it is one for text that is sure to decode in bounded time."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data[:4096]).readline)
    except SyntaxError:
        return _after_failed_declaration(data)
    name = encoding.lower().replace("-", "_")
    canonical = (
        "utf_8"
        if name.startswith("utf_8")
        else codecs.lookup(encoding).name.replace("-", "_")
    )
    if not _TEXT_CODECS.fullmatch(canonical):
        return (
            "",
            f"Line 1: the file declares the encoding {encoding}, which is none for source. Save it as UTF-8.",
        )
    return encoding, None


def _after_failed_declaration(data: bytes) -> tuple[str, str | None]:
    cookie = re.search(
        rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", data[:1000], re.MULTILINE
    )
    name = cookie.group(1).decode("ascii", "replace") if cookie else "utf-8"
    try:
        codecs.lookup(name)
    except LookupError:
        return (
            "",
            f"The file declares the encoding {name[:40]}, which does not exist. Save it as UTF-8.",
        )
    # The name exists: it is the bytes that do not fit, and `decode` knows what to do then.
    return "utf-8", None
