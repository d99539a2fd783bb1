"""What real notebooks hold: each of these has a right `convolve`, and gets every point."""

import asyncio
import json
from collections.abc import Callable

import msgspec
import pytest

from grader.cases import draw_cases
from grader.execution import Confinement, open_runner
from grader.grading import Grader
from grader.model import Exercise, Limits, Report
from grader.submission import parse_submission
from tests.notebooks.conftest import RIGHT, read_notebooks

WRONG = (
    "import numpy as np\ndef convolve(image, kernel):\n    return image * 2\n"
)
NOTEBOOKS = read_notebooks(
    "real_notebooks.txt",
    {
        "<right>\n": RIGHT,
        "<wrong>\n": WRONG,
        "<blank>": "   \n",
        "<400000 x>": "x" * 400_000,
    },
)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_right_function_gets_every_point(
    name: str, grade: Callable[..., Report]
) -> None:
    """Whatever else a notebook holds, a right function gets every point, within the limits."""
    report = grade(*NOTEBOOKS[name])
    assert (report.status, report.score) == ("graded", 4.0), (
        report.message,
        report.notes,
    )
    assert report.isolation.level == "full"


def _file(cell: dict[str, object], **document: object) -> bytes:
    whole = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [{"cell_type": "code", **cell}],
        **document,
    }
    return json.dumps(whole).encode()


_OUTPUT = {
    "output_type": "display_data",
    "metadata": {},
    "data": {"image/png": "A" * (6 << 20)},
}
_KERNELSPEC = {
    "name": "my-env",
    "display_name": "Python (my env)",
    "language": "python",
}
_COLAB_CELL = {"id": "x", "colab": {"base_uri": "https://localhost:8080/"}}
_COLAB = {
    "colab": {"provenance": []},
    "accelerator": "GPU",
    "widgets": {"application/vnd.jupyter.widget-state+json": {"a": 1}},
}
_TAGS = {"tags": ["skip-execution", "raises-exception"]}
FILES = {
    "six megabytes of outputs": _file(
        {
            "source": RIGHT,
            "metadata": {},
            "outputs": [_OUTPUT],
            "execution_count": 9,
        }
    ),
    "source as a list": _file(
        {
            "source": RIGHT.splitlines(keepends=True),
            "metadata": {},
            "outputs": [],
        }
    ),
    "no ids, no metadata": _file(
        {"source": RIGHT}, nbformat_minor=0, metadata={}
    ),
    "foreign kernelspec": _file(
        {"source": RIGHT}, metadata={"kernelspec": _KERNELSPEC}
    ),
    "Colab metadata": _file(
        {"source": RIGHT, "metadata": _COLAB_CELL}, metadata=_COLAB
    ),
    "tags that skip the cell": _file({"source": RIGHT, "metadata": _TAGS}),
}


@pytest.mark.parametrize("name", FILES)
def test_form_of_the_file_means_nothing(
    name: str, grader: Grader, exercise: Exercise
) -> None:
    """Outputs, ids, tags, kernelspecs and the metadata of other programs change no grade."""
    report = grader.grade(
        parse_submission("homework.ipynb", FILES[name], exercise)
    )
    assert (report.status, report.score) == ("graded", 4.0), (
        report.message,
        report.notes,
    )


def test_notes_name_the_cell(grade: Callable[..., Report]) -> None:
    """A note says which cell raised what, or did not come to an end; one note for each cell."""
    report = grade(
        "import zork\nzork.a\nzork.b",
        RIGHT,
        "while True:\n    pass",
        "import os\nos._exit(1)",
        "2 +",
    )
    text = "\n".join(report.notes)
    assert (
        "Cell 1 raised ModuleNotFoundError: No module named 'zork'; skipped."
        in report.notes
    )
    assert (
        "Cell 3 was still running after 4 s, in line 1; skipped."
        in report.notes
    )
    assert "Cell 4 ended the process; skipped." in report.notes
    assert text.count("Cell 1") == text.count("Cell 5") == 1


def test_notes_name_no_folder_of_the_grader(
    grade: Callable[..., Report],
) -> None:
    """Scratch folders have random names, and a report must be the same each time."""
    report = grade(
        RIGHT,
        "import os\nraise ValueError(os.getcwd(), os.path.abspath('x.npy'))",
    )
    assert (
        "Cell 2 raised ValueError: ('(scratch)', '(scratch)/x.npy'); skipped."
        in report.notes
    )


def test_exception_names_cell_and_line(grade: Callable[..., Report]) -> None:
    """An exception of the function is reported with its cell, its line, and the text there."""
    report = grade(
        "x = 1",
        "\n\n%matplotlib inline\n"
        "def convolve(image, kernel):\n"
        "    return image / undefined_thing\n",
    )
    exception = report.cases[0].details.exception
    assert report.cases[0].verdict == "raised"
    assert exception is not None
    assert (exception.type, exception.cell, exception.line) == (
        "NameError",
        2,
        5,
    )
    assert exception.source == "return image / undefined_thing"


def test_same_verdicts_as_for_a_file(
    grader: Grader, grade: Callable[..., Report], exercise: Exercise
) -> None:
    """A wrong function gets the same verdicts and hints in a notebook as in a .py file."""
    wrong = RIGHT.replace("* kernel)", "* kernel[::-1, ::-1])")
    of_file = grader.grade(
        parse_submission("homework.py", wrong.encode(), exercise)
    )
    of_notebook = grade(wrong)
    ids = [
        [hint.misconception for hint in case.hints] for case in of_file.cases
    ]
    assert ids == [["kernel-flipped"]] * 4
    assert ids == [
        [hint.misconception for hint in case.hints]
        for case in of_notebook.cases
    ]
    assert [case.verdict for case in of_file.cases] == [
        case.verdict for case in of_notebook.cases
    ]


def test_graded_inside_a_running_loop(
    grader: Grader, exercise: Exercise, build: Callable[..., bytes]
) -> None:
    """A notebook can be graded from a notebook, where an event loop is already running."""

    async def outer() -> Report:
        return grader.grade(
            parse_submission("homework.ipynb", build(RIGHT), exercise)
        )

    assert asyncio.run(outer()).score == 4.0


def test_without_a_fork_server(
    exercise: Exercise, build: Callable[..., bytes], grader: Grader
) -> None:
    """Without a fork server, a notebook runs in a fresh process, with the same outcome."""
    submission = parse_submission(
        "homework.ipynb",
        build("import zork", "%matplotlib inline", RIGHT),
        exercise,
    )
    cases = draw_cases(exercise, grader.solutions, submission.digest, b"a test")
    patient = msgspec.structs.replace(
        exercise, limits=Limits(load_s=60.0, call_s=60.0)
    )
    confinement = Confinement(fork_server=False)
    with open_runner(patient, confinement=confinement) as runner:
        execution = runner.run(submission, cases)
    assert execution.loading.state == "ready"
    assert [skipped.cell for skipped in execution.loading.skipped] == [1]
    assert {outcome.kind for outcome in execution.outcomes} == {"returned"}
    assert execution.isolation.level == "none"
