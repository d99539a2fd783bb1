"""What is kept of each report for the class's files: small enough for a hundred thousand."""

import msgspec

from grader.classbook.behaviour import Behaviour
from grader.model import Report, Status, Verdict
from grader.untrusted import TEXT_LIMIT, one_line

_MOST_TEXT = 200
"""Characters of a message or a line of source."""


class RaisedAt(msgspec.Struct, frozen=True, order=True):
    """An exception of the student's function, and the line of source that raised it."""

    type: str
    message: str
    """Has no default: an older journal line without it is invalid, and is graded again."""
    source: str
    """The line; empty where it is not the student's."""
    line: int | None = None
    cell: int | None = None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """One submission, for the gradebook, the summary and the table."""

    name: str
    kind: str
    status: Status
    score: float | None
    max_score: float
    message: str
    verdicts: tuple[tuple[str, Verdict], ...]
    """Case name and verdict, in the exercise's order."""
    hints: tuple[tuple[str, str], ...] = ()
    """Misconception and its text, each once, in the order of their first case."""
    exceptions: tuple[RaisedAt, ...] = ()
    isolation: str = "none"
    digest: str = ""
    """Of the submission's bytes."""
    alike: tuple[str, str] | None = None
    """Two digests, of the code and of its functions with all names removed; None without code."""

    behaviour: Behaviour | None = None
    """What it does with the common inputs; None where misconceptions explain it."""

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The ids alone."""
        return tuple(misconception for misconception, _ in self.hints)


def facts_of(
    report: Report,
    alike: tuple[str, str] | None,
    reason: str | None = None,
    behaviour: Behaviour | None = None,
) -> Facts:
    """Return what is kept of `report` in memory for the whole class.

    `reason` is why the grader itself failed. It stands in the place of the report's message, which
    is for students; the class's files are for instructors.
    """
    hints: dict[str, str] = {}
    raised: set[RaisedAt] = set()
    for case in report.cases:
        for hint in case.hints:
            hints[hint.misconception] = one_line(hint.text, TEXT_LIMIT)
        error = case.details.exception
        if error is not None:
            raised.add(
                RaisedAt(
                    one_line(error.type, _MOST_TEXT),
                    one_line(error.message, _MOST_TEXT),
                    one_line(error.source or "", _MOST_TEXT),
                    error.line,
                    error.cell,
                )
            )
    return Facts(
        name=report.submission.name,
        kind=report.submission.kind,
        status=report.status,
        score=report.score,
        max_score=report.max_score,
        message=one_line(reason or report.message, TEXT_LIMIT),
        verdicts=tuple((case.name, case.verdict) for case in report.cases),
        hints=tuple(hints.items()),
        exceptions=tuple(sorted(raised, key=msgspec.json.encode)),
        isolation=report.isolation.level,
        digest=report.submission.digest,
        alike=alike,
        behaviour=behaviour,
    )
