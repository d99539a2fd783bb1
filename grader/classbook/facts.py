"""What the class's pages need to know about one report: small enough to keep for every submission."""

import msgspec

from grader.model import Report, Status, Verdict

_MOST_TEXT = 200


class Exception_(msgspec.Struct, frozen=True, order=True):  # noqa: N801 - `Exception` is taken
    """An exception of the student's function, and the line of source that raised it."""

    type: str
    message: str
    """Without a default, so that a line of the journal that has none counts for nothing: it is graded again."""
    source: str
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
    exceptions: tuple[Exception_, ...] = ()
    isolation: str = "none"
    digest: str = ""
    """Of the bytes."""
    alike: tuple[str, str] | None = None
    """Digests of the code, and of its functions whatever their variables are called; None where there is no code."""

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The ids alone."""
        return tuple(misconception for misconception, _ in self.hints)


def facts_of(report: Report, alike: tuple[str, str] | None) -> Facts:
    """Take from `report` what is kept in memory for the whole class."""
    hints = {
        hint.misconception: _encodable(hint.text)
        for case in report.cases
        for hint in case.hints
    }
    raised = [
        case.details.exception
        for case in report.cases
        if case.details.exception is not None
    ]
    exceptions = {
        Exception_(
            _one_line(error.type),
            _one_line(error.message),
            _one_line(error.source or ""),
            error.line,
            error.cell,
        )
        for error in raised
    }
    return Facts(
        name=report.submission.name,
        kind=report.submission.kind,
        status=report.status,
        score=report.score,
        max_score=report.max_score,
        message=_encodable(report.message),
        verdicts=tuple((case.name, case.verdict) for case in report.cases),
        hints=tuple(hints.items()),
        exceptions=tuple(sorted(exceptions, key=msgspec.json.encode)),
        isolation=report.isolation.level,
        digest=report.submission.digest,
        alike=alike,
    )


def _one_line(text: str) -> str:
    return _encodable(" ".join(text.split())[:_MOST_TEXT])


def _encodable(text: str) -> str:
    """Half of a surrogate pair, which a student's text may hold, has no UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()
