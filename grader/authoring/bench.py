"""What every check of an exercise works with, and what it returns."""

from collections.abc import Callable, Sequence

import msgspec

from grader.authoring.answers import KnownAnswer, known_answers
from grader.authoring.judge import Judge
from grader.grading import Grader
from grader.model import Exercise, Report, Solutions
from grader.submission import parse_submission


class Check(msgspec.Struct, frozen=True):
    """The result of one check: what was found, and the faults if there are any."""

    name: str
    found: str
    faults: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    """Lines to print below it."""


class Bench(msgspec.Struct, frozen=True, eq=False):
    """The exercise under test, with a grader that is open for it."""

    exercise: Exercise
    solutions: Solutions
    grader: Grader
    secrets: int
    """How many secrets to draw hidden inputs with."""
    progress: Callable[[str], None]
    mutants: bool = False
    """Whether mutants are asked for, however long they take."""

    @property
    def judge(self) -> Judge:
        """Compares without a worker."""
        return Judge(self.exercise, self.solutions)

    def known(self) -> Sequence[KnownAnswer]:
        """Return the known mistakes; raise `ExerciseError` if their file is wrong."""
        return known_answers(self.exercise, self.solutions)

    def grade(self, source: str) -> Report:
        """Return the report for a source that is graded as if a student had handed it in."""
        return self.grade_file(self.exercise.file, source.encode())

    def grade_file(self, name: str, content: bytes) -> Report:
        """Return the report for the bytes of a file, a notebook too."""
        submission = parse_submission(name, content, self.exercise)
        report, fault, _ = self.grader.judge(submission)
        if fault is not None:
            # Its author reads this, not a student: the reason is theirs to know.
            text = " ".join(str(fault).split()) or type(fault).__name__
            return msgspec.structs.replace(report, message=text)
        return report
