"""Without `--exercise`: the only one, else the one whose function is defined, else convolution."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import grade, open_grader
from grader.authoring import new
from grader.errors import UsageError
from grader.exercise import load_exercise, record_validation
from grader.exercise.choice import (
    public_half_for_class,
    public_half_to_check,
    public_half_to_grade,
)
from grader.submission import defined_names

ROOT = Path(__file__).parents[2]
RIGHT = (ROOT / "solutions/convolution/samples/right.py").read_text("utf-8")
DISTANCES = """import numpy as np


def distances(points, centres):
    return np.sqrt(np.sum((points[:, None] - centres) ** 2, axis=-1))
"""
Grader = Callable[..., Any]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of two exercises, of which an author has made the second one."""
    folder = tmp_path / "course"
    for half in ("exercises", "solutions"):
        shutil.copytree(
            ROOT / half / "convolution", folder / half / "convolution"
        )
    add(folder, "distances")
    return folder


def add(course: Path, name: str) -> None:
    """Add an exercise to a course, and record that it was validated."""
    new(name, course)
    exercise = load_exercise(course / "exercises" / name)
    record_validation(exercise, course / "solutions" / name)


def remove(course: Path, name: str) -> None:
    """Take an exercise out of a course."""
    for half in ("exercises", "solutions"):
        shutil.rmtree(course / half / name)


def exercise_of(done: Any) -> str:
    """Return the exercise of a JSON report."""
    assert done.returncode == 0, done.stderr
    name: str = json.loads(done.stdout)["exercise"]["name"]
    return name


def written(folder: Path, text: str, name: str = "handed_in.py") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_the_only_exercise_needs_no_name(
    course: Path, grader: Grader, tmp_path: Path
) -> None:
    """A course whose only exercise is an author's own is graded and checked with it."""
    remove(course, "convolution")
    file = written(tmp_path, "def other():\n    pass\n")
    done = grader(
        "grade", file, "--format", "json", "--solutions", course / "solutions"
    )
    assert exercise_of(done) == "distances"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (DISTANCES, "distances"),
        (RIGHT, "convolution"),
        (f"{DISTANCES}\n\n{RIGHT}", "convolution"),
        ("def other():\n    pass\n", "convolution"),
        ("from scipy.spatial import distances\n", "convolution"),
        ("distances = lambda points, centres: 0\n", "distances"),
        ("def distances(points, centres):\n    return (0\n", "distances"),
    ],
    ids=[
        "one",
        "the other",
        "both",
        "none",
        "imported",
        "a lambda",
        "not quite Python",
    ],
)
def test_the_exercise_is_the_one_whose_function_is_defined(
    course: Path, text: str, meant: str
) -> None:
    """Of two exercises it is the one whose function the text defines, else convolution."""
    found = public_half_to_grade(
        None,
        course / "solutions",
        lambda: defined_names("handed_in.py", text.encode()),
    )
    assert found.name == meant


def test_commands_and_programs_find_the_same_exercise(
    course: Path, grader: Grader, tmp_path: Path
) -> None:
    """`grade`, `check` and the API take the same exercise for the same file, notebook or not."""
    cell = {"cell_type": "code", "source": DISTANCES, "metadata": {}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "cells": [cell]}
    file = written(tmp_path, json.dumps(notebook), "handed_in.ipynb")
    trusted = course / "solutions"
    done = grader("grade", file, "--format", "json", "--solutions", trusted)
    assert exercise_of(done) == "distances"
    done = grader("check", file, "--format", "json", cwd=course)
    assert exercise_of(done) == "distances"
    report = grade(
        DISTANCES.encode(), solutions=trusted, require_isolation="none"
    )
    assert (report.exercise.name, report.score) == ("distances", 3.0)
    with open_grader(solutions=trusted, require_isolation="none") as opened:
        assert opened.exercise.name == "convolution"


