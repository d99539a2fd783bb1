"""Exercism: `results.json` of a test runner, version 3.

Source: https://exercism.org/docs/building/tooling/test-runners/interface.
- Tests are in the order of the cases, because only the first failure is shown.
- The status `error` means that no test ran; then `message` is all that a student gets.
- `output` is what the student printed, at most 500 characters. A report holds none of that, so it
  is left out.
"""

import json
from typing import Any

from grader.model import CaseReport, Report, Status, Verdict
from grader.platforms.interface import NOWHERE, Surroundings
from grader.platforms.telling import headline, passed, title, told_with_arrays

_VERSION = 3
_WRONG = {
    Verdict.WRONG_TYPE,
    Verdict.WRONG_SHAPE,
    Verdict.WRONG_VALUES,
    Verdict.MODIFIED_INPUT,
    Verdict.INVALID_OUTPUT,
}
"""Verdicts about a result, which are a `fail`; all others mean that the code did not finish."""


def results_json(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the text of results.json."""
    del around
    result: dict[str, Any] = {"version": _VERSION}
    if report.status is Status.GRADED and report.cases:
        right = all(map(passed, report.cases))
        result |= {
            "status": "pass" if right else "fail",
            "message": None,
            "tests": [_test(case) for case in report.cases],
        }
    else:
        result |= {"status": "error", "message": headline(report), "tests": []}
    return json.dumps(result, indent=2) + "\n"


def _test(case: CaseReport) -> dict[str, Any]:
    return {
        "name": title(case),
        "status": _status(case),
        "message": None if passed(case) else told_with_arrays(case),
        "test_code": _code(case),
    }


def _status(case: CaseReport) -> str:
    if passed(case):
        return "pass"
    return "fail" if case.verdict in _WRONG else "error"


def _code(case: CaseReport) -> str:
    """Return the call as a student would write it; a submission gets hidden inputs of its own."""
    lines = [
        f"{name} = array of shape {tuple(shape)}"
        for name, shape in case.shapes.items()
    ]
    return "\n".join([*lines, f"# case {title(case)}"])
