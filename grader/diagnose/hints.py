"""From the findings of a submission to the hints of each case."""

import functools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from grader.diagnose.catalogue import (
    Catalogue,
    Observed,
    evidence_of_ignoring,
)
from grader.diagnose.evidence import (
    exchanges_arguments,
    expects_more_axes,
    from_one,
    reads_a_global,
    right_where_square,
    same_for_another,
    says_something,
)
from grader.diagnose.view import View, view_of
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
    together = catalogue.explained(findings) or _from_all_results(view)
    for case, ids in together.items():
        found[case] |= ids
    for case, ids in _from_properties(view, found).items():
        found[case] |= ids
    # Most cases show the same.
    hints_of = functools.cache(lambda ids: catalogue.hints(ids, view.signs))
    hints = {case: hints_of(frozenset(ids)) for case, ids in found.items()}
    return {case: some for case, some in hints.items() if some}


def _from_single_results(view: View) -> defaultdict[str, set[str]]:
    """Collect what a result shows by itself: None, a list, a changed argument."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    evidence = view.catalogue.evidence
    for finding in view.failed:
        known = [kind for kind in from_one(finding) if kind in evidence]
        found[finding.trial.case].update(evidence[kind] for kind in known[:1])
    return found


def _from_properties(
    view: View,
    found: Mapping[str, set[str]],
) -> dict[str, Ids]:
    """Say which properties of right answers are missing, where nothing is proved."""
    by_case: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in view.failed:
        if not found.get(finding.trial.case):
            by_case[finding.trial.case].append(finding)
    return {
        case: view.catalogue.broken(failed) for case, failed in by_case.items()
    }


def _from_all_results(view: View) -> dict[str, Ids]:
    """Collect what the results show together; every one of them has to agree."""
    comparable = not view.opaque and says_something(view.wrong)
    found = _from_axes(view)
    if found is None and comparable and view.wrong and not view.raised:
        found = _from_values(view)
    if found is None:
        found = _from_text(view)
    if found is None and comparable:
        found = _square_only(view)
    return found or {}


def _from_axes(view: View) -> dict[str, Ids] | None:
    name = view.catalogue.evidence.get("expects more axes")
    if name is None or not expects_more_axes(view):
        return None
    return _everywhere(view, frozenset({name}))


def _from_values(view: View) -> dict[str, Ids] | None:
    """Explain values: by steps, by a complete wrong answer, or by an argument that is ignored."""
    ids = _explained(view, view.observed)
    if ids is None or len(ids) > 1:
        ids = view.catalogue.answer(view.findings) or ids
    if ids is not None:
        return dict.fromkeys(_wrong_cases(view), ids)
    return _ignored_argument(view) or None


def _from_text(view: View) -> dict[str, Ids] | None:
    """Explain what came back by what the text shows, or by the same exceptions."""
    evidence = view.catalogue.evidence
    for kind, shows in _BY_TEXT.items():
        if kind in evidence and shows(view):
            return _everywhere(view, frozenset({evidence[kind]}))
    answer = view.catalogue.answer(view.findings)
    return None if answer is None else _everywhere(view, answer)


_BY_TEXT: Final[dict[str, Callable[[View], bool]]] = {
    "exchanges the arguments": exchanges_arguments,
    "reads a global": reads_a_global,
}


def _everywhere(view: View, ids: Ids) -> dict[str, Ids]:
    """Give these to every case that failed."""
    return dict.fromkeys((one.trial.case for one in view.failed), ids)


def _explained(view: View, observed: Sequence[Observed]) -> Ids | None:
    """Return what explains these values, if the source does not speak against it."""
    ids = view.catalogue.explain(observed, view.shared)
    if ids is None or not view.catalogue.is_supported(ids, view.signs):
        return None
    return ids


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
    # What explains the squares is not proved elsewhere.
    return hints | dict.fromkeys(other_cases, frozenset({name}))


def _wrong_cases(view: View) -> set[str]:
    return {each.case for each in view.wrong}
