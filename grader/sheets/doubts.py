"""Signs that a sheet is not the one that the grades belong to, or was changed on its way.

Each is a reason to write nothing: a grade in another student's row is worse than none.
"""

import unicodedata
from collections.abc import Mapping, Sequence

from grader.errors import UsageError
from grader.sheets.headings import Cell

_ANONYMOUS = ("participant", "anon")


def key(text: str) -> str:
    """Return the form of a name or an id in which two spellings of it are equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.replace(",", " ").split())


def refuse_others(name: str, pairs: Sequence[tuple[str, str, str]]) -> None:
    """Raise UsageError where the ids of a sheet are other students' ids.

    `pairs` has an id and the names that the sheet and the results have for it. A platform that
    numbers the students of each assignment anew gives one number to two students. A student may
    have another name in one of the two, but not most of them.
    """
    other = [each for each in pairs if not may_be_one(each[1], each[2])]
    if 2 * len(other) > len(pairs):
        id_, here, there = other[0]
        raise UsageError(
            f"{name}: {id_} is {here} there and {there} in the results; "
            "is it the sheet of another assignment or another course?"
        )


def may_be_one(first: str, second: str) -> bool:
    """Return whether two names may be one student's; where one is not known, they may."""
    first, second = key(first), key(second)
    if not first or not second:
        return True
    if first.startswith(_ANONYMOUS) or second.startswith(_ANONYMOUS):
        return True
    if not set(first.split()).isdisjoint(second.split()):
        return True
    # Canvas writes the names of its files as `lovelaceada`.
    letters = [sorted(filter(str.isalnum, text)) for text in (first, second)]
    return letters[0] == letters[1]


def refuse_lost_zeros(
    name: str,
    rows: Sequence[Sequence[str]],
    identities: Sequence[Cell],
    known: Mapping[str, object],
) -> None:
    """Raise UsageError where a spreadsheet has taken ids for numbers and dropped their zeros."""
    shortened = {
        id_.lstrip("0"): id_ for id_ in known if id_ != id_.lstrip("0")
    }
    for row in rows:
        for identity in identities:
            value = key(identity(row))
            if value in shortened and value not in known:
                raise UsageError(
                    f"{name}: has {value} for {shortened[value]}: a spreadsheet has dropped the "
                    "zeros; download the sheet anew"
                )
