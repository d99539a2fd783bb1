"""What every platform says in the same words, as text that any of them can show.

The words are those of `render` and `vocabulary`. Text of strangers passes `untrusted` here, so it
holds nothing that acts; what a platform parses (HTML, XML, commands of a workflow) is escaped by
its own format, with the sink of `untrusted` for that syntax.
"""

import math
from typing import Final

from grader.model import CaseReport, Report, Status, Verdict
from grader.render import prose
from grader.render.blocks import drawn_arrays
from grader.render.grids import Panel
from grader.render.hints import shown_hints
from grader.render.sentences import message_and_line
from grader.untrusted import bounded, one_line
from grader.vocabulary import GRADER_FAULT, VERDICTS

_MOST_NOTES: Final = 20
_SOURCE: Final = 200
"""Characters of a line of source that is quoted."""
_ARRAYS: Final = {"expected": "Expected", "actual": "Yours"}


def fraction(report: Report) -> float | None:
    """Return the score between 0 and 1, or None when the grader failed: that is never a 0."""
    if report.status is Status.GRADER_ERROR:
        return None
    if report.score is None or not math.isfinite(report.score):
        return None
    if report.max_score <= 0:
        return 0.0
    return min(1.0, max(0.0, report.score / report.max_score))


def seconds(report: Report) -> float:
    """Return how long the student's calls took together, in seconds."""
    durations = [case.duration_s for case in report.cases]
    return round(sum(filter(math.isfinite, durations)), 3)


def headline(report: Report) -> str:
    """Return the sentence about the whole submission.

    When the grader failed, it leaves out the reason, which may name files of the operator.
    """
    if fraction(report) is None:
        return GRADER_FAULT
    return (
        bounded(report.message)
        or f"{report.score:g} of {report.max_score:g} points."
    )


def notes(report: Report) -> str:
    """Return the notes for a student, one on each line; empty where there are none."""
    shown = prose.notes_for(report, "student")[:_MOST_NOTES]
    return "\n".join(f"Note: {one_line(note)}" for note in shown)


def overview(report: Report) -> str:
    """Return the headline, the notes and the versions: all that is not about one case."""
    said = headline(report), notes(report), prose.graded_with(report)
    return "\n".join(filter(None, said))


def title(case: CaseReport) -> str:
    """Return the name of a case for a person; never empty."""
    return one_line(case.title) or one_line(case.name) or "case"


def passed(case: CaseReport) -> bool:
    """Return whether the case passed."""
    return case.verdict is Verdict.PASSED


def points(case: CaseReport) -> float:
    """Return the points of a case; 0 where the grader failed and it has none."""
    return case.score if case.score is not None else 0.0


def told(case: CaseReport, *, folding: bool = False) -> str:
    """Return what a student reads about one case: the finding, their line of source, the hints.

    Hints name their causes. With `folding` those of two steps are left out: see `hint_steps`.
    """
    message, where, source = message_and_line(case)
    lines = [bounded(message) or VERDICTS[case.verdict].sentence]
    if source:
        lines.append(
            f"{where.capitalize() or 'Here'}: {one_line(source, _SOURCE)}"
        )
    shown = shown_hints(case.hints, case.verdict, "steps")
    kept = [hint for hint in shown if not (folding and hint.question)]
    lines += [f"Hint: {bounded(hint.text)}" for hint in kept]
    return "\n".join(lines)


def hint_steps(case: CaseReport) -> list[tuple[str, str]]:
    """Return the hints of two steps, for what can fold the second: the question and the cause."""
    shown = shown_hints(case.hints, case.verdict, "steps")
    return [
        (f"Hint: {hint.question}", hint.text) for hint in shown if hint.question
    ]


def told_with_arrays(case: CaseReport, *, folding: bool = False) -> str:
    """Return the same, and below it the expected and the student's array."""
    tables = [f"{name}:\n{rows}" for name, rows in arrays(case).items()]
    return "\n".join([told(case, folding=folding), *tables])


def arrays(case: CaseReport) -> dict[str, str]:
    """Return the arrays `Expected` and `Yours` as aligned rows; empty where they agree."""
    panels = drawn_arrays(case)
    return {
        _ARRAYS[panel.role]: _rows(panel)
        for panel in panels
        if panel.role in _ARRAYS
    }


def _rows(panel: Panel) -> str:
    width = max(len(text) for row in panel.texts for text in row)
    rows = ["  ".join(text.rjust(width) for text in row) for row in panel.texts]
    return "\n".join(rows)
