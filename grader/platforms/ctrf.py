"""CTRF, the Common Test Report Format, version 1.0.

Source: https://ctrf.io/docs/specification (version 1.0.0) and `schema/ctrf.schema.json` of
ctrf-io/ctrf.
- Durations and times are whole milliseconds; there is no status for a fault of the grader but
  `other`, which counts neither as passed nor as failed.
"""

import json
from typing import Any

from grader.model import CaseReport, Report, Status
from grader.platforms.telling import (
    NOWHERE,
    Surroundings,
    fraction,
    headline,
    line,
    passed,
    title,
    told,
)


def render(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the JSON document."""
    fault = fraction(report) is None
    tests = [_test(report, case, fault=fault) for case in report.cases]
    if not tests:
        status = "other" if fault else "failed"
        tests = [
            {
                "name": "grading",
                "status": status,
                "duration": 0,
                "message": headline(report),
            }
        ]
    spent = sum(test["duration"] for test in tests)
    stop = round(around.now.timestamp() * 1000)
    counts = {status: sum(test["status"] == status for test in tests)
              for status in ("passed", "failed", "skipped", "pending", "other")}  # fmt: skip
    extra: dict[str, Any] = {"status": report.status.value, "message": headline(report)}
    if not fault:
        extra |= {"score": report.score, "max_score": report.max_score}
    document = {
        "reportFormat": "CTRF",
        "specVersion": "1.0.0",
        "generatedBy": "grader",
        "results": {
            "tool": {"name": "grader", "version": line(report.grader_version)},
            "summary": {
                "tests": len(tests),
                **counts,
                "start": max(0, stop - spent),
                "stop": stop,
            },
            "tests": tests,
        },
        "extra": extra,
    }
    return json.dumps(document, indent=2) + "\n"


def _test(report: Report, case: CaseReport, *, fault: bool) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": title(case),
        "status": "other" if fault else "passed" if passed(case) else "failed",
        "duration": max(0, round(case.duration_s * 1000)),
        "suite": [line(report.exercise.name) or "exercise"],
        "rawStatus": case.verdict.value,
    }
    if fault or report.status is Status.NOT_GRADABLE:
        test["message"] = headline(report)
    elif not passed(case):
        test["message"] = told(case)
        test["tags"] = [hint.misconception for hint in case.hints]
    return test
