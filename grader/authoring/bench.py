"""What every check of an exercise works with, and what it returns."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from grader.grading import Grader
from grader.model import Array, Exercise, Report, Solutions
from grader.submission import parse_submission


class Check(msgspec.Struct, frozen=True):
    """The result of one check: what was found, and the faults if there are any."""

    name: str
    found: str
    faults: tuple[str, ...] = ()


class Bench(msgspec.Struct, frozen=True, eq=False):
    """The exercise under test, with a grader that is open for it."""

    exercise: Exercise
    solutions: Solutions
    grader: Grader
    secrets: int
    """How many secrets to draw hidden inputs with."""
    progress: Callable[[str], None]

    def grade(self, source: str) -> Report:
        """Return the report for a source that is graded as if a student had handed it in."""
        name = self.exercise.file
        submission = parse_submission(name, source.encode(), self.exercise)
        return self.grader.grade(submission)

    def reference(self, args: Sequence[Array]) -> Array | str:
        """Return what the reference solution computes, or a sentence if it raises."""
        copies = [array.copy() for array in args]
        try:
            with np.errstate(all="ignore"):
                return np.asarray(self.solutions.reference(*copies))
        except Exception as error:  # noqa: BLE001 - the author's function may raise anything
            return f"the reference raised {type(error).__name__}: {error}"
