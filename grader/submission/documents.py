"""From the JSON of a notebook to the parts that matter, without building the rest.

A notebook may be 32 MB of JSON in which every third byte begins a new object; `json.loads` makes
830 MB of that. Here msgspec checks the JSON and skips what is not named, which costs no memory, and
what is named stays raw bytes until it is known to be small.
"""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import UNSET, Raw, UnsetType

from grader.records import look_at

_PARTS_CAP: Final = 4096
"""The most cells of any kind, and the most worksheets."""
_TEXTS_CAP: Final = 200
_TEXT_CAP: Final = 64 * 2**10
"""The most bytes of a text cell that are looked at."""
_SMALL: Final = 1000
"""The most bytes that a version, a cell's type or a language's name may have."""
_REPAIRS_CAP: Final = 100_000
_MARKS_CAP: Final = 2**22
"""Most quotes and backslashes in JSON that is repaired: each of them takes some time."""
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_ERRORS: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_Field = Raw | UnsetType


class _Document(msgspec.Struct):
    nbformat: _Field = UNSET
    cells: _Field = UNSET
    worksheets: _Field = UNSET
    metadata: _Field = UNSET


class _Sheet(msgspec.Struct):
    cells: _Field = UNSET


class _Cell(msgspec.Struct):
    cell_type: _Field = UNSET
    source: _Field = UNSET
    input: _Field = UNSET
    """What format 3 calls the source."""


class _Metadata(msgspec.Struct):
    kernelspec: _Field = UNSET
    language_info: _Field = UNSET


class _Language(msgspec.Struct):
    language: _Field = UNSET
    name: _Field = UNSET


# A list would hold every part of an array. This holds the first ones, and msgspec skips the rest.
_Parts = msgspec.defstruct(
    "_Parts",
    [(f"part_{number}", _Field, UNSET) for number in range(_PARTS_CAP + 1)],
    array_like=True,
)


class Document(msgspec.Struct, frozen=True):
    """The parts of a notebook that matter."""

    version: int | None
    language: str | None
    """The language that the notebook says it is written in."""
    sources: tuple[bytes, ...] | None
    """The source of each code cell as JSON; None where there is no list of cells."""
    is_whole: bool = True
    """False if there are more cells than are read."""
    texts: tuple[tuple[str, bytes], ...] = ()
    """The type and the source, as JSON, of the first cells that are not code."""


_LATEST = 99
"""A format beyond this says nothing: a number of 400 digits is no version of anything."""


def read_document(data: bytes) -> Document | None:
    """Return the parts of a notebook, or None if the data is not a JSON object."""
    look_at(_Document, _Sheet, _Cell, _Metadata, _Language, _Parts)
    found = _parse(data)
    if found is None:
        return None
    version = _small(found.nbformat)
    language = _language(found.metadata)
    if type(version) is not int or not 0 <= version <= _LATEST:
        version = None
    cells, is_whole = _cells(found)
    if cells is None:
        return Document(version, language, None)
    sources = tuple(_sources(cells))
    texts = tuple(itertools.islice(_texts(cells), _TEXTS_CAP))
    return Document(version, language, sources, is_whole, texts)


def read_source(raw: bytes) -> tuple[str, bool]:
    """Return the text of a source, and whether all its letters could be read.

    It is one string or a list of lines; anything else is not text.
    """
    try:
        return _joined(msgspec.json.decode(raw)), True
    except _ERRORS:
        pass
    try:
        return _joined(json.loads(raw.decode("utf-8", "replace"))), False
    except (ValueError, RecursionError):
        return "", False


def _joined(source: object) -> str:
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


# ------------------------------------------------------------------------------- bytes to JSON


def _parse(data: bytes) -> _Document | None:
    encoding = json.detect_encoding(data[:8])
    if not encoding.startswith("utf-8"):
        data = data.decode(encoding, "replace").encode("utf-8", "replace")
    data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        return msgspec.json.decode(data, type=_Document)
    except (msgspec.ValidationError, RecursionError):
        return None
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    if data.count(b'"') + data.count(b"\\") > _MARKS_CAP:
        return None
    try:
        return msgspec.json.decode(_repaired(data), type=_Document)
    except _ERRORS:
        return None


