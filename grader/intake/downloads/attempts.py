"""Which of a student's files are of the latest attempt, and which were handed in before.

Where a layout has times or numbers, an attempt is all files of one moment, and the latest counts.
A platform that numbers its files says which are newer, but not which were handed in together: then
all stay candidates, and `candidates` takes the newest that defines the function. Where a layout has
neither, each download is an attempt. Then the dates of the files decide, and after them the names
of the downloads; a note says so.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from grader.intake.downloads.handed_in import HandedIn
from grader.intake.sources import File
from grader.opening import UnreadableError
from grader.untrusted import one_line

_COMPARED = 1 << 20
"""Bytes of each file by which two downloads of one attempt are recognised."""


class Handed(NamedTuple):
    """One file of a student, or what is left out, and what the layout says about it."""

    file: File
    by: HandedIn
    download: str
    """Which download it is in: the path above the students."""
    below: tuple[str, ...]
    """Its path below the student."""


class Attempts(NamedTuple):
    """What one student handed in, the latest apart from the rest."""

    latest: tuple[File, ...]
    left_out: tuple[File, ...]
    """What was handed in with it and cannot be graded as it is."""
    earlier: tuple[File, ...]
    late: frozenset[tuple[str, ...]]
    """The paths of the latest files that the platform marks as late."""
    handed_in: HandedIn
    """What the layout says about one of the latest files."""
    number: int
    """How many attempts there are, or the platform's number of the latest."""
    notes: tuple[str, ...] = ()


_Order = tuple[str, int, str, str]
"""Time, number, the newest date of a file, the download."""


class _Attempt(NamedTuple):
    order: _Order
    files: list[Handed]


def latest(
    handed: Sequence[Handed], may_be_graded: Callable[[File], bool]
) -> Attempts:
    """Return the attempts of one student, from all that the layout says is theirs.

    The latest one counts that has anything to grade. Files that two downloads share count once.
    """
    attempts = _without_copies(_attempts(handed))
    chosen = attempts[-1]
    for attempt in reversed(attempts):
        if any(may_be_graded(each.file) for each in attempt.files):
            chosen = attempt
            break
    files = _once(chosen.files)
    known = {each.file.parts for each in chosen.files}
    by = files[0].by
    again = Counter(each.file.name for each in files if each.by.version)
    return Attempts(
        latest=tuple(each.file for each in files if not each.file.reason),
        left_out=tuple(each.file for each in files if each.file.reason),
        earlier=tuple(
            each.file for each in handed if each.file.parts not in known
        ),
        late=frozenset(each.file.parts for each in files if each.by.late),
        handed_in=by,
        number=by.attempt or max(len(attempts), *again.values(), 1),
        notes=tuple(_notes(attempts, chosen)),
    )


def _attempts(handed: Sequence[Handed]) -> list[_Attempt]:
    """Return the attempts in their order, the latest last."""
    found: dict[tuple[str, int, str, str], list[Handed]] = {}
    for each in handed:
        by = each.by
        known = by.at or by.attempt or by.version
        download = "" if known else each.download
        key = (by.at, by.attempt, "" if known else by.label, download)
        found.setdefault(key, []).append(each)
    attempts = []
    for (at, number, label, download), files in found.items():
        newest = max(each.file.modified for each in files)
        order = (at, number, newest, f"{download}{label}")
        attempts.append(_Attempt(order, files))
    return sorted(attempts, key=lambda attempt: attempt.order)


def _without_copies(attempts: list[_Attempt]) -> list[_Attempt]:
    """Leave out an attempt that is the next one in an older download: it has the same files."""
    if len(attempts) == 1 or attempts[-1].order[:2] != ("", 0):
        return attempts
    kept: list[_Attempt] = []
    before = None
    for attempt in attempts:
        now = _content(attempt.files)
        if now == before:
            kept.pop()
        kept.append(attempt)
        before = now
    return kept


def _content(files: Iterable[Handed]) -> list[tuple[tuple[str, ...], bytes]]:
    found = []
    for each in files:
        try:
            data = each.file.place.beginning(_COMPARED)
        except UnreadableError:
            data = each.file.reason.encode()
        found.append((each.below, hashlib.sha256(data).digest()))
    return sorted(found)


def _once(files: Sequence[Handed]) -> list[Handed]:
    """Return the files of an attempt, without those that another download has, too."""
    found: dict[object, Handed] = {}
    for each in files:
        same = (each.below, each.by.version)
        other = found.get(same)
        if other is not None and other.download == each.download:
            found[each.file.parts] = each
        elif other is None or each.file.modified >= other.file.modified:
            found[same] = each
    return list(found.values())


def _notes(attempts: list[_Attempt], chosen: _Attempt) -> Iterable[str]:
    latest_one = attempts[-1]
    if chosen is not latest_one:
        names = one_line(latest_one.files[0].file.name)
        yield (
            "The latest attempt has nothing that can be graded "
            f"({names}); the one before is graded."
        )
    if len(attempts) == 1 or latest_one.order[:2] != ("", 0):
        return
    times = (
        f"Handed in {len(attempts)} times, and the download does not say when"
    )
    _, _, date, download = chosen.order
    if attempts[-2].order[2] != latest_one.order[2]:
        day = date.replace("T", " ")
        yield f"{times}: the one with the newest file ({day}) is graded."
    else:
        where = one_line(download) or "the last download"
        yield f"{times}: the one in {where} is graded, the last by name."
