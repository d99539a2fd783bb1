"""Gradescope: `/autograder/results/results.json`.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (Output format).
- If any test is hidden, Gradescope shows the student no total, so every test here is visible.
- Every text is declared as `text`. Gradescope would run `html` and `md` as markup, and a student's
  message is neither.
- When the grader itself fails, there is no score at all. Gradescope then says that the autograder
  failed, and the submission can be run again; a 0 would stay in the gradebook.
"""

import json
from typing import Any

from grader.model import CaseReport, Report, Status
from grader.platforms.interface import NOWHERE, Surroundings
from grader.platforms.telling import (
    fraction,
    headline,
    overview,
    passed,
    points,
    seconds,
    title,
    told_with_arrays,
)
from grader.untrusted import bounded


def results_json(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the text of results.json."""
    del around
    result: dict[str, Any] = {
        "output": overview(report),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "status": report.status.value,
            "grader_version": bounded(report.grader_version, 50),
        },
    }
    if fraction(report) is not None:
        result["score"] = report.score
        result["execution_time"] = seconds(report)
        numbered = enumerate(report.cases, 1)
        result["tests"] = [
            _test(number, case, report) for number, case in numbered
        ]
    return json.dumps(result, indent=2) + "\n"


def _test(number: int, case: CaseReport, report: Report) -> dict[str, Any]:
    ran = report.status is Status.GRADED
    return {
        "number": str(number),
        "name": title(case),
        "name_format": "text",
        "score": points(case),
        "max_score": case.max_score,
        "status": "passed" if passed(case) else "failed",
        "output": told_with_arrays(case) if ran else headline(report),
        "output_format": "text",
        "visibility": "visible",
        "extra_data": {
            "verdict": case.verdict.value,
            "misconceptions": [hint.misconception for hint in case.hints],
        },
    }
