"""Classroom 50: `result.json`, schema `classroom50/result/v1`.

Source: https://github.com/foundation50/classroom50/wiki/Advanced-Autograding (The `result.json`
contract).
- Scores are integers: fractional points are scaled, all by the same power of ten.
- Who and what was graded comes from the runner's environment (CLASSROOM, ASSIGNMENT, OWNER,
  SUBMISSION_TAG, ...).
- A grader's fault is the contract's own error result: no tests, 0 of 0 points. The command also
  exits with non-zero, and the runner then says `status=error` itself.
"""

import json
from datetime import UTC
from typing import Any

from grader.model import CaseReport, Report
from grader.platforms.telling import (
    NOWHERE,
    Surroundings,
    fraction,
    headline,
    line,
    passed,
    points,
    title,
    told,
)

_SCALES = (1, 10, 100, 1000)
_LOCAL = "local"


def render(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the text of result.json."""
    ok = fraction(report) is not None
    scale = _scale(report)
    tests = [_test(case, scale, headline(report) if report.status.value == "not_gradable" else told(case))
             for case in report.cases] if ok else []  # fmt: skip
    result = {
        "schema": "classroom50/result/v1",
        **_identity(report, around),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(result, indent=2) + "\n"


def _identity(report: Report, around: Surroundings) -> dict[str, str]:
    """Return the fields that say whose result it is; `local` where the runner's environment is not there."""

    def get(*names: str, default: str = _LOCAL) -> str:
        return next(
            (
                line(around.environ[name])
                for name in names
                if line(around.environ.get(name, ""))
            ),
            default,
        )

    mode = get("ASSIGNMENT_TYPE", default="individual")
    tag = get("SUBMISSION_TAG", default="submit/local")
    return {
        "classroom": get("CLASSROOM"),
        "assignment": get("ASSIGNMENT", default=report.exercise.name),
        "assignment_type": mode
        if mode in {"individual", "group", "team"}
        else "individual",
        "owner": get("OWNER", "USERNAME"),
        "submission": tag if tag.startswith("submit/") else f"submit/{tag}",
        "commit": get("COMMIT_URL"),
        "release": get("RELEASE_URL"),
        "review": get("REVIEW_URL", "COMMIT_URL"),
        "datetime": around.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _scale(report: Report) -> int:
    """Return the smallest power of ten that makes every score an integer, at most 1000."""
    numbers = [
        number for case in report.cases for number in (points(case), case.max_score)
    ]
    return next(
        (
            scale
            for scale in _SCALES
            if all((n * scale).is_integer() for n in map(float, numbers))
        ),
        _SCALES[-1],
    )


def _test(case: CaseReport, scale: int, output: str) -> dict[str, Any]:
    most = round(case.max_score * scale)
    return {
        "test-name": title(case),
        "passed": passed(case),
        "score": min(most, max(0, round(points(case) * scale))),
        "max-score": most,
        "output": output,
    }
