"""The exercises that are offered: those with a hidden half, as they were when the service began."""

import logging
from collections.abc import Iterator
from pathlib import Path

from grader.errors import ExerciseError, UsageError
from grader.exercise import load_exercise, load_solutions
from grader.exercise.trust import require_trusted
from grader.log import reason_of
from grader.model import Exercise
from grader.service import words
from grader.service.problems import RefusedError

LOG = logging.getLogger("grader")


class Exercises:
    """The exercises of a set, by name. One that is not valid is logged, and not offered."""

    def __init__(self, solutions: Path | None) -> None:
        self.trusted = require_trusted(solutions)
        self._offered: dict[str, Exercise] = {}
        self._most: dict[str, float] = {}
        for name in dict.fromkeys(self.trusted.names()):
            try:
                exercise = load_exercise(self.trusted.public_half(name))
                hidden = self.trusted.hidden_half(name)
                rows = load_solutions(exercise, hidden).rows
            except (ExerciseError, UsageError) as error:
                LOG.warning("%s: is not offered: %s", name, reason_of(error))
            else:
                self._offered[name] = exercise
                points = (row.points or exercise.points for row in rows)
                self._most[name] = float(sum(points))
        if not self._offered:
            raise UsageError(
                f"{self.trusted.folder}: there is no exercise that can be offered; "
                "`grader validate NAME` says what is wrong with one"
            )

    def __iter__(self) -> Iterator[Exercise]:
        """Iterate over the exercises, by name."""
        return iter(self._offered.values())

    def most_points(self, name: str) -> float:
        """Return what all hidden cases of an exercise that is offered are worth together."""
        return self._most[name]

    def get(self, name: str) -> Exercise:
        """Return an exercise; refuse, in a sentence for the person, one that is not offered."""
        exercise = self._offered.get(name)
        if exercise is None:
            raise RefusedError("not-found", words.NO_EXERCISE)
        return exercise
