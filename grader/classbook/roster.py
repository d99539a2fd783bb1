"""A list of the class: a Moodle worksheet, another platform's export, or any CSV with headings.

Recognised are the headings that platforms use for ids, names and e-mail addresses, in any order and
any case; encoding and separator are found out. A student has several ids (a number, a login, a
matriculation number), and a download may know them by any of them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple, TypeAlias, TypeVar

import msgspec

from grader.classbook.whose import folded
from grader.errors import UsageError
from grader.intake.student import Student
from grader.opening import read_chosen
from grader.sheets.table import Table
from grader.strict import did_you_mean

_IDS: Final = (
    "identifier",
    "id",
    "user id",
    "orgdefinedid",
    "student id",
    "student number",
    "sid",
    "id number",
    "sis user id",
    "sis login id",
    "integration id",
    "username",
    "user name",
    "login",
    "login id",
    "participant number",
    "matriculation number",
    "matrikelnummer",
    "github_username",
)
"""The surest first: a student is known by the first of these that their row has."""
_NAMES: Final = (
    "full name",
    "name",
    "student",
    "student name",
    "vollständiger name",
    "nom complet",
    "nombre completo",
)
_FIRST: Final = ("first name", "given name", "vorname")
_LAST: Final = ("last name", "surname", "family name", "nachname")
_EMAILS: Final = ("email", "e-mail", "email address", "e-mail-adresse", "mail")
_TIMES: Final = ("last modified (submission)",)
_PARTICIPANT: Final = re.compile(r"[^\W\d]+\s+(\d+)")
"""Moodle's `Participant 301`, in any language."""
_MOODLE_TIMES: Final = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M")
_NOBODY: Final = frozenset({"points possible", "student test"})
"""Rows of Canvas that are not a student's."""


_LARGEST: Final = 32 << 20
"""Bytes: a hundred times the list of a large university's largest course."""

_Value = TypeVar("_Value")


class Listed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One student of a roster."""

    name: str
    ids: tuple[str, ...] = ()
    email: str = ""
    submitted_at: str = ""
    """ISO 8601, where the list of a platform tells it."""

    @property
    def id(self) -> str:
        """The surest of the ids."""
        return self.ids[0] if self.ids else ""


class Attendance(NamedTuple):
    """A class and its roster, compared."""

    students: dict[str, Student]
    """Name of the report -> the student, with what the roster knows about them."""
    missing: tuple[Listed, ...] = ()
    """Listed, and nothing was handed in."""
    unlisted: tuple[str, ...] = ()
    """Names of reports whose students are not listed."""


def read_roster(path: Path) -> tuple[Listed, ...]:
    """Return the students of a roster.

    UsageError, naming the file and the fix, where it is not one, or lists somebody twice.
    """
    data = read_chosen(
        path, "give the list of the class as a CSV file", _LARGEST
    )
    table = Table(str(path), data)
    read = _reader(table)
    found: list[Listed] = []
    lines: dict[str, int] = {}
    for line, row in enumerate(table.rows[1:], 2):
        listed = read(row)
        if listed is None:
            continue
        key = folded(listed.id or listed.email or listed.name)
        if key in lines:
            who = listed.id or listed.email or listed.name
            raise UsageError(
                f"{path}: lists {who} twice, in rows {lines[key]} and {line}; remove one of them"
            )
        lines[key] = line
        found.append(listed)
    if not found:
        raise UsageError(f"{path}: lists nobody")
    return tuple(found)


def _reader(table: Table) -> Callable[[Sequence[str]], Listed | None]:
    """Return what makes a student of a row; UsageError where no heading is known."""
    at = {
        heading.strip().casefold().lstrip("\ufeff"): column
        for column, heading in reversed(list(enumerate(table.header)))
    }

    def columns(headings: Iterable[str]) -> list[int]:
        return [at[heading] for heading in headings if heading in at]

    ids, emails = columns(_IDS), columns(_EMAILS)
    whole, first, last = columns(_NAMES), columns(_FIRST), columns(_LAST)
    times = columns(_TIMES)
    if not (ids or emails or whole or last):
        known = (*_IDS, *_NAMES, *_EMAILS)
        guesses = (did_you_mean(heading, known) for heading in at)
        raise UsageError(
            f"{table.name}: has no heading that is known; name its columns "
            f"id, name and email{next(filter(None, guesses), '')}"
        )

    def read(row: Sequence[str]) -> Listed | None:
        name = _spoken(_first(row, whole)) or " ".join(
            filter(None, (_first(row, first), _first(row, last)))
        )
        cells = (_id(_cell(row, column)) for column in ids)
        known = tuple(dict.fromkeys(filter(None, cells)))
        listed = Listed(
            name, known, _first(row, emails), _time(_first(row, times))
        )
        is_nobody = folded(_first(row, whole)) in _NOBODY
        return listed if name + "".join(known) and not is_nobody else None

    return read


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _first(row: Sequence[str], columns: Sequence[int]) -> str:
    return next(filter(None, (_cell(row, at) for at in columns)), "")


def _id(text: str) -> str:
    """Return an id without what a platform writes before it."""
    participant = _PARTICIPANT.fullmatch(text)
    return participant[1] if participant else text.lstrip("#")


def _spoken(name: str) -> str:
    """Return "Ada Lovelace" for the "Lovelace, Ada" of Canvas."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


