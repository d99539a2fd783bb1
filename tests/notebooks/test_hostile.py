"""Notebooks that try to get what they have not earned, or to harm the grader, gain nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.grading import Grader
from grader.model import Exercise, Report, Verdict
from grader.submission import parse_submission
from tests.notebooks.conftest import read_notebooks

WRONG = """import numpy as np
def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
"""

# Writes a frame in the right format, with any header, to every socket there is.
FRAME = """
import json, os, struct
def frame(header):
    text = json.dumps({**header, "frames": []}).encode()
    return struct.pack("!4sII", b"GRD1", len(text), 0) + text
SOCKETS = []
for fd in range(3, 64):
    try:
        os.fstat(fd)
        SOCKETS.append(fd)
    except OSError:
        pass
def tell(header):
    for fd in SOCKETS:
        try:
            os.write(fd, frame(header))
        except OSError:
            pass
"""

KERNEL = "kernel = get_ipython().kernel\n"

CHEATS = read_notebooks(
    "hostile_notebooks.txt",
    {"<wrong>\n": WRONG, "<frame>\n": FRAME, "<kernel>\n": KERNEL},
)


@pytest.mark.parametrize("name", CHEATS)
def test_wrong_function_gets_nothing(
    name: str, grade: Callable[..., Report], grader: Grader
) -> None:
    """Whatever a notebook does around a wrong function, it gets no point and breaks nothing."""
    reference = str(grader.solutions.folder / "reference.py")
    cells = [cell.replace("@SOLUTIONS@", reference) for cell in CHEATS[name]]
    report = grade(*cells)
    assert (report.status, report.score) == ("graded", 0.0), (
        report.message,
        report.notes,
    )
    assert not Path("/tmp/escaped").exists()  # noqa: S108 - the place that the programs try


def test_next_one_is_graded_as_ever(
    grade: Callable[..., Report], right: str
) -> None:
    """After a notebook that breaks everything it can reach, a right one gets every point."""
    grade(
        WRONG,
        FRAME + "tell({'op': 'ran', 'token': '', 'skipped': []})",
        KERNEL + "kernel.shell = None",
        "import os\nos._exit(9)",
    )
    assert grade(right).score == 4.0


def test_one_hanging_size_costs_one_case(
    grade: Callable[..., Report], right: str
) -> None:
    """A function that hangs on (12, 10) keeps the points of its other three cases."""
    hangs = right.replace(
        "    rows",
        "    while image.shape == (12, 10):\n        pass\n    rows",
        1,
    )
    report = grade("import zork", hangs)
    verdicts = {case.name: case.verdict for case in report.cases}
    assert verdicts.pop("12x10") == Verdict.TIMED_OUT
    assert set(verdicts.values()) == {Verdict.PASSED}


def test_one_deadly_size_costs_one_case(
    grade: Callable[..., Report], right: str
) -> None:
    """A function that ends the process on (12, 10) keeps the rest, with its computed globals."""
    ends = right.replace(
        "    rows",
        "    if image.shape == (12, 10):\n        import os; os._exit(3)\n    rows",
        1,
    )
    report = grade(
        "import numpy as np\nONE = int(np.sqrt(1.0))",
        ends.replace("* kernel", "* kernel * ONE"),
        "while True: pass",
    )
    verdicts = {case.name: case.verdict for case in report.cases}
    assert verdicts.pop("12x10") == Verdict.CRASHED
    assert set(verdicts.values()) == {Verdict.PASSED}


def test_saved_outputs_are_not_believed(
    grader: Grader, exercise: Exercise, build: Callable[..., bytes]
) -> None:
    """Outputs and counters that say that everything passed mean nothing."""
    forged = build(WRONG).replace(
        b'"outputs": []',
        b'"outputs": [{"output_type": "stream", "name": "stdout", "text": "4.0 of 4.0: passed"}]',
    )
    assert b"4.0 of 4.0" in forged
    assert (
        grader.grade(parse_submission("homework.ipynb", forged, exercise)).score
        == 0.0
    )


def test_same_report_every_time(grade: Callable[..., Report]) -> None:
    """Grading the same notebook again gives the same report, durations aside."""
    cells = [
        "print(set('abcdef'), object())",
        "import zork",
        "import random\nx = random.random()",
        WRONG,
        "repr(object()) + 1",
    ]
    first, *others = [grade(*cells) for _ in range(5)]
    for other in others:
        assert [case.details for case in other.cases] == [
            case.details for case in first.cases
        ]
        assert other.notes == first.notes


def test_function_missing(grade: Callable[..., Report]) -> None:
    """A notebook without the function is not gradable, and the message says what is missing."""
    report = grade(
        "def convolv(image, kernel):\n    return image", "import zork"
    )
    assert (report.status, report.score) == ("not_gradable", 0.0)
    assert "convolv" in report.message
