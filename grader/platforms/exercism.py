"""Exercism: `results.json` of a test runner, version 3.

Source: https://exercism.org/docs/building/tooling/test-runners/interface.
- Tests stand in the order of the cases, because only the first failure is shown.
- The status `error` means that no test ran, and then `message` is all that a student gets.
- `output` is what the student printed and at most 500 characters; a report holds none, so it is
  left out.
"""

import json
from typing import Any

from grader.model import CaseReport, Report, Status, Verdict
from grader.platforms.telling import (
    NOWHERE,
    Surroundings,
    headline,
    passed,
    title,
    told,
)

_WRONG = {
    Verdict.WRONG_TYPE, Verdict.WRONG_SHAPE, Verdict.WRONG_VALUES, Verdict.MODIFIED_INPUT, Verdict.INVALID_OUTPUT,
}  # fmt: skip


def render(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the text of results.json."""
    del around
    result: dict[str, Any]
    if report.status is not Status.GRADED or not report.cases:
        result = {
            "version": 3,
            "status": "error",
            "message": headline(report),
            "tests": [],
        }
    else:
        status = "pass" if all(map(passed, report.cases)) else "fail"
        result = {
            "version": 3,
            "status": status,
            "message": None,
            "tests": [_test(case) for case in report.cases],
        }
    return json.dumps(result, indent=2) + "\n"


def _test(case: CaseReport) -> dict[str, Any]:
    status = "pass" if passed(case) else "fail" if case.verdict in _WRONG else "error"
    return {
        "name": title(case),
        "status": status,
        "message": None if passed(case) else told(case),
        "test_code": _code(case),
    }


def _code(case: CaseReport) -> str:
    """Return the call in the student's words; the inputs of a hidden case are drawn anew for each submission."""
    shapes = (("image", case.image_shape), ("kernel", case.kernel_shape))
    made = [
        f"{name} = array of shape {tuple(shape)}"
        for name, shape in shapes
        if shape is not None
    ]
    return "\n".join([*made, f"# case {title(case)}"])
