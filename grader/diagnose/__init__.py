"""From what is wrong to why: the misconceptions that a student's outputs prove, and no guess ever.

A hint is given where what the student's code gave is what that misconception, or the smallest
combination of them, gives on every trial that failed, and what is right on every trial that passed,
and nothing else in the catalogue gives the same. Everything here is generic: what is known about
one exercise comes from its `misconceptions.py` (`catalogue`), or from what was computed with it
beforehand for the public examples (`public`).
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from grader.diagnose.catalogue import Catalogue
from grader.diagnose.evidence import (
    View,
    expects_more_axes,
    from_one,
    reads_a_global,
    right_where_square,
    same_for_another,
    says_something,
    view_of,
)
from grader.model import (
    Exercise,
    Finding,
    Hint,
    Loading,
    Solutions,
    Submission,
    Verdict,
)

__all__ = [
    "Catalogue",
    "diagnose",
    "load_catalogue",
    "load_public_catalogue",
    "submission_source",
]


# What follows imports when it is called: most of it is not needed where everything passed.


def load_catalogue(exercise: Exercise, solutions: Solutions) -> Catalogue:
    """Load the misconceptions of an exercise (`load`)."""
    from grader.diagnose import load

    return load.load_catalogue(exercise, solutions)


def load_public_catalogue(exercise: Exercise) -> Catalogue:
    """Load what diagnosis needs for the public examples (`public`)."""
    from grader.diagnose import public

    return public.load_public_catalogue(exercise)


def submission_source(folder: Path, exercise: Exercise, *names: str) -> str:
    """Give the text of a submission that has these misconceptions (`load`)."""
    from grader.diagnose import load

    return load.submission_source(folder, exercise, *names)


def diagnose(
    findings: Sequence[Finding],
    loading: Loading,
    submission: Submission,
    exercise: Exercise,
    catalogue: Catalogue,
) -> dict[str, tuple[Hint, ...]]:
    """Give the hints of each case that failed: name of the case -> hints, in the catalogue's order; never raises.

    Cases that nothing is known about are left out.
    """
    if loading.state != "ready" or all(
        finding.verdict is Verdict.PASSED for finding in findings
    ):
        return {}
    view = view_of(findings, submission, exercise, catalogue)
    found = _from_results(view)
    for case, ids in _explained(view).items():
        found[case] |= ids
    return {
        case: hints for case, ids in found.items() if (hints := catalogue.hints(ids))
    }


def _from_results(view: View) -> defaultdict[str, set[str]]:
    """Take what each result shows by itself: None, a list, an argument that was changed."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for finding in view.failed:
        name = view.catalogue.evidence.get(from_one(finding) or "")
        if name is not None:
            found[finding.trial.case].add(name)
    return found


def _explained(view: View) -> dict[str, frozenset[str]]:
    """Take what all results together show; every one of them has to agree."""
    evidence = view.catalogue.evidence
    failed = frozenset(finding.trial.case for finding in view.failed)
    if "expects more axes" in evidence and expects_more_axes(view):
        return _on(failed, evidence["expects more axes"])
    wrong = frozenset(each.case for each in view.wrong)
    opaque = view.opaque or not says_something(view.wrong)
    if wrong and not view.raised and not opaque:
        explained = view.catalogue.explain(view.observed, view.shared)
        if explained is not None:
            return dict.fromkeys(wrong, explained)
    ignored = {} if opaque else _ignored(view, wrong)
    if not ignored and "reads a global" in evidence and reads_a_global(view):
        return _on(failed, evidence["reads a global"])
    return ignored or ({} if opaque else _square(view, wrong))


def _ignored(view: View, wrong: frozenset[str]) -> dict[str, frozenset[str]]:
    for index, argument in enumerate(view.exercise.arguments):
        name = view.catalogue.evidence.get(f"the same for another {argument}")
        if name is not None and not view.raised and same_for_another(view, index):
            besides = view.catalogue.explain_constant(view.observed, index)
            return dict.fromkeys(wrong, (besides or frozenset()) | {name})
    return {}


def _square(view: View, wrong: frozenset[str]) -> dict[str, frozenset[str]]:
    name = view.catalogue.evidence.get("right where the first argument is square")
    pattern = right_where_square(view) if name is not None else None
    if pattern is None or name is None:
        return {}
    besides, others = pattern
    return {**dict.fromkeys(wrong, besides), **dict.fromkeys(others, besides | {name})}


def _on(cases: frozenset[str], name: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(cases, frozenset({name}))
