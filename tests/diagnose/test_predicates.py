"""Predicates of an author: what they are asked about, and what they prove."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.compare import compare
from grader.diagnose import diagnose, load_catalogue
from grader.model import Finding, Loading, Outcome, Raised, Trial

TEXT = '''
with open("ids.txt", encoding="utf-8") as file:
    READ = file.read()

def one(image, kernel):
    """One."""

def other(image, kernel):
    """Another."""

def one__and__other(image, kernel):
    return image

raised = "KeyError"

def is_image(answer, image, raised):
    return raised == "KeyError" or np.array_equal(answer, image)

ANSWERS = (one, other)
WHOLE = {one__and__other: is_image}
'''


def told(bench: Any, folder: Path, text: str) -> set[str]:
    """Return the ids for a submission that returns the image once, and raises once."""
    (folder / "misconceptions.py").write_text("import numpy as np\n" + text)
    (folder / "ids.txt").write_text("one other", "utf-8")
    exercise = msgspec.structs.replace(
        bench.exercise, folder=folder, files=("ids.txt",)
    )
    solutions = msgspec.structs.replace(bench.solutions, folder=folder)
    image, kernel = np.arange(16.0).reshape(4, 4), np.eye(3)
    outcomes = (
        Outcome(kind="returned", value=image, type_name="ndarray"),
        Outcome(kind="raised", raised=Raised(type="KeyError", message="'a'")),
    )
    findings: list[Finding] = []
    for number, outcome in enumerate(outcomes):
        trial = Trial(case="a", name=str(number), args=(image, kernel))
        right = solutions.reference(image, kernel)
        findings.append(compare(trial, outcome, right, exercise.tolerance))
    hints = diagnose(
        findings,
        Loading(state="ready"),
        bench.submission(),
        exercise,
        load_catalogue(exercise, solutions),
    )
    return {hint.misconception for some in hints.values() for hint in some}


def test_a_predicate_that_asks_for_it_is_asked_where_a_call_raised(
    bench: Any, tmp_path: Path
) -> None:
    """With `raised` it proves all the ids of its function; without, an exception refutes it.

    The author's file finds the files of the exercise by their names.
    """
    assert told(bench, tmp_path, TEXT) == {"one", "other"}
    not_asking = TEXT.replace("image, raised)", "image)")
    assert told(bench, tmp_path, not_asking) == set()
