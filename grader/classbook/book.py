"""A class as a person sees it: who belongs to it, what holds for it, what was decided by hand."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from grader.classbook.adjustments import Adjustments, read_adjustments
from grader.classbook.facts import Facts
from grader.classbook.roster import Attendance, call_the_roll
from grader.classbook.rows import ClassRows, everybody
from grader.classbook.terms import Terms
from grader.intake.student import Student


class Book(NamedTuple):
    """All that the class's files say besides what became of each submission."""

    attendance: Attendance
    terms: Terms
    adjustments: Adjustments

    def rows(
        self, facts: Callable[[str], Facts | None], max_score: float
    ) -> ClassRows:
        """Return the rows of the class; `facts` finds those of a report by its name."""
        return ClassRows(
            self.attendance, self.terms, self.adjustments.of, facts, max_score
        )

    def marked(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of these submissions that the platform marks as late."""
        students = self.attendance.students
        return tuple(name for name in names if students[name].late)


def open_book(
    results: Path, students: Mapping[str, Student], terms: Terms
) -> Book:
    """Return the book of a class, with the adjustments that lie in its folder of results.

    UsageError, naming the row and the fix, where they do not fit the class.
    """
    attendance = call_the_roll(students, terms.roster)
    adjustments = read_adjustments(results, everybody(attendance))
    return Book(attendance, terms, adjustments)
