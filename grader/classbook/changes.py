"""What a regrade changed: whose result, from what to what, and why.

    OUT/changes.csv    the changes of the last run that changed anything

The class as the previous run left it is compared with the class as it is now. The reason for a
change is what differs between the two: another submission, other points, and so on.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from grader.classbook.gradebook import csv_line
from grader.classbook.rows import Row
from grader.intake.student import Student
from grader.untrusted import one_line
from grader.vocabulary import count, number

FILE: Final = "changes.csv"
_MOST_SHOWN: Final = 5
_HEADER: Final = (
    "name",
    "student",
    "id",
    "status_before",
    "status",
    "score_before",
    "score",
    "max_score_before",
    "max_score",
    "final_before",
    "final",
    "why",
)


class MadeFrom(msgspec.Struct, frozen=True, array_like=True):
    """What a report was made from, besides the submission."""

    exercise: str = ""
    """Digest of the public half."""
    points: float = 0.0
    """Of each case."""
    hidden: str = ""
    """Digest of the hidden half."""
    secret: str = ""
    """The secret's fingerprint in this folder."""
    version: str = ""


UNKNOWN: Final = MadeFrom()
"""Of a report that an older grader made."""


class Standing(msgspec.Struct, frozen=True, array_like=True):
    """What one student had when a run was done."""

    status: str
    score: float | None
    max_score: float
    final: float | None
    submission: str
    """Digest of the bytes."""
    cost: float
    """The share that lateness takes."""
    adjusted: str
    made_from: int
    """Which of the class's `MadeFrom` the report was made from."""

    @property
    def grade(self) -> tuple[str, float | None, float, float | None]:
        """What a student notices."""
        return self.status, self.score, self.max_score, self.final


class Past(msgspec.Struct, frozen=True, omit_defaults=True):
    """A class as a run left it."""

    made_from: tuple[MadeFrom, ...] = ()
    standings: dict[str, Standing] = {}
    """By the name of the report."""


class Change(NamedTuple):
    """One student whose grade is another now."""

    name: str
    """Of the report."""
    student: Student
    before: Standing
    after: Standing
    why: tuple[str, ...]


class PastMaker:
    """Notes the class as it is now, row by row, for the next run to compare with."""

    def __init__(self) -> None:
        self._made: dict[MadeFrom, int] = {}
        self._standings: dict[str, Standing] = {}

    def add(self, row: Row, made_from: MadeFrom) -> None:
        """Note one student who has a report."""
        self._standings[row.name] = Standing(
            row.status,
            row.score,
            row.max_score,
            row.final,
            row.facts.digest if row.facts is not None else "",
            row.late.cost,
            row.adjustment.sentence(),
            self._made.setdefault(made_from, len(self._made)),
        )

    def past(self) -> Past:
        """Return what was noted."""
        return Past(tuple(self._made), self._standings)


def changes(
    past: Past, now: Past, students: Mapping[str, Student]
) -> Iterator[Change]:
    """Yield those who were in the class before and have another grade now."""
    for name, after in now.standings.items():
        before = past.standings.get(name)
        if before is None or before.grade == after.grade:
            continue
        old = past.made_from[before.made_from]
        new = now.made_from[after.made_from]
        why = tuple(_why(before, after, old, new))
        yield Change(name, students[name], before, after, why)


def _why(
    before: Standing, after: Standing, old: MadeFrom, new: MadeFrom
) -> Iterator[str]:
    differs: Mapping[str, bool] = {
        "submission": before.submission != after.submission,
        **_made_otherwise(old, new),
        "lateness": before.cost != after.cost,
        "adjustment": before.adjusted != after.adjusted,
    }
    found = [reason for reason, is_one in differs.items() if is_one]
    yield from found or ["graded again"]


def _made_otherwise(old: MadeFrom, new: MadeFrom) -> Mapping[str, bool]:
    if old == UNKNOWN:
        return {"grader version": True}
    same_points = old.points == new.points
    return {
        "points": not same_points,
        "exercise": old.exercise != new.exercise and same_points,
        "hidden tests": old.hidden != new.hidden,
        "secret": old.secret != new.secret,
        "grader version": old.version != new.version,
    }


def changes_csv(found: Iterable[Change]) -> Iterator[bytes]:
    """Yield the lines of `changes.csv`."""
    yield csv_line(_HEADER)
    for change in found:
        before, after = change.before, change.after
        yield csv_line(
            (
                change.name,
                change.student.name,
                change.student.id,
                before.status,
                after.status,
                _points(before.score),
                _points(after.score),
                _points(before.max_score),
                _points(after.max_score),
                _points(before.final),
                _points(after.final),
                ", ".join(change.why),
            )
        )


def made_otherwise(
    now: Past, current: MadeFrom, graded: Container[str]
) -> tuple[str, ...]:
    """Return whose report is of an earlier run, and was made from something else than is graded."""
    return tuple(
        name
        for name, standing in now.standings.items()
        if name not in graded and now.made_from[standing.made_from] != current
    )


def told(found: list[Change]) -> tuple[str, ...]:
    """Return the changes as a few lines for a person."""
    if not found:
        return ()
    lines = [
        f"since the last run {count(len(found), 'grade')} changed ({FILE} has why):"
    ]
    for change in found[:_MOST_SHOWN]:
        before, after = _told(change.before), _told(change.after)
        why = ", ".join(change.why)
        lines.append(f"  {one_line(change.name)}: {before} -> {after} ({why})")
    if len(found) > _MOST_SHOWN:
        lines.append(f"  and {len(found) - _MOST_SHOWN} more")
    return tuple(lines)


def _told(standing: Standing) -> str:
    if standing.final is None:
        return standing.status.replace("_", " ")
    return f"{number(standing.final)} of {number(standing.max_score)}"


def _points(score: float | None) -> str:
    return "" if score is None else number(score)
