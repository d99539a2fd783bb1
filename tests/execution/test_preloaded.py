"""Files that import what the exercise preloads are forked from a template that has it."""

import importlib
from pathlib import Path

import msgspec
import pytest

from grader.cases import example_cases
from grader.execution import open_runner
from grader.exercise import load_exercise
from grader.submission import parse_submission

ROOT = Path(__file__).parent.parent.parent
SOURCE = b"""import sys
before = [name for name in sys.modules if name.startswith("matplotlib")]
%s

def convolve(image, kernel):
    raise ValueError(len(before))
"""


@pytest.mark.parametrize(
    "statement",
    [b"import matplotlib.pyplot as plt", b"    # import matplotlib"],
)
def test_only_files_that_import_matplotlib_find_it_loaded(
    statement: bytes,
) -> None:
    """It is there before the first line of a file that imports it, and of no other."""
    importlib.import_module("matplotlib")
    exercise = msgspec.structs.replace(
        load_exercise(ROOT / "exercises" / "convolution"),
        preload=("matplotlib.pyplot",),
    )
    submission = parse_submission("convolve.py", SOURCE % statement, exercise)
    with open_runner(exercise) as runner:
        execution = runner.run(submission, example_cases(exercise))
    raised = execution.outcomes[0].raised
    assert raised is not None
    assert (raised.message != "0") == statement.startswith(b"import")
