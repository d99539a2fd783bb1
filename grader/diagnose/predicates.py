"""What an author says in code about a result: predicates that prove a misconception, properties.

A predicate is used where no wrong answer can give the same result, as with random results. It has
to hold for every trial that failed, in all cases that use its target, except those about which it
says None. A property is something that every right answer has: if it does not hold, and nothing is
proved, its hint is given.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from grader.compare import result_of
from grader.compare.checks import (
    call_by_name,
    called_name,
    given_arguments,
)
from grader.diagnose.alike import alike
from grader.diagnose.groups import Group
from grader.model import Earlier, Exercise, Finding, Target, Trial, Value

Ids = frozenset[str]

_FREE: Final = frozenset({"expected", "case", "raised"})
"""What a predicate or a property may ask for besides the parameters of a target."""


class Predicate(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A test of a result by the author, and the ids that it proves."""

    ids: Ids
    holds: Callable[..., Any]
    targets: frozenset[str]
    """The targets that have all parameters which it asks for."""
    asks_raised: bool = False
    """Whether it is asked about calls that raised too; without this, it does not hold there."""


def predicate(
    ids: Ids,
    holds: Callable[..., Any],
    targets: Sequence[Target],
) -> Predicate:
    """Return a predicate or a property with the targets that it can be about."""
    asked = set(list(inspect.signature(holds).parameters)[1:])
    fitting = [
        target.name
        for target in targets
        if asked - _FREE <= {parameter.name for parameter in target.parameters}
    ]
    return Predicate(
        ids=ids,
        holds=holds,
        targets=frozenset(fitting),
        asks_raised="raised" in asked,
    )


class Predicates:
    """The predicates and properties of one exercise."""

    def __init__(
        self,
        exercise: Exercise,
        predicates: Sequence[Predicate] = (),
        properties: Sequence[Predicate] = (),
    ) -> None:
        self._exercise = exercise
        self._predicates = tuple(predicates)
        self._properties = tuple(properties)

    def ids(self, group: Group) -> Ids:
        """Return the ids whose predicates hold for all trials of a group that failed."""
        # A right value in a wrong form, or beside a changed argument, shows nothing of the kind.
        wrong = [one for one in group.failed if not _is_right(one)]
        found = [
            each.ids
            for each in self._predicates
            if group.targets & each.targets and self._proves(each, wrong)
        ]
        return frozenset().union(*found)

    def _proves(self, each: Predicate, wrong: Sequence[Finding]) -> bool:
        """Return whether it holds for some of these trials, and fails for none."""
        said = [self._says(each, finding) for finding in wrong]
        return True in said and False not in said

    def _says(self, each: Predicate, finding: Finding) -> bool | None:
        trial, outcome = finding.trial, finding.outcome
        raised = None if outcome.raised is None else outcome.raised.type
        if outcome.kind != "returned" and not (each.asks_raised and raised):
            return False
        first = self._first_call(trial, each.targets)
        known = self._known(trial, first)
        known |= {
            "expected": finding.expected,
            "case": trial.case,
            "raised": raised,
        }
        answer = result_of(outcome) if outcome.kind == "returned" else None
        return _asked(each, answer, known)

    def _first_call(self, trial: Trial, targets: frozenset[str]) -> int:
        for index in range(len(trial.calls)):
            if called_name(trial, index, self._exercise.targets) in targets:
                return index
        return 0

    def _known(self, trial: Trial, index: int) -> dict[str, Value]:
        exercise = self._exercise
        return given_arguments(
            trial, index, exercise.targets, exercise.arguments
        )

    def broken(self, findings: Sequence[Finding]) -> Ids:
        """Return the ids of the properties that some result among these does not have."""
        found = [
            each.ids
            for each in self._properties
            for finding in findings
            if finding.outcome.kind == "returned"
            if self._breaks(each, finding)
        ]
        return frozenset().union(*found)

    def _breaks(self, each: Predicate, finding: Finding) -> bool:
        trial, answer = finding.trial, result_of(finding.outcome)
        for index, value, expected in results_in(
            trial.result, answer, finding.expected
        ):
            name = called_name(trial, index, self._exercise.targets)
            if name not in each.targets:
                continue
            known = self._known(trial, index)
            known |= {"expected": expected, "case": trial.case}
            if _asked(each, value, known, raising=None) is False:
                return True
        return False


def _is_right(finding: Finding) -> bool:
    """Return whether what came back is what the reference gives, whatever its form."""
    outcome = finding.outcome
    if outcome.kind != "returned":
        return False
    return alike(result_of(outcome), finding.expected)


def _asked(
    each: Predicate,
    answer: Value,
    known: Mapping[str, Value],
    *,
    raising: bool | None = False,
) -> bool | None:
    """Return what the author's function says, `raising` where it raises; None says nothing."""
    try:
        said = call_by_name(each.holds, answer, known)
        return None if said is None else bool(said)
    except Exception:  # noqa: BLE001 - the author's function may raise anything
        return raising


def results_in(
    template: Value,
    answer: Value,
    expected: Value,
) -> Iterator[tuple[int, Value, Value]]:
    """Yield each call whose result is in a trial's result: its place, what came, what is right."""
    if isinstance(template, Earlier):
        yield template.index, answer, expected
    elif isinstance(template, dict):
        for key, inner in template.items():
            yield from results_in(inner, answer[key], expected[key])
    elif isinstance(template, list | tuple):
        for parts in zip(template, answer, expected, strict=True):
            yield from results_in(*parts)
