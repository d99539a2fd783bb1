"""Which cases a wrong answer has to explain: those that use what it stands in for."""

from collections.abc import Iterator, Sequence

import msgspec

from grader.model import Exercise, Finding, Trial, Verdict


class Group(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The findings of all cases that use the same targets, those that failed first."""

    targets: frozenset[str]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The findings of trials that failed."""
        return tuple(
            one for one in self.findings if one.verdict is not Verdict.PASSED
        )

    @property
    def cases(self) -> frozenset[str]:
        """The names of the cases that failed."""
        return frozenset(finding.trial.case for finding in self.failed)


def groups_of(
    findings: Sequence[Finding],
    exercise: Exercise,
) -> Iterator[Group]:
    """Yield the groups in which something failed."""
    used: dict[str, frozenset[str]] = {}
    for finding in findings:
        case = finding.trial.case
        targets = targets_of(finding.trial, exercise)
        used[case] = used.get(case, frozenset()) | targets
    for targets in dict.fromkeys(used.values()):
        own = [one for one in findings if used[one.trial.case] == targets]
        # What failed is looked at first: most answers are ruled out by it.
        own.sort(key=lambda one: one.verdict is Verdict.PASSED)
        group = Group(targets=targets, findings=tuple(own))
        if group.cases:
            yield group


def targets_of(trial: Trial, exercise: Exercise) -> frozenset[str]:
    """Return the functions and classes of the stub that a trial calls."""
    if not trial.calls:
        return frozenset({exercise.function})
    return frozenset(call.name for call in trial.calls if call.on is None)
