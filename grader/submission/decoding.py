"""From bytes to text: the encodings that editors save, and one sentence for the others."""

import codecs
import io
import re
import tokenize

import msgspec

_TEXT_CODECS = r"""
      utf_?8(_sig)? | ascii | latin_?1 | iso8859_\d+ | cp\d+
    | gbk | gb2312 | gb18030 | big5(hkscs)? | shift_jis(_2004)? | euc_\w+ | johab | hz
    | iso2022_\w+ | koi8_\w | mac_\w+ | tis_620 | ptcp154 | kz1048
"""
"""Encodings of text whose decoders need no more than linear time; hardly a file declares one."""

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)
_LEADING_FORM_FEEDS = re.compile(r"(?m)^\f+")

_MAGIC_NUMBERS = (
    (b"PK\x03\x04", "a ZIP archive (Word documents are ZIP archives, too)"),
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
_WIDE_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_HEAD = 2000
"""Bytes at the start of a file that are searched for signs of UTF-16."""
_FEWEST = 20
"""A head shorter than this shows nothing."""
_MOSTLY = 0.9
_NAME_SHOWN = 40


class Text(msgspec.Struct, frozen=True):
    """Decoded source, or the reason why there is none."""

    source: str
    reason: str | None = None
    note: str | None = None


def decode(data: bytes) -> Text:
    r"""Decode Python source as Python does (byte order mark, PEP 263), but more leniently.

    Line ends become `\n`. A file that is not in its declared encoding is read as Windows-1252, with
    a note: often only one letter in a comment is wrong.
    """
    reason = _no_text(data)
    if reason is not None:
        return Text("", reason)
    declared, reason = _declared(data)
    if reason is not None:
        return Text("", reason)
    note = None
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        source = data.decode(declared)
    except (UnicodeDecodeError, ValueError):
        source = data.decode("cp1252", "replace")
        note = "The file is not saved as UTF-8; it was read as Windows-1252. Save it as UTF-8."
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    # Python ignores a form feed at the start of a line; `str.splitlines` would end a line there.
    return Text(_LEADING_FORM_FEEDS.sub("", source), None, note)


def binary_kind(data: bytes) -> str | None:
    """Return what kind of binary file begins with these bytes, or None for text."""
    for magic, kind in _MAGIC_NUMBERS:
        if data.startswith(magic):
            return kind
    if data[2:4] == b"\r\n" and b"\0" in data[4:16]:
        return "compiled Python (.pyc)"
    return None


def _no_text(data: bytes) -> str | None:
    kind = binary_kind(data)
    if kind is not None:
        return (
            f"This is {kind}, not Python source. "
            "Hand in the .py file or the .ipynb notebook itself."
        )
    wide = _wide_encoding(data)
    if wide is not None:
        return (
            f"The file is saved as {wide}. Save it as UTF-8: "
            "your editor offers this under Save As."
        )
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        return (
            f"Line {line}: there is a null byte, so the file is damaged or is not text. "
            "Save it again as UTF-8."
        )
    return None


def _wide_encoding(data: bytes) -> str | None:
    for mark, name in _WIDE_MARKS:
        if data.startswith(mark):
            return name
    # Without a mark: programs are mostly ASCII, so in UTF-16 every other byte is zero.
    head = data[:_HEAD]
    if len(head) <= _FEWEST:
        return None
    for half in (head[0::2], head[1::2]):
        if half.count(0) > _MOSTLY * len(half):
            return "UTF-16"
    return None


def _declared(data: bytes) -> tuple[str, str | None]:
    """Return the declared encoding, or a reason if it is not an encoding of text."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data[:4096]).readline)
    except SyntaxError:
        return _after_failed_declaration(data)
    if encoding == "utf-8":
        return encoding, None
    canonical = codecs.lookup(encoding).name.replace("-", "_")
    if not re.fullmatch(_TEXT_CODECS, canonical, re.VERBOSE):
        return "", (
            f"Line 1: the file declares the encoding {encoding}, "
            "which is not an encoding for source code. Save it as UTF-8."
        )
    return encoding, None


def _after_failed_declaration(data: bytes) -> tuple[str, str | None]:
    cookie = _COOKIE.search(data[:1000])
    name = cookie[1].decode("ascii", "replace") if cookie else "utf-8"
    try:
        codecs.lookup(name)
    except LookupError:
        shown = name[:_NAME_SHOWN]
        return (
            "",
            f"The file declares the encoding {shown}, which does not exist. Save it as UTF-8.",
        )
    # The name exists, but the bytes do not fit it: `decode` knows what to do then.
    return "utf-8", None