def _time(text: str) -> str:
    """Return the time of a Moodle worksheet in ISO 8601; empty where it is of another language."""
    for form in _MOODLE_TIMES:
        try:
            return datetime.strptime(text, form).isoformat()  # noqa: DTZ007 - Moodle tells no zone
        except ValueError:
            continue
    return ""


_Tier: TypeAlias = tuple[
    Callable[[Listed], Iterable[str]], Callable[[Student], Iterable[str]]
]
"""The keys of an entry of the roster, and of a student: two that share one are the same person."""


def call_the_roll(
    students: Mapping[str, Student], roster: Sequence[Listed]
) -> Attendance:
    """Compare a class with its roster: by id, then by address, then by a name that one has."""
    if not roster:
        return Attendance(dict(students))
    found: dict[str, Student] = {}
    present: set[Listed] = set()
    for tier in _TIERS:
        absent = [listed for listed in roster if listed not in present]
        unknown = {
            name: each for name, each in students.items() if name not in found
        }
        for name, listed in _matched(unknown, absent, tier).items():
            present.add(listed)
            found[name] = _filled(students[name], listed)
    return Attendance(
        {name: found.get(name, each) for name, each in students.items()},
        tuple(listed for listed in roster if listed not in present),
        tuple(name for name in students if name not in found),
    )


def _matched(
    students: Mapping[str, Student], roster: Sequence[Listed], tier: _Tier
) -> dict[str, Listed]:
    """Return name -> entry of the roster, by the keys that one has on either side."""
    keys_listed, keys_student = tier
    index = _unique(
        (key, listed) for listed in roster for key in keys_listed(listed)
    )
    wanted = _unique(
        (key, name)
        for name, student in students.items()
        for key in keys_student(student)
    )
    found: dict[str, Listed] = {}
    taken: set[Listed] = set()
    for key, name in wanted.items():
        listed = index.get(key)
        if listed is None or listed in taken or name in found:
            continue
        taken.add(listed)
        found[name] = listed
    return found


def _stem(student: Student) -> str:
    return PurePosixPath(student.name).stem


_TIERS: Final[tuple[_Tier, ...]] = (
    (lambda listed: listed.ids[:1], lambda student: (student.id,)),
    (lambda listed: listed.ids, lambda student: (student.id,)),
    (lambda listed: (listed.email,), lambda student: (student.email,)),
    (
        lambda listed: (*listed.ids, listed.email),
        lambda student: (student.name, _stem(student)),
    ),
    (
        lambda listed: (listed.name,),
        lambda student: (student.name, _stem(student)),
    ),
)


def _unique(pairs: Iterable[tuple[str, _Value]]) -> dict[str, _Value]:
    """Return key -> value, without the keys that belong to several."""
    folded_pairs = ((folded(key), value) for key, value in pairs if key.strip())
    kept = list(dict.fromkeys(folded_pairs))
    times = Counter(key for key, _ in kept)
    return {key: value for key, value in kept if times[key] == 1}


def _filled(student: Student, listed: Listed) -> Student:
    """Return a student with what only the roster knows about them."""
    return msgspec.structs.replace(
        student,
        name=listed.name or student.name,
        id=student.id or listed.id,
        email=student.email or listed.email,
        submitted_at=student.submitted_at or listed.submitted_at,
    )
