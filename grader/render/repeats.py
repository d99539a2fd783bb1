"""What several cases have in common is told once: the hints that an earlier case already gave. Pure."""

from collections.abc import Sequence

import msgspec

from grader.model import CaseReport, Hint


class Told(msgspec.Struct, frozen=True):
    """The hints of one case: those that are new, and those that an earlier case gave, by that case's index."""

    new: tuple[Hint, ...]
    again: tuple[tuple[int, tuple[Hint, ...]], ...]


def hints_once(cases: Sequence[CaseReport]) -> tuple[Told, ...]:
    """Sort the hints of each case into new ones and repeated ones."""
    first: dict[Hint, int] = {}
    told = []
    for index, case in enumerate(cases):
        new: list[Hint] = []
        again: dict[int, list[Hint]] = {}
        for hint in case.hints:
            at = first.setdefault(hint, index)
            (new if at == index else again.setdefault(at, [])).append(hint)
        told.append(
            Told(tuple(new), tuple((at, tuple(hints)) for at, hints in again.items()))
        )
    return tuple(told)
