"""What several cases have in common is said once: the hints that an earlier case gave. Pure."""

from collections.abc import Sequence

import msgspec

from grader.model import CaseReport, Hint


class Told(msgspec.Struct, frozen=True):
    """The hints of one case: the new ones, and those an earlier case gave, by that case's index."""

    new: tuple[Hint, ...]
    again: tuple[tuple[int, tuple[Hint, ...]], ...]


def hints_once(cases: Sequence[CaseReport]) -> tuple[Told, ...]:
    """Return the hints of each case, sorted into new and repeated ones."""
    first: dict[Hint, int] = {}
    told = []
    for index, case in enumerate(cases):
        by_case: dict[int, list[Hint]] = {}
        for hint in case.hints:
            at = first.setdefault(hint, index)
            by_case.setdefault(at, []).append(hint)
        new = by_case.pop(index, [])
        again = [(at, tuple(hints)) for at, hints in by_case.items()]
        told.append(Told(tuple(new), tuple(again)))
    return tuple(told)
