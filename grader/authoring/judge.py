"""Judge what an author's function gives for drawn inputs as a grading would, without a report."""

from collections.abc import Sequence

import msgspec

from grader.authoring.local import Program
from grader.cases import draw_cases, replay
from grader.errors import ExerciseError
from grader.exercise.author_file import line_of
from grader.grading.right import Right, checks_of, judged
from grader.model import (
    Case,
    Exercise,
    Finding,
    Outcome,
    Solutions,
    Trial,
    Value,
    Verdict,
)

DIGEST = "sha256:validate"
"""What hidden inputs are drawn for, where there is no submission."""


class Asked(msgspec.Struct, frozen=True, eq=False):
    """One trial, and what the reference gives for it."""

    case: Case | None
    trial: Trial
    expected: Value


class Judge:
    """Compares as a grading does: with the exercise's tolerance, comparison and checks."""

    def __init__(self, exercise: Exercise, solutions: Solutions) -> None:
        self.exercise = exercise
        self.solutions = solutions
        self.checks = checks_of(exercise, solutions)

    def draw(self, number: int) -> tuple[Case, ...]:
        """Draw the cases of one secret of `validate`."""
        secret = f"validate {number}".encode()
        return draw_cases(self.exercise, self.solutions, DIGEST, secret)

    def asked(self, number: int) -> list[Asked]:
        """Return all trials of one secret, with what the reference gives."""
        return [
            self.ask(trial, case)
            for case in self.draw(number)
            for trial in case.trials
        ]

    def ask(self, trial: Trial, case: Case | None = None) -> Asked:
        """Return a trial with what the reference gives.

        Raises `ExerciseError` where the reference raises.
        """
        function, names = self.exercise.function, self.solutions.names
        try:
            return Asked(case, trial, replay(trial, function, names))
        except Exception as error:
            path = self.solutions.folder / "reference.py"
            text = " ".join(str(error).split())
            raise ExerciseError(
                f"reference.py{line_of(error, path)}: case {trial.case!r}, trial {trial.name!r}: "
                f"the reference raised {type(error).__name__}: {text}"
            ) from error

    def finding(self, asked: Asked, outcome: Outcome) -> Finding:
        """Return what is wrong with an outcome, as `compare` does."""
        return judged(
            self.exercise,
            asked.case,
            asked.trial,
            outcome,
            Right(asked.expected),
            self.checks,
        )

    def first_wrong(
        self, program: Program, asked: Sequence[Asked]
    ) -> Finding | None:
        """Return the first finding that is not passed; None where all are."""
        for each in asked:
            finding = self.finding(each, program.outcome(each.trial))
            if finding.verdict is not Verdict.PASSED:
                return finding
        return None
