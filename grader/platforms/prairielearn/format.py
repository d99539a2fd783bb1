"""PrairieLearn: `/grade/results/results.json` of an external grader.

Sources: https://prairielearn.readthedocs.io/en/latest/externalGrading/ (Grading results), and the
readers `lib/externalGraderCommon.ts`, `lib/externalGrader.ts` and
`elements/pl-external-grader-results` of PrairieLearn.
- `score` must be finite and between 0 and 1, or PrairieLearn discards the result.
- `gradable: false` with `format_errors` costs the student no attempt. It is used for what cannot be
  graded and for faults of the grader. There must be no `score: null` beside it, because the element
  multiplies the score.
- One test without `points` or `max_points` hides the points of all tests.
- A file above 1 MiB is refused as a whole: pictures are dropped first, from the last one.
"""

import base64
import json
from typing import Any

from grader.model import CaseReport, Report, Status
from grader.platforms.interface import NOWHERE, Surroundings
from grader.platforms.telling import (
    fraction,
    headline,
    notes,
    overview,
    passed,
    points,
    title,
    told_with_arrays,
)

SIZE_LIMIT = 1024 * 1024


def results_json(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the text of results.json, at most 1 MiB in UTF-8."""
    score = fraction(report)
    if score is None or report.status is Status.NOT_GRADABLE:
        refused = {
            "gradable": False,
            "format_errors": [headline(report)],
            "message": notes(report),
        }
        return _dump(refused)
    result: dict[str, Any] = {
        "gradable": True,
        "score": score,
        "message": overview(report),
        "tests": [_test(case, around) for case in report.cases],
    }
    text = _dump(result)
    for test in reversed(result["tests"]):
        if len(text) <= SIZE_LIMIT:
            break
        test.pop("images", None)
        text = _dump(result)
    return text


def _dump(result: dict[str, Any]) -> str:
    return json.dumps(result, indent=1) + "\n"


def _test(case: CaseReport, around: Surroundings) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": title(case),
        "description": f"Case {case.name}",
        "points": points(case),
        "max_points": case.max_score,
        "message": told_with_arrays(case),
    }
    if not passed(case) and around.draw is not None:
        svg = around.draw(case)
        if svg:
            test["images"] = [_image(case, svg)]
    return test


def _image(case: CaseReport, svg: str) -> dict[str, str]:
    # An SVG in an <img> runs no script and loads nothing, whatever it holds.
    data = base64.b64encode(svg.encode("utf-8", "replace")).decode("ascii")
    return {
        "label": f"{title(case)}: expected and yours",
        "url": f"data:image/svg+xml;base64,{data}",
    }
