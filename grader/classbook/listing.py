"""What was handed in, as numbered lines with those marked that the report speaks of. Pure.

Nothing here is unbounded: of a long file the lines around the marks and around the function are
kept, and of a long line its beginning. What is left out is counted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from grader.model import Report, Status, Submission
from grader.vocabulary import count

_MOST_LINES: Final = 400
"""Lines of one page."""
_AROUND: Final = 12
"""Lines that are kept on either side of what matters, where not all are."""
_MOST_COLUMNS: Final = 220
_MOST_MARKS: Final = 100
_MOST_CASES: Final = 8
"""Cases that are named beside one line."""
_PLACE: Final = re.compile(r"\b(?:[Cc]ell (\d{1,6}), )?[Ll]ine (\d{1,7})\b")
_DEFINITION: Final = re.compile(r"\s*(?:async\s+)?(?:def|class)\s+\w")

Place = tuple[int | None, int]
"""Cell and line."""


class Line(msgspec.Struct, frozen=True):
    """One line of source."""

    number: int
    text: str
    cut: str = ""
    """How much of it is left out."""
    marked: str = ""
    """What the report says about it: the cases that stopped here, or `mentioned`."""


class Gap(msgspec.Struct, frozen=True):
    """Lines that are left out."""

    said: str


class Piece(msgspec.Struct, frozen=True):
    """A file, or a cell of a notebook."""

    title: str
    lines: tuple[Line | Gap, ...]


def listing(submission: Submission, report: Report) -> tuple[Piece, ...]:
    """Return what was handed in, with the lines marked that the report speaks of."""
    marks = _marks(report)
    sources: list[tuple[str, str, int | None, bool]] = [
        (f"Cell {unit.cell}" if unit.cell else "", unit.source, unit.cell, True)
        for unit in submission.units
    ]
    sources += [
        (module.path, module.source, None, False)
        for module in submission.modules
    ]
    room = _MOST_LINES
    pieces = []
    left_out = 0
    for title, source, cell, may_be_marked in sources:
        lines = source.splitlines() or [""]
        if room <= 0:
            left_out += 1
            continue
        here = _marks_of(marks, cell, report) if may_be_marked else {}
        pieces.append(Piece(title, tuple(_lines(lines, here, room))))
        room -= min(room, len(lines))
    if left_out:
        gap = Gap(f"{count(left_out, 'more part')} of it not shown")
        pieces.append(Piece("", (gap,)))
    return tuple(pieces)


def _marks(report: Report) -> dict[Place, list[str]]:
    """Return the places that the report names, and what it says about each."""
    found: dict[Place, list[str]] = defaultdict(list)
    for case in report.cases:
        raised = case.details.exception
        if raised is not None and raised.line is not None:
            found[raised.cell, raised.line].append(case.name)
            continue
        for place in _places([case.message]):
            found[place].append(case.name)
    told = [*report.notes, *(h.text for c in report.cases for h in c.hints)]
    if report.status is Status.NOT_GRADABLE:
        told.append(report.message)
    for place in _places(told):
        found.setdefault(place, [])
    return dict(list(found.items())[:_MOST_MARKS])


def _places(texts: Iterable[str]) -> Iterator[Place]:
    for text in texts:
        for cell, line in _PLACE.findall(text):
            yield (int(cell) if cell else None, int(line))


def _marks_of(
    marks: dict[Place, list[str]], cell: int | None, report: Report
) -> dict[int, str]:
    """Return line -> the remark on it, for a file or one cell."""
    return {
        line: _said(cases, len(report.cases))
        for (where, line), cases in marks.items()
        if where == cell
    }


def _said(cases: Sequence[str], all_cases: int) -> str:
    named = list(dict.fromkeys(cases))
    if len(named) == all_cases > 1:
        return f"all {all_cases} cases"
    return ", ".join(named[:_MOST_CASES]) or "mentioned"


def _lines(
    lines: Sequence[str], marks: dict[int, str], room: int
) -> Iterator[Line | Gap]:
    kept = _kept(lines, marks, room)
    before = 0
    for number in kept:
        if number > before + 1:
            yield _gap(before + 1, number - 1)
        text = lines[number - 1]
        beyond = len(text) - _MOST_COLUMNS
        cut = f"… {beyond} more characters" if beyond > 0 else ""
        yield Line(number, text[:_MOST_COLUMNS], cut, marks.get(number, ""))
        before = number
    if before < len(lines):
        yield _gap(before + 1, len(lines))


def _kept(
    lines: Sequence[str], marks: dict[int, str], room: int
) -> Sequence[int]:
    """Return the numbers of the lines to show, at most `room`.

    Of a file that is too long, first what is around the marks, then around definitions, then its
    beginning.
    """
    if len(lines) <= room:
        return range(1, len(lines) + 1)
    definitions = (
        number
        for number, text in enumerate(lines, 1)
        if _DEFINITION.match(text[:_MOST_COLUMNS])
    )
    kept: set[int] = set()
    for wanted in (*marks, *definitions, 1):
        if len(kept) >= room:
            break
        first = max(1, wanted - _AROUND)
        last = min(len(lines), wanted + _AROUND)
        for number in range(first, last + 1):
            if len(kept) < room:
                kept.add(number)
    return sorted(kept)


def _gap(first: int, last: int) -> Gap:
    if first == last:
        return Gap(f"line {first} not shown")
    return Gap(f"lines {first} to {last} not shown")
