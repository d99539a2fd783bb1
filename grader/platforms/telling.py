"""What every platform is told in the same words: text that is safe to show, scores that are finite, arrays as text.

Everything that a student wrote (messages of exceptions, lines of source, file names) goes through
`plain` exactly once, here; the modules of the platforms then only escape for their own syntax.
"""

import math
import re
from typing import Any

from grader.model import CaseReport, Report, Status, Verdict

TEXT_LIMIT = 2000
"""Characters of one text; a megabyte of exception message helps nobody and breaks the size limits of platforms."""

GRADER_FAULT = (
    "The grader itself failed, so this submission was not graded and has no score. "
    "Nothing is lost: submit it again, and tell the course staff if this happens twice."
)

# CSI and OSC sequences, then any other two-character escape. OSC ends at BEL or ST, and is bounded:
# an unclosed one must not swallow the rest of the text.
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|\x1b[@-_]"
)
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Lone surrogates cannot be encoded, U+FFFE and U+FFFF are illegal in XML, and bidirectional
# controls show a text in another order than the one it has: a student could make a failed case read
# as a passed one.
_UNSHOWABLE = re.compile(
    "[\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

MATRIX_LIMIT = 16
"""Rows and columns of an array that are shown as text."""


def plain(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return the text as characters that every platform can show: no control characters, no escapes, no surrogates.

    Tabs and line feeds stay; every other line break becomes a line feed. Longer than `limit`
    characters, it is cut and says so.
    """
    # Cut before any regular expression runs, so that the work is bounded too; escapes only make a
    # text shorter.
    shown = text[: 4 * limit]
    shown = _NEWLINES.sub("\n", _ANSI.sub("", shown))
    shown = _UNSHOWABLE.sub("\ufffd", _CONTROL.sub("", shown)).strip("\n")
    if len(shown) > limit or len(text) > 4 * limit:
        return shown[:limit].rstrip() + " … (cut)"
    return shown


def line(text: str, limit: int = 300) -> str:
    """Return the text on one line."""
    return " ".join(plain(text, limit).split())


def fraction(report: Report) -> float | None:
    """Return the score between 0 and 1, or None where the grader failed: then there is none, and never 0."""
    if (
        report.status is Status.GRADER_ERROR
        or report.score is None
        or not math.isfinite(report.score)
    ):
        return None
    if not report.max_score > 0:
        return 0.0
    return min(1.0, max(0.0, report.score / report.max_score))


def seconds(report: Report) -> float:
    """Return how long the student's calls took together, in seconds."""
    return round(
        sum(case.duration_s for case in report.cases if math.isfinite(case.duration_s)),
        3,
    )


def headline(report: Report) -> str:
    """Return what the whole submission is told: the report's message, or that the grader failed."""
    message = plain(report.message)
    if fraction(report) is None:
        return f"{GRADER_FAULT}\nReason: {message}" if message else GRADER_FAULT
    return message or f"{report.score:g} of {report.max_score:g} points."


def notes(report: Report, limit: int = 20) -> str:
    """Return the notes, one to a line; empty where there are none."""
    return "\n".join(f"Note: {line(note)}" for note in report.notes[:limit])


def overview(report: Report) -> str:
    """Return the headline and the notes: all that is not about one case."""
    return "\n".join(part for part in (headline(report), notes(report)) if part)


def title(case: CaseReport) -> str:
    """Return the name of a case for a person; never empty."""
    return line(case.title) or line(case.name) or "case"


def passed(case: CaseReport) -> bool:
    """Return whether the case passed."""
    return case.verdict is Verdict.PASSED


def points(case: CaseReport) -> float:
    """Return the points of a case that was graded; only where the grader failed has a case none."""
    return case.score if case.score is not None else 0.0


def told(case: CaseReport, *, arrays: bool = True) -> str:
    """Return what a student reads about one case: the finding, the hints, their own line of source, the arrays."""
    parts = [plain(case.message) or case.verdict.value.replace("_", " ")]
    parts += [f"Hint: {plain(hint.text)}" for hint in case.hints]
    exception = case.details.exception
    if (
        exception is not None
        and exception.source
        and exception.source.strip() not in case.message
    ):
        where = "" if exception.line is None else f" {exception.line}"
        cell = "" if exception.cell is None else f" of cell {exception.cell}"
        parts.append(f"Line{where}{cell}: {plain(exception.source, 200)}")
    if arrays and not passed(case):
        parts += [f"{name}:\n{table}" for name, table in tables(case)]
    return "\n".join(parts)


def tables(case: CaseReport) -> list[tuple[str, str]]:
    """Return the expected and the student's array as text, with their names; empty where there are not both."""
    expected, actual = case.details.expected, case.details.actual
    if expected is None or actual is None:
        return []
    return [("Expected", matrix(expected)), ("Yours", matrix(actual))]


def matrix(values: object) -> str:
    """Return nested lists of numbers as aligned rows, at most `MATRIX_LIMIT` of each; other shapes on one line."""
    rows: list[Any] = values if isinstance(values, list) else [values]
    if not all(isinstance(row, list) for row in rows):
        rows = [rows]
    if not any(rows):
        return "(empty)"
    cells = [
        [_cell(cell) for cell in row[:MATRIX_LIMIT]] for row in rows[:MATRIX_LIMIT]
    ]
    width = max(len(cell) for row in cells for cell in row)
    more = ["  …" if len(row) > MATRIX_LIMIT else "" for row in rows]
    shown = [
        "  ".join(cell.rjust(width) for cell in row) + end
        for row, end in zip(cells, more, strict=False)
    ]
    return "\n".join(shown if len(rows) <= MATRIX_LIMIT else [*shown, "…"])


def _cell(value: object) -> str:
    """Return one number in at most nine characters; anything else as bounded text."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return line(str(value), 40)
    return f"{value:.4g}"
