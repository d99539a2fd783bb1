"""Open edX: the reply of an external grader (XQueue), and what a grading container prints for xqueue-watcher.

Sources: https://docs.openedx.org, "External Grader" (`correct`, `score`, `msg`), the reader
`xmodule/capa/responsetypes.py` (`CodeResponse._parse_score_msg`) of edx-platform, and
`docs/grader-interface.md` with `xqueue_watcher/containergrader.py` of openedx/xqueue-watcher.
- `msg` is parsed as XML and must have one root; control characters make the whole reply invalid.
- xqueue-watcher reads the last line of standard output, so both replies are one line.
- A grader's fault has neither `correct` nor `score`. Sent as a reply, the student reads "Invalid
  grader reply. Please contact the course staff." and keeps the score they had; printed by a
  container, xqueue-watcher sends no reply and the queue offers the submission again. (A container
  that exits with non-zero is told to the student as 0 points.)
"""

import json
from html import escape
from typing import Any

from grader.model import CaseReport, Report
from grader.platforms.telling import (
    NOWHERE,
    Surroundings,
    fraction,
    headline,
    notes,
    passed,
    tables,
    title,
    told,
)


def render(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the reply as one line of JSON: `correct`, `score` (0..1) and `msg`."""
    del around
    score = fraction(report)
    if score is None:
        return (
            json.dumps(
                {"msg": _element("div", _element("p", escape(headline(report))))}
            )
            + "\n"
        )
    heads = [
        _element("p", escape(text))
        for text in (headline(report), notes(report))
        if text
    ]
    cases = [_case(case) for case in report.cases]
    message = _element("div", "".join(heads + cases), "grader-report")
    return json.dumps({"correct": score >= 1.0, "score": score, "msg": message}) + "\n"


def render_container(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the last line of a grading container: `errors`, `tests`, `correct` and `score`.

    `HIDE_OUTPUT` in the environment leaves the tests out, as xqueue-watcher's protocol asks.
    """
    score = fraction(report)
    if score is None:
        return json.dumps({"grader_error": headline(report)}) + "\n"
    hidden = around.environ.get("HIDE_OUTPUT", "").lower() in {"1", "true", "yes"}
    broken = report.status.value != "graded"
    reply: dict[str, Any] = {
        "errors": [headline(report)] if broken else [],
        "tests": [] if hidden or broken else [_row(case) for case in report.cases],
        "correct": score >= 1.0,
        "score": score,
    }
    return json.dumps(reply) + "\n"


def _row(case: CaseReport) -> list[Any]:
    """Return short and long description, correct, expected output and actual output."""
    arrays = dict(tables(case))
    return [
        title(case),
        told(case, arrays=False),
        passed(case),
        arrays.get("Expected", ""),
        arrays.get("Yours", ""),
    ]


def _case(case: CaseReport) -> str:
    name = _element("h4", escape(f"{'✓' if passed(case) else '✗'} {title(case)}"))
    return _element(
        "div",
        name + _element("pre", escape(told(case))),
        "correct" if passed(case) else "incorrect",
    )


def _element(tag: str, inside: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f"<{tag}{attribute}>{inside}</{tag}>"
