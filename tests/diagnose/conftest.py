"""A bench: the exercise, its catalogue, and a function in our own process graded without a worker.

What runs here are our own test files; the way through the worker is tested elsewhere.
"""

import ast
import contextlib
import io
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.cases import draw_cases, example_cases
from grader.compare import compare
from grader.diagnose import Catalogue, diagnose, load_catalogue, load_public_catalogue
from grader.exercise import load_exercise, load_solutions
from grader.model import (
    Array,
    Case,
    Exercise,
    Finding,
    Hint,
    Loading,
    Outcome,
    Raised,
    Solutions,
    Submission,
)
from grader.submission import parse_submission

ROOT = Path(__file__).parents[2]
NEUTRAL = "def convolve(image, kernel):\n    return image.shape, kernel.shape\n"
READY = Loading(state="ready")


class Bench:
    """Runs functions on hidden cases or on the public examples, and diagnoses what they gave."""

    def __init__(
        self,
        exercise: Exercise,
        solutions: Solutions,
        catalogue: Catalogue,
        public: Catalogue,
    ) -> None:
        self.exercise = exercise
        self.solutions = solutions
        self.catalogue = catalogue
        self.public = public

    def submission(self, source: str = NEUTRAL) -> Submission:
        """Parse a source as if it had been handed in."""
        return parse_submission("convolve.py", source.encode(), self.exercise)

    def cases(self, secret: bytes = b"secret") -> tuple[Case, ...]:
        """Draw hidden cases."""
        return draw_cases(self.exercise, self.solutions, "sha256:test", secret)

    def findings(
        self, function: Callable[..., Any], cases: Sequence[Case]
    ) -> list[Finding]:
        """Call a function on all trials and compare."""
        return [
            compare(
                trial, call(function, trial.args), self.solutions.reference(*trial.args), self.exercise.tolerance,
                self.exercise.arguments,
            )
            for case in cases
            for trial in case.trials
        ]  # fmt: skip

    def hints(
        self,
        function: Callable[..., Any],
        source: str = NEUTRAL,
        secret: bytes = b"secret",
    ) -> dict[str, tuple[Hint, ...]]:
        """Give the hints for a function on hidden cases."""
        findings = self.findings(function, self.cases(secret))
        return diagnose(
            findings, READY, self.submission(source), self.exercise, self.catalogue
        )

    def ids(
        self,
        function: Callable[..., Any],
        source: str = NEUTRAL,
        secret: bytes = b"secret",
    ) -> set[str]:
        """Give the ids that a function is told on hidden cases."""
        return ids_of(self.hints(function, source, secret))

    def public_ids(
        self, function: Callable[..., Any], source: str = NEUTRAL
    ) -> set[str]:
        """Give the ids that a function is told on the public examples."""
        findings = self.findings(function, example_cases(self.exercise))
        return ids_of(
            diagnose(
                findings, READY, self.submission(source), self.exercise, self.public
            )
        )


def ids_of(hints: dict[str, tuple[Hint, ...]]) -> set[str]:
    """Collect the ids of all cases."""
    return {hint.misconception for found in hints.values() for hint in found}


def call(function: Callable[..., Any], args: Sequence[Array]) -> Outcome:
    """Call a function as a worker would, in this process."""
    mine = tuple(array.copy() for array in args)
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            value = function(*mine)
    except Exception as error:  # noqa: BLE001 - a student's function may raise anything
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == "<student>"
        ]
        raised = Raised(
            type=type(error).__name__,
            message=str(error),
            line=lines[-1] if lines else None,
        )
        return Outcome(kind="raised", raised=raised)
    kind = "ndarray" if isinstance(value, np.ndarray) else type(value).__name__
    array = None
    if value is not None:
        with contextlib.suppress(ValueError):  # rows of different lengths make no array
            array = np.asarray(value)
    return Outcome(kind="returned", value=array, type_name=kind, args_after=mine)


def load(source: str) -> Callable[..., Any]:
    """Run a source statement by statement, leaving out what raises, and give its `convolve`."""
    namespace: dict[str, Any] = {}
    for statement in ast.parse(source).body:
        with contextlib.suppress(Exception):
            exec(compile(ast.Module([statement], []), "<student>", "exec"), namespace)  # noqa: S102 - our own files
    function: Callable[..., Any] = namespace["convolve"]
    return function


@pytest.fixture(scope="session")
def bench() -> Bench:
    """Give the bench of the exercise `convolution`."""
    exercise = load_exercise(ROOT / "exercises" / "convolution")
    solutions = load_solutions(exercise, ROOT / "solutions" / "convolution")
    return Bench(
        exercise,
        solutions,
        load_catalogue(exercise, solutions),
        load_public_catalogue(exercise),
    )


@pytest.fixture
def run() -> Callable[[str], Callable[..., Any]]:
    """Give what makes a function of a source."""
    return load
