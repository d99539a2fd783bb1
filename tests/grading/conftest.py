"""The exercise of this repository, and a runner that is shared by all tests of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.execution import open_runner
from grader.execution.runner import Runner
from grader.exercise import load_exercise, load_solutions
from grader.model import Exercise, Solutions

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="package")
def exercise() -> Exercise:
    """Return the public half of the exercise."""
    return load_exercise(ROOT / "exercises" / "convolution")


@pytest.fixture(scope="package")
def solutions(exercise: Exercise) -> Solutions:
    """Return the hidden half of the exercise."""
    return load_solutions(exercise, ROOT / "solutions" / "convolution")


@pytest.fixture(scope="package")
def runner(exercise: Exercise) -> Iterator[Runner]:
    """Return what runs the submissions."""
    with open_runner(exercise) as opened:
        yield opened
