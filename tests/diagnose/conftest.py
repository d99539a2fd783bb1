"""A bench: an exercise and its catalogue, to diagnose functions without a worker.

Only our own test files run here, in this process; the way through a worker is tested elsewhere.
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
from grader.diagnose import (
    Catalogue,
    diagnose,
    load_catalogue,
    load_public_catalogue,
)
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
    Trial,
)
from grader.submission import parse_submission

ROOT = Path(__file__).parents[2]
NEUTRAL = "def convolve(image, kernel):\n    return image.shape, kernel.shape\n"
SHOWS_ALL = """def convolve(image, kernel):
    wide = np.pad(image, 1) / 9 % 2
    for a in range(3):
        wide = image * kernel
        part = np.fft.fft2(wide.T[::-1] @ kernel[::-1])[3 - a]
        wide[1:] += np.clip(abs(part), 0, part.max()).astype(int)
        if a:
            return wide[a, b] * kernel[b, a]
        break
"""
"""A source that shows every sign, so that any combination may be named."""
READY = Loading(state="ready")


class Bench:
    """Runs functions on hidden cases or public examples, and diagnoses what they return."""

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
        """Parse a source as if a student had handed it in."""
        return parse_submission("convolve.py", source.encode(), self.exercise)

    def cases(self, secret: bytes = b"secret") -> tuple[Case, ...]:
        """Draw hidden cases."""
        return draw_cases(self.exercise, self.solutions, "sha256:test", secret)

    def findings(
        self, function: Callable[..., Any], cases: Sequence[Case]
    ) -> list[Finding]:
        """Call a function on all trials, and compare its results."""
        trials = [trial for case in cases for trial in case.trials]
        return [
            self.finding(trial, call(function, trial.args)) for trial in trials
        ]

    def finding(self, trial: Trial, outcome: Outcome) -> Finding:
        """Compare the outcome of a trial with what the reference solution returns."""
        expected = self.solutions.reference(*trial.args)
        tolerance, arguments = self.exercise.tolerance, self.exercise.arguments
        return compare(trial, outcome, expected, tolerance, arguments)

    def diagnose(
        self, findings: Sequence[Finding], source: str = NEUTRAL
    ) -> dict[str, tuple[Hint, ...]]:
        """Return the hints for findings on hidden cases."""
        submission = self.submission(source)
        return diagnose(
            findings, READY, submission, self.exercise, self.catalogue
        )

    def hints(
        self,
        function: Callable[..., Any],
        source: str = NEUTRAL,
        secret: bytes = b"secret",
    ) -> dict[str, tuple[Hint, ...]]:
        """Return the hints for a function on hidden cases."""
        return self.diagnose(
            self.findings(function, self.cases(secret)), source
        )

    def ids(
        self,
        function: Callable[..., Any],
        source: str = NEUTRAL,
        secret: bytes = b"secret",
    ) -> set[str]:
        """Return the ids of the hints for a function on hidden cases."""
        return ids_of(self.hints(function, source, secret))

    def public_ids(
        self, function: Callable[..., Any], source: str = NEUTRAL
    ) -> set[str]:
        """Return the ids of the hints for a function on the public examples."""
        findings = self.findings(function, example_cases(self.exercise))
        submission = self.submission(source)
        hints = diagnose(
            findings, READY, submission, self.exercise, self.public
        )
        return ids_of(hints)


def ids_of(hints: dict[str, tuple[Hint, ...]]) -> set[str]:
    """Collect the ids of the hints of all cases."""
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
        return Outcome(kind="raised", raised=raised_by(error))
    array = isinstance(value, np.ndarray)
    return Outcome(
        kind="returned",
        value=np.asarray(value) if array else value,
        type_name="ndarray" if array else type(value).__name__,
        args_after=mine,
    )


def raised_by(error: Exception) -> Raised:
    """Describe an exception, with the last line of the student's that it passed."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == "<student>"]
    line = lines[-1] if lines else None
    return Raised(type=type(error).__name__, message=str(error), line=line)


def load(source: str) -> Callable[..., Any]:
    """Run a source statement by statement, skip those that raise, and return its `convolve`."""
    namespace: dict[str, Any] = {}
    for statement in ast.parse(source).body:
        code = compile(ast.Module([statement], []), "<student>", "exec")
        with contextlib.suppress(Exception):
            exec(code, namespace)  # noqa: S102 - our own files
    function: Callable[..., Any] = namespace["convolve"]
    return function


@pytest.fixture(scope="session")
def bench() -> Bench:
    """Return the bench of the exercise `convolution`."""
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
    """Return a function that turns a source into its `convolve`."""
    return load
