"""One call that is not graded: right for the tested sizes alone means full marks and a note."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.cases import Secret, draw_probe
from grader.errors import ExerciseError
from grader.execution.runner import Runner
from grader.exercise import load_solutions
from grader.grading import Grader, check
from grader.model import Exercise, Report, Solutions
from grader.render import render
from grader.submission import parse_submission

SECRET = Secret(b"secret", "file")
RIGHT = """
import numpy as np

SIZES = [(8, 8), (12, 10), (10, 10), (12, 8)]

def right(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", windows, kernel).astype(float)

def convolve(image, kernel):
    if image.shape not in SIZES:
        return other(image, kernel)
    return right(image, kernel)
"""
NOTE = "Your function is right for the sizes that are tested, but not for"
Grade = Callable[..., Report]


@pytest.fixture
def grade(exercise: Exercise, solutions: Solutions, runner: Runner) -> Grade:
    """Return a function that grades a source, with changes to the solutions."""

    def grade(source: str, name: str = "a.py", **changes: Any) -> Report:
        changed = msgspec.structs.replace(solutions, **changes)
        submission = parse_submission(name, source.encode(), exercise)
        return Grader(exercise, changed, SECRET, runner).grade(submission)

    return grade


def other(expression: str) -> str:
    """Return a source that is right for the tested sizes, and gives this for all others."""
    return f"{RIGHT}\ndef other(image, kernel):\n    {expression}\n"


def timeless(report: Report) -> Report:
    """Return a report without durations."""
    cases = [
        msgspec.structs.replace(case, duration_s=0.0) for case in report.cases
    ]
    return msgspec.structs.replace(report, cases=tuple(cases))


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("return None", "your function returns nothing"),
        ("return image", "your output is 5x6, but it should be 3x4."),
        ("return 0 * right(image, kernel)", "All 12 values differ."),
        ("raise ValueError('\\x1b[31m' + image.shape)", "your code raised"),
        ("import os; os._exit(3)", "your code ended the process with exit"),
        ("image[:] = 0; return image", "your function changes its argument"),
        ("return np.zeros((10 ** 9, 9))", "your code needed more memory"),
    ],
    ids=["None", "image", "zeros", "raised", "exit", "changed", "memory"],
)
def test_right_for_the_tested_sizes_alone_is_noted_and_not_punished(
    grade: Grade, expression: str, says: str
) -> None:
    """Whatever becomes of the call: full marks, one note in front, nothing in the cases."""
    report = grade(other(expression))
    assert (report.score, report.max_score, len(report.cases)) == (4, 4, 4)
    note, *rest = report.notes
    assert note.startswith(f"{NOTE} another one (image 5x6, kernel 3x3)")
    assert says.lower() in note.lower()
    assert "\x1b" not in note
    assert not any(NOTE in text for text in rest)
    assert NOTE not in report.message
    assert timeless(report) == timeless(grade(other(expression)))
    for audience in ("student", "instructor"):
        assert NOTE in " ".join(render(report, "text", audience).split())


def test_a_call_that_hangs_costs_its_time_and_nothing_else(
    exercise: Exercise, solutions: Solutions, runner: Runner
) -> None:
    """A function that never ends for other sizes gets full marks and the note."""
    submission = parse_submission(
        "a.py", other("\n    while True: pass").encode(), exercise
    )
    report = Grader(exercise, solutions, SECRET, runner).grade(submission)
    assert report.score == 4
    # Which line it is in is said where the worker gets a processor to say so.
    assert "no answer" in report.notes[0]


@pytest.mark.parametrize(
    "source",
    [
        other("return right(image, kernel)"),
        other("return None").replace("(8, 8), ", ""),
        "def convolve(image, kernel):\n    return None\n",
        "def convolve(image, kernel):\n    raise KeyError\n",
        "def other(image, kernel):\n    return None\n",
    ],
    ids=["right", "one size wrong", "wrong", "raises", "no function"],
)
def test_there_is_no_note_where_a_case_or_nothing_is_wrong(
    grade: Grade, source: str
) -> None:
    """What is right for every size, or wrong for a tested one, has no such note."""
    assert not any(NOTE in note for note in grade(source).notes)


def test_a_notebook_is_called_once_more_too(grade: Grade) -> None:
    """The kernel of a notebook answers the call like a worker."""
    cell = {
        "cell_type": "code",
        "source": other("return image"),
        "metadata": {},
    }
    notebook = {"nbformat": 4, "nbformat_minor": 5, "cells": [cell]}
    report = grade(msgspec.json.encode(notebook).decode(), "a.ipynb")
    assert report.score == 4
    assert "5x6, but it should be 3x4" in report.notes[0]


def test_who_is_wrong_is_called_as_well(
    exercise: Exercise, solutions: Solutions, runner: Runner
) -> None:
    """Being called once more tells nobody that their answers were right."""
    source = b"def convolve(image, kernel):\n    return image\n"
    submission = parse_submission("a.py", source, exercise)
    trial = draw_probe(exercise, solutions, submission.digest, b"")
    execution = runner.run(submission, (), lambda: trial)
    assert execution.probe is not None
    assert execution.probe.value is not None
    assert execution.probe.value.shape == (5, 6)


def test_without_a_probe_nothing_is_called(grade: Grade) -> None:
    """An exercise may do without; then there is no note."""
    assert not any(
        NOTE in note for note in grade(other("return None"), probe=None).notes
    )


def test_a_reference_that_fails_there_costs_nobody_a_grade(
    grade: Grade, solutions: Solutions
) -> None:
    """A fault of the author's outside of the cases is found by `validate`, not by a class."""

    def reference(image: Any, kernel: Any) -> Any:
        if image.shape == (5, 6):
            raise ValueError
        return solutions.reference(image, kernel)

    report = grade(other("return None"), names={"convolve": reference})
    assert report.score == 4
    assert not any(NOTE in note for note in report.notes)


def test_the_public_examples_are_all_that_is_checked(
    exercise: Exercise, runner: Runner
) -> None:
    """`check` makes no further call."""
    source = other("return None").replace(
        "SIZES = [", "SIZES = [(4, 4), (5, 4), (4, 5), (6, 6), "
    )
    report = check(
        exercise, parse_submission("a.py", source.encode(), exercise), runner
    )
    assert report.score == report.max_score
    assert not any(NOTE in note for note in report.notes)


def test_the_inputs_are_new_for_each_submission(
    exercise: Exercise, solutions: Solutions
) -> None:
    """They are drawn like those of a trial: from the secret and the digest."""
    drawn = []
    for digest, secret in (("a", b"1"), ("b", b"1"), ("a", b"2")):
        trial = draw_probe(exercise, solutions, digest, secret)
        assert trial is not None
        drawn.append(trial.args[0])
    assert drawn[0].shape == (5, 6)
    assert not any(np.array_equal(drawn[0], each) for each in drawn[1:])


@pytest.mark.parametrize(
    ("probe", "fault"),
    [
        ("image = [8, 8]\nkernel = [3, 3]", "are those of case '8x8'"),
        ("image = [9, 9]", "probe: shapes.kernel: missing"),
        ("image = [0, 9]\nkernel = [3, 3]", "probe: shapes.image: sizes are"),
    ],
)
def test_a_probe_is_read_strictly(
    exercise: Exercise,
    solutions: Solutions,
    tmp_path: Path,
    probe: str,
    fault: str,
) -> None:
    """Its sizes are complete, possible, and those of no case."""
    for file in solutions.folder.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    cases = tmp_path / "cases.toml"
    text = cases.read_text("utf-8").partition("[probe]")[0]
    trial = '[[trial]]\nname = "a"\ntitle = "a"\n[trial.inputs]\n'
    inputs = "image = {}\nkernel = {}\n"
    cases.write_text(f"{text}[probe.shapes]\n{probe}\n{trial}{inputs}")
    with pytest.raises(ExerciseError) as caught:
        load_solutions(exercise, tmp_path)
    assert fault in "\n".join(caught.value.faults)
