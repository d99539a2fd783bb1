"""From the findings of a submission to the hints of each case."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, TypeAlias

from grader.diagnose.catalogue import Catalogue, evidence_of_ignoring
from grader.diagnose.evidence import (
    View,
    exchanges_arguments,
    expects_more_axes,
    from_one,
    reads_a_global,
    right_where_square,
    same_for_another,
    says_something,
    view_of,
)
from grader.model import Exercise, Finding, Hint, Loading, Submission, Verdict

Ids: TypeAlias = frozenset[str]

_NONE: Final[Ids] = frozenset()


def diagnose(
    findings: Sequence[Finding],
    loading: Loading,
    submission: Submission,
    exercise: Exercise,
    catalogue: Catalogue,
) -> dict[str, tuple[Hint, ...]]:
    """Return the hints of each case that failed: case name -> hints, in the catalogue's order.

    A case about which nothing is known is left out. Never raises.
    """
    passed = all(finding.verdict is Verdict.PASSED for finding in findings)
    if passed or loading.state != "ready":
        return {}
    view = view_of(findings, submission, exercise, catalogue)
    found = _from_single_results(view)
    for case, ids in _from_all_results(view).items():
        found[case] |= ids
    hints = {case: catalogue.hints(ids) for case, ids in found.items()}
    return {case: some for case, some in hints.items() if some}


def _from_single_results(view: View) -> defaultdict[str, set[str]]:
    """Collect what a result shows by itself: None, a list, a changed argument."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for finding in view.failed:
        name = view.catalogue.evidence.get(from_one(finding) or "")
        if name is not None:
            found[finding.trial.case].add(name)
    return found


def _from_all_results(view: View) -> dict[str, Ids]:
    """Collect what the results show together; every one of them has to agree."""
    evidence = view.catalogue.evidence
    failed = {finding.trial.case for finding in view.failed}
    if "expects more axes" in evidence and expects_more_axes(view):
        return dict.fromkeys(failed, frozenset({evidence["expects more axes"]}))
    comparable = not view.opaque and says_something(view.wrong)
    if comparable and view.wrong and not view.raised:
        ids = view.catalogue.explain(view.observed, view.shared)
        if ids is not None:
            return dict.fromkeys(_wrong_cases(view), ids)
        ignored = _ignored_argument(view)
        if ignored:
            return ignored
    if "exchanges the arguments" in evidence and exchanges_arguments(view):
        return dict.fromkeys(
            failed, frozenset({evidence["exchanges the arguments"]})
        )
    if "reads a global" in evidence and reads_a_global(view):
        return dict.fromkeys(failed, frozenset({evidence["reads a global"]}))
    return _square_only(view) if comparable else {}


def _ignored_argument(view: View) -> dict[str, Ids]:
    for index, argument in enumerate(view.exercise.arguments):
        name = view.catalogue.evidence.get(evidence_of_ignoring(argument))
        if name is not None and same_for_another(view, index):
            others = (
                view.catalogue.explain_constant(view.observed, index) or _NONE
            )
            return dict.fromkeys(_wrong_cases(view), others | {name})
    return {}


def _square_only(view: View) -> dict[str, Ids]:
    name = view.catalogue.evidence.get(
        "right where the first argument is square"
    )
    if name is None:
        return {}
    pattern = right_where_square(view)
    if pattern is None:
        return {}
    on_squares, other_cases = pattern
    hints = dict.fromkeys(_wrong_cases(view), on_squares)
    return hints | dict.fromkeys(other_cases, on_squares | {name})


def _wrong_cases(view: View) -> set[str]:
    return {each.case for each in view.wrong}
