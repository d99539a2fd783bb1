"""Classroom 50: `result.json`, schema `classroom50/result/v1`.

Source: https://github.com/foundation50/classroom50/wiki/Advanced-Autograding (The `result.json`
contract).
- Scores are integers, so fractional points are scaled, all by the same power of ten.
- Who and what was graded comes from the runner's environment (CLASSROOM, ASSIGNMENT, OWNER,
  SUBMISSION_TAG, ...).
- A fault of the grader is the contract's own error result: no tests, 0 of 0 points. The command
  also exits with non-zero, and the runner then says `status=error` itself.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from grader.model import CaseReport, Report, Status
from grader.platforms.interface import NOWHERE, Surroundings
from grader.platforms.telling import (
    fraction,
    headline,
    passed,
    points,
    title,
    told_with_arrays,
)
from grader.untrusted import one_line

_SCALES = (1, 10, 100, 1000)
_TYPES = {"individual", "group", "team"}
_LOCAL = "local"


def result_json(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the text of result.json."""
    tests = [] if fraction(report) is None else _tests(report)
    result = {
        "schema": "classroom50/result/v1",
        **_identity(report, around),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(result, indent=2) + "\n"


def _identity(report: Report, around: Surroundings) -> dict[str, str]:
    """Return whose result it is; `local` for what the environment does not say."""
    environ = around.environ
    kind = _first(environ, "ASSIGNMENT_TYPE", default="individual")
    tag = _first(environ, "SUBMISSION_TAG", default="submit/local")
    return {
        "classroom": _first(environ, "CLASSROOM"),
        "assignment": _first(
            environ, "ASSIGNMENT", default=report.exercise.name
        ),
        "assignment_type": kind if kind in _TYPES else "individual",
        "owner": _first(environ, "OWNER", "USERNAME"),
        "submission": tag if tag.startswith("submit/") else f"submit/{tag}",
        "commit": _first(environ, "COMMIT_URL"),
        "release": _first(environ, "RELEASE_URL"),
        "review": _first(environ, "REVIEW_URL", "COMMIT_URL"),
        "datetime": around.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _first(
    environ: Mapping[str, str], *names: str, default: str = _LOCAL
) -> str:
    """Return the first of the variables that is set and not empty."""
    values = (one_line(environ.get(name, "")) for name in names)
    return next(filter(None, values), default)


def _tests(report: Report) -> list[dict[str, Any]]:
    ran = report.status is not Status.NOT_GRADABLE
    scale = _scale(report)
    return [
        _test(case, scale, told_with_arrays(case) if ran else headline(report))
        for case in report.cases
    ]


def _scale(report: Report) -> int:
    """Return the smallest power of ten that makes every score an integer, at most 1000."""
    numbers = [points(case) for case in report.cases]
    numbers += [case.max_score for case in report.cases]
    for scale in _SCALES:
        if all(float(number * scale).is_integer() for number in numbers):
            return scale
    return _SCALES[-1]


def _test(case: CaseReport, scale: int, output: str) -> dict[str, Any]:
    most = round(case.max_score * scale)
    score = round(points(case) * scale)
    return {
        "test-name": title(case),
        "passed": passed(case),
        "score": min(most, max(0, score)),
        "max-score": most,
        "output": output,
    }
