"""Reports of every kind, made by hand: renderers need no grading to be tested."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from grader.model import (
    CaseReport,
    Covered,
    CutOff,
    Details,
    ExceptionDetails,
    ExerciseInfo,
    Hint,
    Isolation,
    Moment,
    Report,
    Status,
    StillDetails,
    SubmissionInfo,
    Verdict,
    Versions,
)
from grader.render import prose
from grader.render.sentences import case_message
from grader.vocabulary import GRADER_FAULT

DIGEST = "sha256:" + "0123456789abcdef" * 4


def _correlate(
    image: list[list[float]], kernel: list[list[float]]
) -> list[list[float]]:
    rows, columns = (
        len(image) - len(kernel) + 1,
        len(image[0]) - len(kernel[0]) + 1,
    )
    return [
        [
            round(
                sum(
                    image[row + a][column + b] * weight
                    for a, line in enumerate(kernel)
                    for b, weight in enumerate(line)
                ),
                6,
            )
            for column in range(columns)
        ]
        for row in range(rows)
    ]


def _image(height: int, width: int) -> list[list[float]]:
    return [
        [
            (row * 7 + column * 13 + row * column) % 97 / 10
            for column in range(width)
        ]
        for row in range(height)
    ]


KERNEL = [[0.5, -1.25, 0.75], [2.0, 0.25, -0.5], [-1.75, 1.0, 0.125]]


def _numbers(height: int, width: int) -> dict[str, Any]:
    image = _image(height, width)
    return {
        "inputs": {"image": image, "kernel": KERNEL},
        "expected": _correlate(image, KERNEL),
        "expected_shape": (height - 2, width - 2),
    }


def _wrong_values(height: int, width: int) -> Details:
    facts = _numbers(height, width)
    actual = [list(row) for row in facts["expected"]]
    rows, columns = height - 2, width - 2
    for row in range(rows):
        actual[row][columns - 1] = 0.0
    actual[rows - 1] = [0.0] * columns
    wrong = [
        (r, c)
        for r in range(rows)
        for c in range(columns)
        if actual[r][c] != facts["expected"][r][c]
    ]
    first = wrong[0]
    return Details(
        trial="float",
        rung="values",
        actual_shape=(rows, columns),
        differing=len(wrong),
        total=rows * columns,
        region="last_row_and_column",
        first=first,
        covered=Covered(
            over="image",
            by="kernel",
            row=first[0],
            column=first[1],
            height=3,
            width=3,
        ),
        expected_value=facts["expected"][first[0]][first[1]],
        actual_value=0.0,
        max_error=max(abs(facts["expected"][r][c]) for r, c in wrong),
        actual=actual,
        passed_trials=0,
        trials=3,
        **facts,
    )


def _nan(height: int, width: int) -> Details:
    facts = _numbers(height, width)
    actual: list[list[Any]] = [list(row) for row in facts["expected"]]
    actual[1][2] = "nan"
    return Details(
        trial="another kernel",
        rung="nan",
        actual_shape=(height - 2, width - 2),
        differing=1,
        total=(height - 2) * (width - 2),
        region="one_value",
        first=(1, 2),
        expected_value=facts["expected"][1][2],
        actual_value="nan",
        actual=actual,
        passed_trials=2,
        trials=3,
        **facts,
    )


def _wrong_shape(height: int, width: int) -> Details:
    facts = _numbers(height, width)
    padded = [
        [0.0] * (width + 2),
        *([0.0, *row, 0.0] for row in _image(height, width)),
        [0.0] * (width + 2),
    ]
    return Details(
        trial="float",
        rung="shape",
        actual_shape=(height, width),
        actual=_correlate(padded, KERNEL),
        passed_trials=0,
        trials=3,
        **facts,
    )


DETAILS: dict[Verdict, Details] = {
    Verdict.PASSED: Details(expected_shape=(6, 6), passed_trials=3, trials=3),
    Verdict.WRONG_TYPE: Details(
        trial="float",
        rung="type",
        actual_type="NoneType",
        expected_shape=(6, 6),
    ),
    Verdict.WRONG_SHAPE: _wrong_shape(8, 8),
    Verdict.WRONG_VALUES: _wrong_values(8, 8),
    Verdict.MODIFIED_INPUT: Details(
        rung="modified", argument="image", **_numbers(8, 8)
    ),
    Verdict.RAISED: Details(
        trial="float",
        exception=ExceptionDetails(
            type="IndexError",
            message="index 8 is out of bounds for axis 0 with size 8",
            line=12,
            source="            out[i, j] += image[i + a, j + b] * kernel[a, b]",
            moment=(
                Moment("i", "7", "value"),
                Moment("a", "1", "value"),
                Moment("image", "(8, 8)", "shape"),
                Moment("image[i:i + 3, j]", "(1,)", "shape"),
                Moment("rows", "list of 3", "thing"),
            ),
            cut_off=CutOff(
                expression="image[i:i + 3, j]",
                array="image",
                axis=0,
                axes=2,
                first=7,
                last=9,
                length=8,
            ),
        ),
        **_numbers(8, 8),
    ),
    Verdict.TIMED_OUT: Details(
        limit_s=2.0,
        still=StillDetails(line=7, source="    while i < rows:", is_loop=True),
        **_numbers(8, 8),
    ),
    Verdict.OUT_OF_MEMORY: Details(reason="the limit is 1024 MB"),
    Verdict.CRASHED: Details(signal=11),
    Verdict.INVALID_OUTPUT: Details(reason="the frame is too long"),
    Verdict.NOT_RUN: Details(reason="an earlier call ended the process"),
    Verdict.GRADER_ERROR: Details(reason="the worker did not answer"),
}
"""Facts for each verdict."""


def make_case(
    verdict: Verdict,
    details: Details | None = None,
    name: str = "8x8",
    *hints: Hint,
) -> CaseReport:
    """Make one case with the message that the facts give."""
    facts = DETAILS[verdict] if details is None else details
    passed = verdict is Verdict.PASSED
    height, width = (int(part) for part in name.split("x"))
    return CaseReport(
        name=name,
        title=f"{height} rows, {width} columns",
        shapes={"image": (height, width), "kernel": (3, 3)},
        verdict=verdict,
        score=1.0 if passed else 0.0,
        max_score=1.0,
        message=case_message(verdict, facts),
        hints=hints,
        details=facts,
        duration_s=0.0021,
    )


def make_report(
    *cases: CaseReport,
    status: Status = Status.GRADED,
    message: str | None = None,
    **more: Any,
) -> Report:
    """Make a report of these cases."""
    fields: dict[str, Any] = {
        "exercise": ExerciseInfo(
            "convolution", "Convolution from scratch", DIGEST
        ),
        "submission": SubmissionInfo("s01.py", "python", DIGEST),
        "status": status,
        "score": None
        if status is Status.GRADER_ERROR
        else sum(case.score for case in cases),
        "max_score": float(len(cases)),
        "message": prose.report_message(cases) if message is None else message,
        "cases": cases,
        "notes": (
            "Line 3: import cv2 raised ModuleNotFoundError: No module named 'cv2'; skipped.",
            prose.secret_note("default"),
        ),
        "isolation": Isolation("full", ("landlock", "seccomp", "rlimits")),
        "grader_version": "0.1.0",
        "graded_with": Versions("3.11.7", "2.4.6"),
    }
    return Report(**{**fields, **more})


FLIPPED = Hint(
    "kernel-flipped",
    (
        "The kernel was turned by 180 degrees before it was used. "
        "In deep learning it is laid on the image as it is given."
    ),
)
PADDED = Hint(
    "same-padding",
    (
        "Your output is as big as the image. "
        "The kernel is placed only where it fits completely, so nothing is padded."
    ),
)


def mixed_report() -> Report:
    """Make the report of a usual submission: two cases right, two wrong in different ways."""
    return make_report(
        make_case(Verdict.PASSED),
        make_case(
            Verdict.WRONG_VALUES, _wrong_values(12, 10), "12x10", FLIPPED
        ),
        make_case(Verdict.WRONG_SHAPE, _wrong_shape(10, 10), "10x10", PADDED),
        make_case(Verdict.WRONG_VALUES, _nan(12, 8), "12x8", FLIPPED),
        output="\n".join(f"round {number}" for number in range(30)),
    )


def every_report() -> dict[str, Report]:
    """Make a report for each verdict, and one for each status that is not `graded`."""
    reports = {
        str(verdict): make_report(
            make_case(
                verdict,
                None,
                "8x8",
                *(() if verdict is Verdict.PASSED else (FLIPPED,)),
            )
        )
        for verdict in Verdict
        if verdict is not Verdict.GRADER_ERROR
    }
    names = ("8x8", "12x10", "10x10", "12x8")
    reports["not_gradable"] = make_report(
        *(make_case(Verdict.NOT_RUN, Details(), name) for name in names),
        status=Status.NOT_GRADABLE,
        message="There is no function named convolve here; you have convolv, did you mean that?",
    )
    reports["grader_error"] = make_report(
        *(make_case(Verdict.GRADER_ERROR, Details(), name) for name in names),
        status=Status.GRADER_ERROR,
        message=GRADER_FAULT,
    )
    reports["mixed"] = mixed_report()
    return reports


REPORTS = every_report()


@pytest.fixture(params=sorted(REPORTS))
def report(request: pytest.FixtureRequest) -> Report:
    """Every kind of report, one after the other."""
    return REPORTS[request.param]


@pytest.fixture(params=sorted(REPORTS))
def named(request: pytest.FixtureRequest) -> tuple[str, Report]:
    """Every kind of report with its name, one after the other."""
    return request.param, REPORTS[request.param]


@pytest.fixture(scope="session")
def kit() -> SimpleNamespace:
    """Give what makes reports: test modules cannot import this one."""
    return SimpleNamespace(
        details=DETAILS, case=make_case, report=make_report, reports=REPORTS
    )


@pytest.fixture
def mixed() -> Report:
    """Give the report of a usual submission."""
    return mixed_report()


@pytest.fixture
def build() -> Callable[..., Report]:
    """`build(verdict, details)` makes a report of one case."""
    return lambda verdict, details=None, **more: make_report(
        make_case(verdict, details), **more
    )
