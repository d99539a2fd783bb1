"""What several cases share is shown once: a finding, the hints of an earlier case. Pure."""

import re
from collections.abc import Hashable, Sequence
from typing import Final

import msgspec

from grader.model import CaseReport, Hint, Verdict

_NUMBER: Final = re.compile(r"-?\d[\d.,]*")


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


def said_before(cases: Sequence[CaseReport]) -> tuple[bool, ...]:
    """Return of each case that passed whether an earlier one has said so in the same words."""
    said: set[str] = set()
    found = []
    for case in cases:
        words = _NUMBER.sub("#", case.message)
        passed = case.verdict is Verdict.PASSED
        found.append(passed and words in said)
        if passed:
            said.add(words)
    return tuple(found)


def same_findings(cases: Sequence[CaseReport]) -> tuple[tuple[int, ...], ...]:
    """Return the indices of the cases, those with the same finding together.

    What failed comes first, and what passed is never put together: it is one line already.
    """
    failed: dict[Hashable, list[int]] = {}
    passed = []
    for index, case in enumerate(cases):
        if case.verdict is Verdict.PASSED:
            passed.append((index,))
        else:
            failed.setdefault(_finding(case), []).append(index)
    return (*map(tuple, failed.values()), *passed)


def _finding(case: CaseReport) -> Hashable:
    """Return what is wrong, whatever the numbers are that it shows in."""
    details = case.details
    there = details.exception or details.still
    place = None if there is None else (there.cell, there.line, there.source)
    kind = details.exception.type if details.exception else details.rung
    # A hint is proven: two cases with the same one are wrong in the same way, wherever it shows.
    said = "" if case.hints else _NUMBER.sub("#", case.message)
    return case.verdict, kind, place, case.hints, said