def test_pytest_takes_the_exercise_of_each_file(
    course: Path, tmp_path: Path
) -> None:
    """Submissions for two exercises in one run are each graded with their own."""
    files = [
        written(tmp_path, DISTANCES, "a.py"),
        written(tmp_path, RIGHT, "b.py"),
    ]
    done = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "pytest", "-q", "--no-header"),
            *("-p", "no:randomly", "-p", "no:cacheprovider"),
            *(f"--grader-submission={file}" for file in files),
        ],
        cwd=tmp_path,
        env={**os.environ, "GRADER_SOLUTIONS": str(course / "solutions")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "7 passed" in done.stdout, done.stdout


def test_a_class_has_one_exercise_and_is_told_which(
    course: Path, grader: Grader, tmp_path: Path
) -> None:
    """A batch takes what most of its files define, and says so on standard error."""
    class_folder = tmp_path / "class"
    class_folder.mkdir()
    written(class_folder, DISTANCES)
    trusted = ("--solutions", course / "solutions")
    arguments = ("grade", class_folder, *trusted, "--output")
    done = grader(*arguments, tmp_path / "first")
    assert done.returncode == 0
    assert "the exercise is distances" in done.stderr
    done = grader(*arguments, tmp_path / "out", "--exercise", "distances")
    assert "the exercise is" not in done.stderr
    report = json.loads(
        (tmp_path / "out/reports/handed_in.py.json").read_text()
    )
    assert report["score"] == 3


NAMED_ALIKE = {
    "convolution": "(image, kernel)",
    "strides": "(image, kernel, stride=1, padding=0)",
    "channels": "(image, kernels)",
}


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("def convolve(image, kernel):", "convolution"),
        ("def convolve(img, k):", "convolution"),
        ("def convolve(image, kernel, mode='valid'):", "convolution"),
        ("def convolve(image, kernel, stride, padding):", "strides"),
        ("def convolve(image, kernel, stride=1):", "convolution"),
        ("def convolve(image, kernel, *, padding=0, stride=1):", "strides"),
        ("def convolve(image, kernels):", "channels"),
        ("def convolve(x, kernels):", "channels"),
        ("def convolve(*args):", "convolution"),
        ("def softmax(x):", "convolution"),
    ],
)
def test_parameters_decide_between_functions_of_the_same_name(
    course: Path, header: str, meant: str
) -> None:
    """Three exercises ask for `convolve`; where the parameters are no help it is convolution."""
    for name in ("strides", "channels"):
        add(course, name)
        for path in (course / "exercises" / name).glob("*.py"):
            path.write_text(
                f"def convolve{NAMED_ALIKE[name]}:\n    raise NotImplementedError\n"
            )
    text = f"{header}\n    return 0\n"
    found = public_half_to_grade(
        None,
        course / "solutions",
        lambda: defined_names("handed_in.py", text.encode()),
    )
    assert found.name == meant


def test_an_exercise_of_which_all_is_there_comes_first(course: Path) -> None:
    """A helper that has the name of half of another exercise does not make it that one."""
    add(course, "moving-average")
    (stub,) = (course / "exercises" / "moving-average").glob("*.py")
    stub.write_text(
        "class Layer:\n    def forward(self, x):\n        raise NotImplementedError\n\n"
        "def distances(points):\n    raise NotImplementedError\n"
    )
    trusted = course / "solutions"
    both = {"distances": ("points",), "Layer": ()}
    one = {"distances": ("points",)}
    for defined, meant in ((both, "moving-average"), (one, "distances")):
        found = public_half_to_grade(None, trusted, lambda: defined)  # noqa: B023 - called at once
        assert found.name == meant


def test_a_class_is_graded_with_what_most_of_it_defines(course: Path) -> None:
    """One file of another exercise does not change it, nor do files that define nothing."""
    trusted = course / "solutions"
    class_of = [
        {"distances": ()},
        {"convolve": ()},
        {"distances": ()},
        {},
        {},
        {},
    ]
    found = public_half_for_class(None, trusted, lambda: class_of)
    assert found.name == "distances"
    found = public_half_for_class(None, trusted, lambda: class_of[:2])
    assert found.name == "convolution"


def test_nothing_is_guessed_where_it_stays_open(course: Path) -> None:
    """Without a convolution the line lists the exercises that may be meant."""
    remove(course, "convolution")
    add(course, "moving-average")
    trusted = course / "solutions"
    with pytest.raises(UsageError, match=r"distances, moving-average; say"):
        public_half_to_grade(None, trusted)
    both = ("distances", "moving_average")
    with pytest.raises(UsageError, match="defines the functions of distances"):
        public_half_to_grade(None, trusted, lambda: both)


def test_no_exercise_of_a_students_can_be_meant(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exercise where one stands counts for `check`, and never for `grade`."""
    add(tmp_path, "mine")
    monkeypatch.chdir(tmp_path)
    defined = ("mine",)
    assert Path(public_half_to_check(None, lambda: defined)).name == "mine"
    found = public_half_to_grade(None, course / "solutions", lambda: defined)
    assert found == course / "exercises" / "convolution"


def test_nothing_is_read_where_there_is_no_choice(course: Path) -> None:
    """With one exercise, or a named one, the submission is not asked what it defines."""

    def asked() -> list[str]:
        raise AssertionError

    remove(course, "distances")
    trusted = course / "solutions"
    assert public_half_to_grade(None, trusted, asked).name == "convolution"
    assert public_half_to_grade("convolution", trusted, asked)
    assert public_half_to_check("convolution", asked) == "convolution"