def _decode(raw: _Field, kind: type[Any]) -> Any:  # noqa: ANN401 - what `kind` says
    """Return a part of the document as a struct, or None if it is of another type."""
    if raw is UNSET:
        return None
    try:
        return msgspec.json.decode(raw, type=kind)
    except _ERRORS:
        return None


def _small(raw: _Field) -> object:
    """Return the value of a part if it is short; None if it is not, or not there."""
    if raw is UNSET or len(raw) > _SMALL:
        return None
    return _decode(raw, object)


# Python writes NaN and infinities, which are not JSON, and halves of surrogate pairs, which are
# not text. Both come from outputs, which do not matter, so they are replaced.
_REPAIRS: Final = {"number": b"null", "half": b"\\ufffd"}
_MARK: Final = re.compile(
    rb"""
      (?P<pair> \\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2} )
    | (?P<half> \\u[dD][89a-fA-F][0-9a-fA-F]{2} )
    | (?P<escape> \\. )
    | (?P<quote> " )
    | (?P<number> NaN | -?Infinity )
    """,
    re.DOTALL | re.VERBOSE,
)
"""What decides about a repair. One pattern for whole strings would need a possessive repetition in
another one, which Python 3.11 before 3.11.5 gets wrong."""


def _repaired(data: bytes) -> bytes:
    """Replace NaN and infinities with null, and half a pair with U+FFFD."""
    pieces = []
    end = 0
    in_string = False
    for found in _MARK.finditer(data):
        if found.lastgroup == "quote":
            in_string = not in_string
            continue
        by = _REPAIRS.get(found.lastgroup or "")
        if by is None or (in_string and found.lastgroup == "number"):
            continue
        pieces += [data[end : found.start()], by]
        end = found.end()
        if len(pieces) >= 2 * _REPAIRS_CAP:
            break
    return b"".join([*pieces, data[end:]])


# ------------------------------------------------------------------------------ JSON to parts


def _cells(document: _Document) -> tuple[list[Raw] | None, bool]:
    """Return the cells, None where there is no list, and whether these are all of them."""
    cells = document.cells
    if cells is not UNSET and bytes(cells) != b"null":
        return _parts(cells)
    sheets, is_whole = _parts(document.worksheets)
    if sheets is None:
        return None, True
    # Format 3 has its cells in worksheets.
    found: list[Raw] = []
    for raw in sheets:
        sheet = _decode(raw, _Sheet)
        inside, is_all = (
            _parts(sheet.cells) if sheet is not None else (None, True)
        )
        found += inside or []
        is_whole = is_whole and is_all
        if len(found) > _PARTS_CAP:
            return found, False
    return found, is_whole


def _parts(raw: _Field) -> tuple[list[Raw] | None, bool]:
    """Return the first parts of an array, None if it is not an array, and whether these are all."""
    array = _decode(raw, _Parts)
    if array is None:
        return None, True
    parts: list[Raw] = []
    for part in msgspec.structs.astuple(array):
        if part is UNSET:
            return parts, True
        parts.append(part)
    return parts, False


def _sources(cells: list[Raw]) -> Iterator[bytes]:
    for raw in cells:
        cell = _decode(raw, _Cell)
        if cell is None or _small(cell.cell_type) != "code":
            continue
        source = cell.input if cell.source is UNSET else cell.source
        yield b"" if source is UNSET else bytes(source)


def _texts(cells: list[Raw]) -> Iterator[tuple[str, bytes]]:
    for raw in cells:
        cell = _decode(raw, _Cell)
        if cell is None or cell.source is UNSET:
            continue
        kind = _small(cell.cell_type)
        is_small = len(cell.source) <= _TEXT_CAP
        if isinstance(kind, str) and kind != "code" and is_small:
            yield kind, bytes(cell.source)


def _language(raw: _Field) -> str | None:
    metadata = _decode(raw, _Metadata)
    if metadata is None:
        return None
    kernel = _decode(metadata.kernelspec, _Language)
    info = _decode(metadata.language_info, _Language)
    named = (
        None if kernel is None else _small(kernel.language),
        None if info is None else _small(info.name),
    )
    for name in named:
        if isinstance(name, str) and name.strip():
            return name
    return None
