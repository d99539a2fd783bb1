"""What proves a misconception other than its values: the type of a result, an exception, the text, a pattern of cases.

Each recogniser looks at what came back (`View`) and gives the cases that it explains; it claims
nothing that the evidence leaves open. The kinds of evidence are those of `catalogue.EVIDENCE`.
"""

import functools
import re
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from grader.diagnose.catalogue import Catalogue, Observed, Shared, observe
from grader.model import Exercise, Finding, Raised, SourceFacts, Submission, Verdict

_SILENT: Final = {
    "timed_out",
    "out_of_memory",
    "crashed",
    "invalid_output",
    "not_run",
    "grader_error",
}
_MATRIX: Final = 2
_SIZES: Final = 2
_UNDEFINED: Final = re.compile(r"name '(\w+)' is not defined")


class View(msgspec.Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """The findings of one submission, sorted by what can be made of them."""

    failed: tuple[Finding, ...]
    raised: tuple[Finding, ...]
    observed: tuple[Observed, ...]
    """Results with values, right ones too: an explanation has to hold for all of them."""
    opaque: bool
    """Whether something came back whose values nobody can match: None, text, complex numbers."""
    submission: Submission
    exercise: Exercise
    catalogue: Catalogue
    shared: Shared = {}
    """What several explanations share."""

    @property
    def wrong(self) -> tuple[Observed, ...]:
        """The results with values that failed."""
        return tuple(each for each in self.observed if each.failed)

    @functools.cached_property
    def facts(self) -> SourceFacts:
        """What the text of the submission shows: asked only where values alone explain nothing, which is rare."""
        from grader.submission import source_facts  # parses

        return source_facts(self.submission, self.exercise)

    def line(self, raised: Raised) -> str:
        """Give the source line that an exception came from; empty where it is not known."""
        for unit in self.submission.units:
            if unit.cell == raised.cell and raised.line is not None:
                lines = unit.source.split("\n")
                return lines[raised.line - 1] if 0 < raised.line <= len(lines) else ""
        return ""


def view_of(
    findings: Sequence[Finding],
    submission: Submission,
    exercise: Exercise,
    catalogue: Catalogue,
) -> View:
    """Sort the findings. A call that gave nothing, because it was ended, neither proves nor disproves anything."""
    failed = tuple(
        finding for finding in findings if finding.verdict is not Verdict.PASSED
    )
    observed = [
        observed_of(finding)
        for finding in findings
        if finding.outcome.kind == "returned"
    ]
    return View(
        failed=failed,
        raised=tuple(finding for finding in failed if finding.outcome.kind == "raised"),
        observed=tuple(each for each in observed if each is not None),
        opaque=any(each is None for each in observed),
        submission=submission,
        exercise=exercise,
        catalogue=catalogue,
    )


def says_something(observed: Sequence[Observed]) -> bool:
    """Tell whether values can prove anything: one constant all over, such as a 1 everywhere, comes from too much.

    Zeros can: that nothing was computed is a misconception by itself.
    """
    constants = {
        float(each.values[0])
        if each.values.size and (each.values == each.values[0]).all()
        else None
        for each in observed
    }
    return len(constants) != 1 or constants <= {0.0, None}


def observed_of(finding: Finding) -> Observed | None:
    """Make the value of a finding ready to be matched; None where it has no real numbers."""
    outcome, trial = finding.outcome, finding.trial
    if outcome.value is None:
        return None
    return observe(
        trial.case, trial.name, trial.args, outcome.value,
        listed=is_list(finding), failed=finding.verdict is not Verdict.PASSED,
    )  # fmt: skip


def is_list(finding: Finding) -> bool:
    """Tell whether the function gave a list, or a tuple of rows, and not an array.

    `return result, size` makes a tuple too, but that is another mistake.
    """
    outcome = finding.outcome
    rows = outcome.value is not None and outcome.value.ndim == _MATRIX
    return outcome.kind == "returned" and (
        outcome.type_name == "list" or (outcome.type_name == "tuple" and rows)
    )


def from_one(finding: Finding) -> str | None:
    """Name the evidence that one finding alone is."""
    if finding.outcome.kind == "returned" and finding.outcome.type_name == "NoneType":
        return "returned None"
    if is_list(finding):
        return "returned a list"
    return "changed an argument" if finding.rung == "modified" else None


# -------------------------------------------------------------------------------------------------- from exceptions


def expects_more_axes(view: View) -> bool:
    """Tell whether every call that failed ended where the code takes its first argument for one with more axes."""
    if not view.raised or len(view.raised) < len(view.failed):
        return False
    from grader.submission import wants_more_axes  # parses: only where something failed

    axes = {finding.trial.args[0].ndim for finding in view.failed if finding.trial.args}
    raised = {finding.outcome.raised for finding in view.raised}
    return len(axes) == 1 and all(
        each is not None
        and wants_more_axes(view.submission.units, view.exercise, each, min(axes))
        for each in raised
    )


def reads_a_global(view: View) -> bool:
    """Tell whether the function needs data that does not come in through its arguments.

    Either every failed call ended at a name that nothing in the function binds, and that is no
    misspelt one, no module and no function; or the text shows that it loads such data, and that it
    never looks at one of its arguments or gives results of one shape for arguments of several.
    """
    named = [_undefined(view, finding) for finding in view.failed]
    if named and all(named) and len(set(named)) == 1:
        return True
    if not view.facts.reads_globals or _any_passed(view):
        return False
    if view.facts.unread_parameters:
        return True
    shapes = {each.shape for each in view.wrong}
    arguments = {each.shapes for each in view.wrong}
    return (
        len(view.wrong) == len(view.failed) and len(shapes) == 1 and len(arguments) > 1
    )


def _any_passed(view: View) -> bool:
    return any(not each.failed for each in view.observed)


def _undefined(view: View, finding: Finding) -> str | None:
    raised = finding.outcome.raised
    match = (
        _UNDEFINED.search(raised.message)
        if raised is not None and raised.type == "NameError"
        else None
    )
    if match is None or raised is None:
        return None
    name = match[1]
    data = {use.name for use in view.facts.reads_globals}
    data |= {use.name for use in view.facts.unbound if use.suggestion is None}
    called = re.search(rf"(?<![\w.]){name}\s*\(", view.line(raised))
    return name if name in data and not called else None


# ------------------------------------------------------------------------------------------------ from several cases


def same_for_another(view: View, argument: int) -> bool:
    """Tell whether results never depend on one argument: where only it differs, the values are the same.

    Where the text shows that other arguments are not looked at either, there is more to say than
    this. Every case that failed has to show it, and the values must say something: a constant is
    the same for anything.
    """
    parameters = view.facts.parameters
    if set(view.facts.unread_parameters) - set(parameters[argument : argument + 1]):
        return False
    pairs: dict[str, bool] = {}
    wrong = view.wrong
    for index, left in enumerate(wrong):
        for right in wrong[:index]:
            if left.case == right.case and _only_differs(left, right, argument):
                same = left.shape == right.shape and np.array_equal(
                    left.values, right.values
                )
                pairs[left.case] = (
                    pairs.get(left.case, True)
                    and same
                    and bool((left.values != left.values[:1]).any())
                )
    return (
        bool(pairs)
        and all(pairs.values())
        and {each.case for each in wrong} == set(pairs)
    )


def _only_differs(left: Observed, right: Observed, argument: int) -> bool:
    same = [np.array_equal(a, b) for a, b in zip(left.args, right.args, strict=True)]
    return not same[argument] and all(same[:argument]) and all(same[argument + 1 :])


def right_where_square(view: View) -> tuple[frozenset[str], frozenset[str]] | None:
    """Tell whether the function works on square first arguments alone: right there, or wrong in an explained way.

    Gives what explains the square cases, and the names of the other ones; None where this is not
    the pattern. The others have to fail all, by values or by an index or a shape that does not fit;
    and there have to be squares of two sizes, or it could be the size that matters.
    """
    others = [finding for finding in view.failed if not _is_square(finding.trial.args)]
    wrong = [finding for finding in view.failed if _is_square(finding.trial.args)]
    square = [each for each in view.observed if _is_square(each.args)]
    rest = [each for each in view.observed if not _is_square(each.args)]
    if len({each.shapes[0] for each in square}) < _SIZES or not others:
        return None
    if not all(each.failed for each in rest) or not all(map(_misfit, others)):
        return None
    if any(finding.outcome.kind != "returned" for finding in wrong):
        return None
    explained = (
        view.catalogue.explain(square, view.shared) if wrong else frozenset[str]()
    )
    if explained is None:
        return None
    for case in {each.case for each in rest}:
        if (
            view.catalogue.explain(
                [each for each in rest if each.case == case], view.shared
            )
            == explained
        ):
            return None
    return explained, frozenset(finding.trial.case for finding in others)


def _misfit(finding: Finding) -> bool:
    if finding.outcome.kind in _SILENT:
        return False
    raised = finding.outcome.raised
    return raised is None or raised.type in {"IndexError", "ValueError"}


def _is_square(args: Sequence[np.ndarray]) -> bool:
    shape = args[0].shape if args else ()
    return len(shape) >= _MATRIX and shape[0] == shape[1]
