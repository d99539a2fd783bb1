"""One row of the class: whose it is, what became of the submission, and what counts in the end.

`score` is what the code earned, and `final` what counts: less for late work, and adjusted by a
person. A student on the roster who has handed in nothing has a row without facts.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from grader.classbook.adjustments import Adjustment
from grader.classbook.facts import Facts
from grader.classbook.lateness import Lateness, lateness, spoken
from grader.classbook.roster import Attendance, Listed
from grader.classbook.terms import Terms
from grader.intake.student import Student
from grader.model import Status
from grader.vocabulary import number

MISSING: Final = "missing"
"""The status of a student on the roster who has handed in nothing; no report has it."""
NOTHING: Final = "Nothing was handed in."


class Row(NamedTuple):
    """One student of a class."""

    student: Student
    facts: Facts | None
    """None where nothing was handed in."""
    late: Lateness = Lateness()
    adjustment: Adjustment = Adjustment()
    max_score: float = 0.0

    @property
    def name(self) -> str:
        """The name of the report; of a student without one what the roster calls them."""
        if self.facts is not None:
            return self.facts.name
        return self.student.name or self.student.id or self.student.email

    @property
    def status(self) -> str:
        """The status of the report, or `missing`."""
        return self.facts.status.value if self.facts is not None else MISSING

    @property
    def score(self) -> float | None:
        """What the code earned."""
        return self.facts.score if self.facts is not None else None

    @property
    def final(self) -> float | None:
        """What counts."""
        score = self.score
        if score is not None and self.late.cost:
            score = round(score * (1 - self.late.cost), 4)
        return self.adjustment.applied(score)

    @property
    def late_by(self) -> str:
        """How late, for a person; `unknown` where only the platform's mark tells."""
        if self.late.by is not None:
            return spoken(self.late.by)
        return "unknown" if self.late.late else ""

    @property
    def comment(self) -> str:
        """What the student is told; only instructors are told of a fault of the grader."""
        parts = [self._message(), self._about_lateness()]
        return " ".join(filter(None, (*parts, self.adjustment.sentence())))

    def _message(self) -> str:
        if self.facts is None:
            return NOTHING
        if self.facts.status is Status.GRADER_ERROR:
            return ""
        return self.facts.message

    def _about_lateness(self) -> str:
        if not self.late.cost or not self.score:
            return ""
        by = f"{spoken(self.late.by)} late" if self.late.by else "Late"
        return f"{by}: {number(round(100 * self.late.cost, 2))} % less."


def missing_name(listed: Listed) -> str:
    """Return a name for a student without a report; no report is called like that."""
    return f"/{listed.id or listed.email or listed.name}"


def everybody(attendance: Attendance) -> dict[str, Student]:
    """Return all students of a class, those who are missing too, by name."""
    return attendance.students | {
        missing_name(listed): Student(
            name=listed.name, id=listed.id, email=listed.email, attempt=0
        )
        for listed in attendance.missing
    }


class ClassRows:
    """All rows of a class, made anew each time: facts are read from the disk, one by one."""

    def __init__(
        self,
        attendance: Attendance,
        terms: Terms,
        adjustments: Mapping[str, Adjustment],
        facts: Callable[[str], Facts | None],
        max_score: float,
    ) -> None:
        self._attendance = attendance
        self._due, self._rule = terms.due_time, terms.rule
        self._adjustments = adjustments
        self._facts = facts
        self._max_score = max_score

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows of those who handed in, by name, and then of those who are missing."""
        handed_in = self._attendance.students
        for name, student in everybody(self._attendance).items():
            facts = self._facts(name)
            if facts is not None:
                yield self.row(facts)
            elif name not in handed_in:
                adjustment = self._adjusted(name)
                late = Lateness()
                yield Row(student, None, late, adjustment, self._max_score)

    def row(self, facts: Facts) -> Row:
        """Return the row of a student who has handed in."""
        student = self._attendance.students[facts.name]
        late = lateness(student, self._due, self._rule)
        adjustment = self._adjusted(facts.name)
        return Row(student, facts, late, adjustment, facts.max_score)

    def _adjusted(self, name: str) -> Adjustment:
        return self._adjustments.get(name, Adjustment())
