"""The exceptions of a class by kind: the type, and the message without its numbers and names.

Grouping by the line of source alone would make a kind of nearly every student, since everybody
writes the same mistake with other variables.
"""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from grader.classbook.facts import RaisedAt

_NUMBER = r"(?<![\w.])[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?(?:x\d+)*(?!\w)"
_NUMBERS = re.compile(rf"[(\[] ?{_NUMBER}(?:, ?{_NUMBER})*,? ?[)\]]|{_NUMBER}")
_QUOTED = re.compile(r"""(?<!\w)(['"`])(?:(?!\1).)*\1(?!\w)""")
"""A quoted name; the apostrophe of "can't" opens nothing."""


class ExceptionPlace(msgspec.Struct, frozen=True):
    """One line of source, wherever it stands in each file."""

    source: str
    """Empty where the line is not the student's."""
    lines: tuple[int, ...]
    count: int
    students: tuple[str, ...]


class ExceptionSummary(msgspec.Struct, frozen=True):
    """One kind of exception, and the lines that raised it."""

    type: str
    message: str
    """`...` stands for what differs, between submissions or cases."""
    example: str
    """The message that most of them got."""
    count: int
    """Of submissions."""
    students: tuple[str, ...]
    places: tuple[ExceptionPlace, ...]
    """Most frequent first."""


class _Place:
    def __init__(self) -> None:
        self.students: dict[str, None] = {}
        self.lines: set[int] = set()


class _Kind:
    def __init__(self) -> None:
        self.students: dict[str, None] = {}
        self.messages: Counter[str] = Counter()
        """Every message of this kind; each submission has one vote."""
        self.places: dict[str, _Place] = {}


class ExceptionTally:
    """Counts exceptions, one submission after the other."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def add(self, student: str, exceptions: Iterable[RaisedAt]) -> None:
        """Count the exceptions of one submission, each kind and each line once."""
        seen: set[tuple[str, str]] = set()
        for error in exceptions:
            key = (error.type, general(error.message))
            kind = self._kinds.setdefault(key, _Kind())
            kind.students[student] = None
            kind.messages[error.message] += key not in seen
            seen.add(key)
            place = kind.places.setdefault(error.source, _Place())
            place.students[student] = None
            if error.line is not None:
                place.lines.add(error.line)

    def summary(self) -> tuple[ExceptionSummary, ...]:
        """Return the kinds, the most frequent first."""
        found = [
            _summary(type_, message, kind)
            for (type_, message), kind in self._kinds.items()
        ]
        found.sort(key=lambda each: (-each.count, each.type, each.message))
        return tuple(found)


def _summary(type_: str, message: str, kind: _Kind) -> ExceptionSummary:
    example = min(kind.messages, key=lambda text: (-kind.messages[text], text))
    places = [
        ExceptionPlace(
            source,
            tuple(sorted(place.lines)),
            len(place.students),
            tuple(place.students),
        )
        for source, place in kind.places.items()
    ]
    places.sort(key=lambda place: (-place.count, place.source))
    return ExceptionSummary(
        type_,
        message if len(kind.messages) > 1 else example,
        example,
        len(kind.students),
        tuple(kind.students),
        tuple(places),
    )


def general(message: str) -> str:
    """Return a message with `...` for its numbers, its shapes and the names that it quotes."""
    return _NUMBERS.sub(_dots, _QUOTED.sub(r"\1...\1", message))


def _dots(match: re.Match[str]) -> str:
    text = match[0]
    return f"{text[0]}...{text[-1]}" if text[0] in "([" else "..."
