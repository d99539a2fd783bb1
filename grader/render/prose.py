"""The sentences about a report as a whole. Pure."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from grader.model import CaseReport, Report, Status, Verdict
from grader.render.words import LESS_ISOLATION, SECRETS
from grader.untrusted import one_line
from grader.vocabulary import GRADER_FAULT

Audience = Literal["student", "instructor"]

MESSAGE_LIMIT: Final = 1000
"""Characters of the message of a report."""

COUNTING: Final = "Rows and columns are counted from 0, as NumPy does."
COUNTING_ITEMS: Final = (
    "Items and characters are counted from 0, as Python does."
)
_NAMES_A_PLACE: Final = re.compile(r"\b(row|column)s? \d")
HIDDEN_INPUTS: Final = (
    "The hidden inputs are drawn anew for every submission, "
    "so the ones shown here give nothing away about the next."
)


def report_message(cases: Sequence[CaseReport]) -> str:
    """Return the whole report in one line, such as `3 of 4 cases passed.`."""
    total = len(cases)
    passed = sum(case.verdict is Verdict.PASSED for case in cases)
    if total == 0:
        return "There was no case to run."
    if total == 1:
        return "The case passed." if passed else "The case did not pass."
    if passed == total:
        return f"All {total} cases passed."
    if passed == 0:
        return f"None of the {total} cases passed."
    return f"{passed} of {total} cases passed."


def message(report: Report, limit: int = MESSAGE_LIMIT) -> str:
    """Return the report's message on one line.

    Where the grader itself failed it is always the same: a report that was made elsewhere may have
    the reason in it, which is the operator's business.
    """
    if report.status is Status.GRADER_ERROR:
        return GRADER_FAULT
    return one_line(report.message, limit)


def secret_note(source: Literal["file", "environment", "default"]) -> str:
    """Return where the secret came from that the hidden inputs were drawn with."""
    return SECRETS[source]


def isolation_note(level: str) -> str | None:
    """Return what less than full isolation means for a grade; None where it was full."""
    return LESS_ISOLATION.get(level)


def notes_for(report: Report, audience: Audience) -> tuple[str, ...]:
    """Return the notes to show. The secret and the isolation are not a student's business."""
    if audience == "instructor":
        return report.notes
    hidden = (*SECRETS.values(), *LESS_ISOLATION.values())
    return tuple(note for note in report.notes if note not in hidden)


def counting(report: Report) -> str:
    """Return from where places are counted, if the report names some."""
    said: set[str] = set()  # most cases of a report say the same
    for case in report.cases:
        said.update([case.message, *(hint.text for hint in case.hints)])
    if any(map(_NAMES_A_PLACE.search, said)):
        return COUNTING
    firsts = [case.details.first for case in report.cases if case.details.first]
    names_items = any("item " in (c.details.part or "") for c in report.cases)
    return COUNTING_ITEMS if firsts or names_items else ""


def has_hidden_inputs(report: Report) -> bool:
    """Return whether the inputs were drawn with a secret, as those of public examples are not."""
    return any(note in SECRETS.values() for note in report.notes)


def graded_with(report: Report) -> str:
    """Return which Python and which NumPy graded; nothing where nobody graded."""
    versions = report.graded_with
    if versions is None or report.status is Status.GRADER_ERROR:
        return ""
    python, numpy = one_line(versions.python, 40), one_line(versions.numpy, 40)
    return f"Graded with Python {python} and NumPy {numpy}."
