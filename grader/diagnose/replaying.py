"""Wrong answers of any kind: replayed on every trial, and compared with what came back.

An answer explains the cases that use what it stands in for if all of their trials, with it in the
place of the student's, give what the student's code gave: the same values, or the same type of
exception in the same call. Everything else that these trials call is right. If the answers that
explain them have different ids, there is no hint.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from grader.cases.replay import replayed
from grader.compare import result_of
from grader.compare.unchanged import same
from grader.diagnose.alike import alike
from grader.diagnose.catalogue import Catalogue, Causes
from grader.diagnose.groups import Group, groups_of
from grader.diagnose.predicates import Predicates
from grader.model import Exercise, Finding, Trial, Value

Ids = frozenset[str]
Answer = Callable[..., Any]

_AND: Final = "__and__"


class Member(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One wrong answer, and what it stands in for."""

    target: str
    answer: Answer
    ids: Ids


class Given(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What an answer gives for one trial."""

    value: Value = None
    raised: str | None = None
    """The type of the exception."""
    call: int = 0
    changed: bool | None = None
    """Whether it changed an argument; None if that is not known."""


class Replaying(Catalogue):
    """A catalogue of complete wrong answers; safe to share between threads."""

    def __init__(
        self,
        texts: Mapping[str, str],
        evidence: Mapping[str, str],
        *,
        exercise: Exercise,
        right: Mapping[str, Any],
        members: Sequence[Member],
        predicates: Predicates,
        causes: Causes | None = None,
    ) -> None:
        super().__init__(texts, evidence, causes)
        self.members = tuple(members)
        self._exercise = exercise
        self._right = right
        self._predicates = predicates

    def explained(self, findings: Sequence[Finding]) -> dict[str, Ids]:
        """Return the ids of each failed case that an answer or a predicate explains."""
        found: dict[str, Ids] = {}
        for group in groups_of(findings, self._exercise):
            ids = self._answers(group) or self._predicates.ids(group)
            if ids:
                found |= dict.fromkeys(group.cases, ids)
        return found

    def broken(self, findings: Sequence[Finding]) -> Ids:
        """Return the ids of the properties of right answers that these do not have."""
        return self._predicates.broken(findings)

    def answer(
        self,
        findings: Sequence[Finding],  # noqa: ARG002 - `explained` has looked at them
    ) -> Ids | None:
        """Return None: `explained` is asked first."""
        return None

    def _answers(self, group: Group) -> Ids | None:
        found = {
            member.ids
            for member in self.members
            if member.target in group.targets and self._fits(member, group)
        }
        return next(iter(found)) if len(found) == 1 else None

    def _fits(self, member: Member, group: Group) -> bool:
        # Where a change of an argument is a misconception of its own, it says nothing else.
        apart = "changed an argument" in self.evidence
        return all(
            is_given(self.given(member, finding.trial), finding, apart=apart)
            for finding in group.findings
        )

    def given(self, member: Member, trial: Trial) -> Given:
        """Return what an answer gives for a trial."""
        changes: list[bool] = []
        answer = member.answer
        if not isinstance(answer, type):
            answer = _noting(answer, changes)
        names = {**self._right, member.target: answer}
        done = replayed(trial, self._exercise.function, names)
        changed = None if isinstance(member.answer, type) else any(changes)
        if done.raised is None:
            return Given(value=done.value, changed=changed)
        return Given(raised=type(done.raised).__name__, call=done.call)


def _noting(answer: Answer, changes: list[bool]) -> Answer:
    """Return the same function, which notes whether each call changed an argument."""

    def noting(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the answer takes
        given = [*args, *kwargs.values()]
        before = [_copy(value) for value in given]
        try:
            return answer(*args, **kwargs)
        finally:
            changes.append(not all(map(same, before, given)))

    return noting


def _copy(value: Any) -> Any:  # noqa: ANN401 - a value, or an object of an earlier call
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple):
        return type(value)(map(_copy, value))
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return value


def is_given(wrong: Given, finding: Finding, *, apart: bool = False) -> bool:
    """Return whether a trial came out as with a wrong answer.

    With `apart`, whatever happened to the arguments.
    """
    outcome = finding.outcome
    if outcome.kind == "raised" and outcome.raised is not None:
        same_place = outcome.call == wrong.call
        return wrong.raised == outcome.raised.type and same_place
    if outcome.kind != "returned" or wrong.raised is not None:
        return False
    changed = finding.rung == "modified"
    if not apart and wrong.changed is not None and wrong.changed != changed:
        return False
    return alike(result_of(outcome), wrong.value)


def ids_of(function: object) -> Ids:
    """Return the ids that an answer stands for: several for `one__and__another`."""
    name: str = getattr(function, "__name__", "")
    return frozenset(
        part.split("__", maxsplit=1)[0].replace("_", "-")
        for part in name.split(_AND)
    )
