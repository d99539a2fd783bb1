"""Complete wrong answers, compared with all that came back: values and exceptions.

A wrong answer may raise, as `out[i, j] = ...` does where `out` is too small. The student's calls
then have to raise the same exception, with the same message, on the same trials.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from grader.compare import numbers_of, result_of
from grader.diagnose.sampling import tolerance_of
from grader.model import Array, Finding, Outcome, Raised, Verdict

Answer = Callable[..., Any]

_MOST_TEXT: Final = 200
"""Characters of a message that are compared."""


def given_by(
    answers: Mapping[Answer, str], findings: Sequence[Finding]
) -> frozenset[str] | None:
    """Return the id of the answers that give all that came back; None if there is not just one.

    `answers` maps each to its id. An answer has to agree with the trials that passed too.
    """
    # What failed is looked at first: most answers are ruled out by it.
    ordered = sorted(findings, key=lambda one: one.verdict is Verdict.PASSED)
    with np.errstate(all="ignore"):
        found = {
            name
            for answer, name in answers.items()
            if all(_gives(answer, finding) for finding in ordered)
        }
    return frozenset(found) if len(found) == 1 else None


def _gives(answer: Answer, finding: Finding) -> bool:
    outcome = finding.outcome
    copies = [array.copy() for array in finding.trial.args]
    try:
        value = answer(*copies)
    except Exception as error:  # noqa: BLE001 - raising is what some wrong answers do
        return outcome.raised is not None and _same(error, outcome.raised)
    return outcome.kind == "returned" and _agrees(value, outcome)


def _same(error: Exception, raised: Raised) -> bool:
    if type(error).__name__ != raised.type:
        return False
    return _text(str(error)) == _text(raised.message)


def _text(message: str) -> str:
    return " ".join(message.split())[:_MOST_TEXT]


def _agrees(value: object, outcome: Outcome) -> bool:
    actual = numbers_of(result_of(outcome))
    if actual is None or actual.dtype.kind not in "fiu":
        return False
    try:
        expected: Array = np.asarray(value, float)
    except (TypeError, ValueError):
        return False
    if expected.shape != actual.shape:
        return False
    numbers = actual.astype(float)
    allowed = tolerance_of(numbers.ravel())
    return bool((np.abs(expected - numbers) <= allowed).all())
