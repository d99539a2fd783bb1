"""The journal of one output folder: one line per finished report, and where the lines are.

    OUT/.grader/journal    JSON lines: name, key, digest of the report's bytes, facts

A line is written before its report takes its name (`store` says why). So several lines may have one
name, and a line counts only together with the report that has its digest. What is in memory per
submission is a place in the file, not the facts.
"""

import contextlib
import os
from collections.abc import Iterable
from typing import Final

import msgspec

from grader.batch.own_folder import OwnFolder
from grader.classbook.changes import MadeFrom
from grader.classbook.facts import Facts

_NAME: Final = "journal"
_MOST_LINES = 1000
"""And four times the class: a journal with more is written anew."""


class Entry(msgspec.Struct, frozen=True):
    """One line of the journal."""

    name: str
    key: str
    report: str
    """SHA-256 of the report's bytes."""
    facts: Facts
    made_from: MadeFrom = MadeFrom()


class Place(msgspec.Struct, frozen=True):
    """Where a journal line is, and what it promises."""

    key: str
    report: str
    offset: int
    length: int


_entry = msgspec.json.Decoder(Entry)


class Journal:
    """An open journal, read once and then appended to."""

    def __init__(self, folder: OwnFolder) -> None:
        self._folder = folder
        self._file = folder.open(_NAME, "a+b")
        self._lines: dict[str, list[Place]] = {}
        self._end = 0
        self._read()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self) -> None:
        self._file.seek(0)
        offset = lines = 0
        for line in self._file:
            # A line that a crash cut, or that somebody edited, counts as missing.
            with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
                entry = _entry.decode(line)
                place = Place(entry.key, entry.report, offset, len(line))
                self._lines.setdefault(entry.name, []).append(place)
            offset += len(line)
            lines += 1
        if offset and not self._ends_with_newline(offset):
            self._file.write(b"\n")
            self._file.flush()
            offset += 1
        self._end = offset
        if lines > _MOST_LINES + 4 * len(self._lines):
            self._compact()

    def _ends_with_newline(self, size: int) -> bool:
        self._file.seek(size - 1)
        return self._file.read(1) == b"\n"

    def _compact(self) -> None:
        """Drop old lines; a report in place belongs to one of the last two, even after a kill."""
        with self._folder.whole(_NAME) as file, self._file:
            for places in self._lines.values():
                for place in places[-2:]:
                    self._file.seek(place.offset)
                    file.write(self._file.read(place.length))
        self._file = self._folder.open(_NAME, "a+b")
        self._lines.clear()
        self._read()

    def places(self, name: str, key: str) -> list[Place]:
        """Return the lines of `name` that were made from `key`, the newest first."""
        places = self._lines.get(name, ())
        return [place for place in reversed(places) if place.key == key]

    def all_places(self, name: str) -> list[Place]:
        """Return all lines of `name`, the newest first."""
        return self._lines.get(name, [])[::-1]

    def forget(self, name: str) -> None:
        """Free the memory for the lines of `name`, which are not looked for again."""
        self._lines.pop(name, None)

    def entry(self, offset: int, length: int) -> Entry:
        """Return the line at `offset`."""
        self._file.seek(offset)
        return _entry.decode(self._file.read(length))

    def reserve(self, length: int) -> int:
        """Return the offset that the next line of `length` bytes will have."""
        offset = self._end
        self._end += length
        return offset

    def append(self, lines: Iterable[bytes]) -> None:
        """Write lines; they are not forced to disk, since losing one only costs a grading."""
        self._file.write(b"".join(lines))
        self._file.flush()

    def sync(self) -> None:
        """Force everything to disk."""
        os.fsync(self._file.fileno())
