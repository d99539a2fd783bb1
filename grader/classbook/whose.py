"""Whom a person means by an id, an address, a name or a file."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from grader.intake.student import Student


def folded(text: str) -> str:
    """Return the form of a name or an id in which two spellings of it are equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.replace(",", " ").split())


_BY: Final[tuple[Callable[[str, Student], Sequence[str]], ...]] = (
    lambda _name, student: (student.id,),
    lambda _name, student: (student.email,),
    lambda name, _student: (name,),
    lambda _name, student: (student.name,),
    lambda name, student: (
        student.file,
        student.origin,
        name.rpartition(".")[0],
    ),
    # A spreadsheet takes ids for numbers, and drops the zeros before them.
    lambda _name, student: (student.id.lstrip("0"),),
)
"""The surest first."""


def whose(students: Mapping[str, Student], text: str) -> list[str]:
    """Return the reports that are meant: one, or several where the text fits several students."""
    wanted = folded(text)
    if not wanted:
        return []
    for keys in _BY:
        found = [
            name
            for name, student in students.items()
            if wanted in map(folded, keys(name, student))
        ]
        if found:
            return found
    return []
