"""`check` warns of a library that is installed here and that the exercise does not promise."""

import msgspec
import pytest

from grader.exercise import load_exercise
from grader.model import Exercise
from grader.submission import parse_submission
from grader.submission.elsewhere import absence_notes

SOURCE = """\
import numpy as np, {module}


def convolve(image, kernel):
    from {module} import something
    return image
"""


@pytest.fixture
def exercise() -> Exercise:
    """Return the exercise of this repository."""
    return load_exercise("convolution")


def noted(exercise: Exercise, module: str) -> tuple[str, ...]:
    """Return the notes about a submission that imports a module."""
    data = SOURCE.format(module=module).encode()
    return absence_notes(exercise, parse_submission("a.py", data, exercise))


def test_a_library_that_may_be_missing_is_noted_once(
    exercise: Exercise,
) -> None:
    """The note has the first line that imports it."""
    assert noted(exercise, "hypothesis") == (
        "Line 1: hypothesis may not be installed where this is graded.",
    )


def test_a_part_of_a_library_is_noted_as_the_library(
    exercise: Exercise,
) -> None:
    """Whatever of it is imported; what stands beside the file is no library."""
    for source, line in (
        ("x = 1\nfrom yaml.nodes import Node", 2),
        ("import yaml.nodes as y", 1),
        ("def f():\n    import numpy, yaml", 2),
    ):
        parsed = parse_submission("a.py", source.encode(), exercise)
        assert absence_notes(exercise, parsed) == (
            f"Line {line}: yaml may not be installed where this is graded.",
        )
    for source in (
        "from .yaml import x",
        "from . import yaml",
        "import x.yaml",
    ):
        parsed = parse_submission("a.py", source.encode(), exercise)
        assert absence_notes(exercise, parsed) == ()


@pytest.mark.parametrize(
    "module",
    ["json", "numpy", "tqdm", "matplotlib", "scipy", "no_such"],
)
def test_nothing_is_said_where_it_would_be_noise(
    exercise: Exercise, module: str
) -> None:
    """Python's own, stand-ins, what is forbidden, and what is missing here too have no note."""
    assert noted(exercise, module) == ()


def test_what_the_exercise_promises_has_no_note(exercise: Exercise) -> None:
    """A package is known by its own name and by the module that it installs."""
    promised = msgspec.structs.replace(
        exercise, packages=("Hypothesis", "PyYAML")
    )
    assert noted(promised, "hypothesis") == ()
    assert noted(promised, "yaml") == ()
    assert noted(exercise, "yaml") != ()
