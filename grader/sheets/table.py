"""A sheet as rows of text that can be written back as it came.

Platforms differ in encoding (UTF-8 with or without a mark, UTF-16 in Blackboard's `.xls`),
separator (comma, semicolon where a spreadsheet saved it, tab) and line ends. A row that was not
changed is written with the very bytes that it had, so that a comparison shows only the grades.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from grader.errors import UsageError
from grader.untrusted import inert

MOST_BYTES: Final = 64 << 20
_MOST_ROWS: Final = 200_000
_LONGEST_ROW: Final = 1 << 20
"""Characters. A quote that is never closed would make one row of all that follows."""
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SEPARATORS: Final = (",", ";", "\t")
_NUMBER: Final = re.compile(r"[-+]?\d+([.,]\d+)?")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
"""A line with its end. `splitlines` would also cut at signs that names may hold."""


class Table:
    """Rows of cells, and how they are written: mutable, made from one file, written to another."""

    def __init__(self, name: str, data: bytes) -> None:
        """Read a sheet from its bytes; UsageError, naming the file, where it is not one."""
        if len(data) > MOST_BYTES:
            raise UsageError(f"{name}: is too big for a sheet of grades")
        self.name = name
        self._mark, self._encoding, text = _decoded(name, data)
        self._lines = _records(name, text)
        try:
            self._separator = _separator(self._lines[0])
            self.rows = [self._cells(line) for line in self._lines]
        except csv.Error as error:
            raise UsageError(
                f"{name}: is not a sheet of grades ({error}); download it anew"
            ) from error
        self._quoted = self._lines[0].lstrip().startswith('"')
        self._before = [list(row) for row in self.rows]

    @property
    def header(self) -> list[str]:
        """Return the first row."""
        return self.rows[0]

    def data(self) -> bytes:
        """Return the sheet as bytes."""
        parts = []
        for line, before, row in zip(
            self._lines, self._before, self.rows, strict=True
        ):
            parts.append(
                line if row == before else self._line(row) + _end_of(line)
            )
        return self._mark + "".join(parts).encode(self._encoding)

    def _cells(self, line: str) -> list[str]:
        return next(
            csv.reader([line], delimiter=self._separator, strict=False), []
        )

    def _line(self, row: Sequence[str]) -> str:
        buffer = io.StringIO()
        # The writer quotes a line end in a cell only if it is one of its own.
        writer = csv.writer(
            buffer,
            delimiter=self._separator,
            quoting=csv.QUOTE_ALL if self._quoted else csv.QUOTE_MINIMAL,
            lineterminator="\r\n",
        )
        writer.writerow(row)
        return buffer.getvalue().removesuffix("\r\n")


def new_sheet(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a sheet with these rows: UTF-8, commas, the line ends of RFC 4180.

    Before it is imported a person may open it, so no name in it is a formula.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode()


def _inert(cell: str) -> str:
    is_sign = cell == "-" or _NUMBER.fullmatch(cell) is not None
    return cell if is_sign else inert(cell)


def _decoded(name: str, data: bytes) -> tuple[bytes, str, str]:
    """Return the mark at the start, the encoding and the text."""
    mark, encoding = next(
        (
            (mark, encoding)
            for mark, encoding in _MARKS
            if data.startswith(mark)
        ),
        (b"", "utf-8"),
    )
    try:
        text = data.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name}: is not text in UTF-8 or UTF-16; download the sheet anew, "
            "or save it as CSV (UTF-8)"
        ) from error
    if data[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"} or "\0" in text:
        raise UsageError(
            f"{name}: is a workbook and not a CSV file; give the file that the platform "
            "gave, or save it as CSV (UTF-8)"
        )
    if not text.strip():
        raise UsageError(f"{name}: is empty; download the sheet anew")
    return mark, encoding, text


def _records(name: str, text: str) -> list[str]:
    """Cut the text into records, each with its line end; quoted cells may hold line ends."""
    records: list[str] = []
    start = 0
    open_quote = False
    for found in _LINE.finditer(text):
        open_quote ^= found[0].count('"') % 2 == 1
        if found.end() - start > _LONGEST_ROW:
            raise UsageError(
                f"{name}: row {len(records) + 1} is longer than {_LONGEST_ROW >> 20} MiB; "
                "is a quote missing?"
            )
        if open_quote:
            continue
        records.append(text[start : found.end()])
        start = found.end()
        if len(records) > _MOST_ROWS:
            raise UsageError(f"{name}: has more than {_MOST_ROWS:,} rows")
    if open_quote:
        raise UsageError(
            f"{name}: ends inside a quoted cell; download the sheet anew"
        )
    return records


def _separator(header: str) -> str:
    """Return the separator that cuts the header into the most cells."""
    counts = {
        separator: len(next(csv.reader([header], delimiter=separator), []))
        for separator in _SEPARATORS
    }
    return max(_SEPARATORS, key=lambda separator: counts[separator])


def _end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
