"""CTRF, the Common Test Report Format, version 1.0.

Source: https://ctrf.io/docs/specification (version 1.0.0) and `schema/ctrf.schema.json` of
ctrf-io/ctrf.
- Durations and times are whole milliseconds.
- Only the status `other` fits a fault of the grader: it counts neither as passed nor as failed.
"""

import json
from collections import Counter
from typing import Any

from grader.model import CaseReport, Report, Status
from grader.platforms.interface import NOWHERE, Surroundings
from grader.platforms.telling import (
    fraction,
    headline,
    passed,
    title,
    told_with_arrays,
)
from grader.untrusted import one_line

_STATUSES = ("passed", "failed", "skipped", "pending", "other")


def ctrf_json(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the JSON document."""
    tests = [_test(report, case) for case in report.cases] or [
        _only_test(report)
    ]
    document = {
        "reportFormat": "CTRF",
        "specVersion": "1.0.0",
        "generatedBy": "grader",
        "results": {
            "tool": {
                "name": "grader",
                "version": one_line(report.grader_version),
            },
            "summary": _summary(tests, around),
            "tests": tests,
        },
        "extra": _extra(report),
    }
    return json.dumps(document, indent=2) + "\n"


def _summary(
    tests: list[dict[str, Any]], around: Surroundings
) -> dict[str, int]:
    counts = Counter(test["status"] for test in tests)
    stop = round(around.now.timestamp() * 1000)
    spent = sum(test["duration"] for test in tests)
    return {
        "tests": len(tests),
        **{status: counts[status] for status in _STATUSES},
        "start": max(0, stop - spent),
        "stop": stop,
    }


def _extra(report: Report) -> dict[str, Any]:
    extra: dict[str, Any] = {
        "status": report.status.value,
        "message": headline(report),
    }
    if fraction(report) is not None:
        extra |= {"score": report.score, "max_score": report.max_score}
    return extra


def _only_test(report: Report) -> dict[str, Any]:
    """Return the test that stands for a report without cases."""
    return {
        "name": "grading",
        "status": "other" if fraction(report) is None else "failed",
        "duration": 0,
        "message": headline(report),
    }


def _test(report: Report, case: CaseReport) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": title(case),
        "status": "passed" if passed(case) else "failed",
        "duration": max(0, round(case.duration_s * 1000)),
        "suite": [one_line(report.exercise.name) or "exercise"],
        "rawStatus": case.verdict.value,
    }
    if fraction(report) is None:
        test |= {"status": "other", "message": headline(report)}
    elif report.status is Status.NOT_GRADABLE:
        test["message"] = headline(report)
    elif not passed(case):
        test["message"] = told_with_arrays(case)
        test["tags"] = [hint.misconception for hint in case.hints]
    return test
