"""What came back of one submission, sorted by what it can show."""

import functools
from collections.abc import Sequence
from typing import Final

import msgspec

from grader.compare import numbers_of, result_of
from grader.diagnose.catalogue import Catalogue, Observed, Shared, observe
from grader.model import (
    Earlier,
    Exercise,
    Finding,
    Raised,
    SourceFacts,
    Submission,
    Verdict,
)

_MATRIX: Final = 2


class View(msgspec.Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """The findings of one submission, sorted by what they can show."""

    findings: tuple[Finding, ...]
    failed: tuple[Finding, ...]
    raised: tuple[Finding, ...]
    observed: tuple[Observed, ...]
    """Results with values, right ones too: an explanation has to hold for all of them."""
    opaque: bool
    """Whether some result has no values to match: None, text, complex numbers."""
    submission: Submission
    exercise: Exercise
    catalogue: Catalogue
    shared: Shared = {}

    @functools.cached_property
    def passed(self) -> tuple[Finding, ...]:
        """The findings of the trials that passed."""
        return tuple(
            one for one in self.findings if one.verdict is Verdict.PASSED
        )

    @functools.cached_property
    def wrong(self) -> tuple[Observed, ...]:
        """The results with values that failed."""
        return tuple(each for each in self.observed if each.failed)

    @functools.cached_property
    def facts(self) -> SourceFacts:
        """What the text of the submission shows. Rarely needed: only if values explain nothing."""
        from grader.submission import source_facts  # which parses

        return source_facts(self.submission, self.exercise, self._called)

    @property
    def _called(self) -> str | None:
        """What the first trial that failed calls first; None for the exercise's first function."""
        for finding in self.findings:
            if finding.verdict is not Verdict.PASSED and finding.trial.calls:
                return finding.trial.calls[0].name
        return None

    def signs(self) -> frozenset[str]:
        """Return the signs of causes that the text of the submission shows."""
        return self._signs

    @functools.cached_property
    def _signs(self) -> frozenset[str]:
        from grader.diagnose.signs import signs_of  # which parses

        return signs_of(self.submission, self.exercise)

    def line(self, raised: Raised) -> str:
        """Return the source line that an exception came from; empty if it is not known."""
        if raised.line is None:
            return ""
        for unit in self.submission.units:
            if unit.cell == raised.cell:
                lines = unit.source.split("\n")
                return (
                    lines[raised.line - 1]
                    if 0 < raised.line <= len(lines)
                    else ""
                )
        return ""


def view_of(
    findings: Sequence[Finding],
    submission: Submission,
    exercise: Exercise,
    catalogue: Catalogue,
) -> View:
    """Sort the findings of a submission."""
    failed = [one for one in findings if one.verdict is not Verdict.PASSED]
    returned = [one for one in findings if one.outcome.kind == "returned"]
    observed = [_observed(finding) for finding in returned]
    return View(
        findings=tuple(findings),
        failed=tuple(failed),
        raised=tuple(one for one in failed if one.outcome.kind == "raised"),
        observed=tuple(each for each in observed if each is not None),
        opaque=any(each is None for each in observed),
        submission=submission,
        exercise=exercise,
        catalogue=catalogue,
    )


def _observed(finding: Finding) -> Observed | None:
    outcome, trial = finding.outcome, finding.trial
    numbers = numbers_of(result_of(outcome))
    if numbers is None:
        return None
    return observe(
        trial.case,
        trial.name,
        trial.args,
        numbers,
        listed=is_list(finding),
        failed=finding.verdict is not Verdict.PASSED,
    )


def is_list(finding: Finding) -> bool:
    """Tell whether the function returned a list, or a tuple of rows.

    `return result, size` and `return result, mask` make a tuple too, but that is another mistake.
    So does a case that yields several results, which is not the student's mistake at all.
    """
    outcome = finding.outcome
    is_one = isinstance(finding.trial.result, Earlier)
    if outcome.kind != "returned" or not is_one:
        return False
    if outcome.type_name == "tuple":
        rows = numbers_of(result_of(outcome))
        axes = getattr(finding.expected, "ndim", 0)
        return rows is not None and rows.ndim == axes == _MATRIX
    return outcome.type_name == "list"
