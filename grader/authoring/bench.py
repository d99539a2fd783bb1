"""What every check of an exercise works on, and what it gives."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from grader.grading import Grader
from grader.model import Array, Exercise, Report, Solutions
from grader.submission import parse_submission


class Check(msgspec.Struct, frozen=True):
    """One thing that was tried: what was found, and the faults if there are any."""

    name: str
    found: str
    faults: tuple[str, ...] = ()


class Bench(msgspec.Struct, frozen=True, eq=False):
    """What all checks work on."""

    exercise: Exercise
    solutions: Solutions
    grader: Grader
    secrets: int
    progress: Callable[[str], None]

    def grade(self, source: str) -> Report:
        """Grade a source as if a student had handed it in."""
        return self.grader.grade(
            parse_submission(
                f"{self.exercise.function}.py", source.encode(), self.exercise
            )
        )

    def reference(self, args: Sequence[Array]) -> Array | str:
        """Give what the reference computes, or say that it raised."""
        try:
            with np.errstate(all="ignore"):
                return np.asarray(
                    self.solutions.reference(*(array.copy() for array in args))
                )
        except Exception as error:  # noqa: BLE001 - whatever it raises, it is a line
            return f"the reference raised {type(error).__name__}: {error}"
