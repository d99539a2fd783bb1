"""Open edX: the reply of an external grader, and what a grading container prints.

Sources: https://docs.openedx.org, "External Grader" (`correct`, `score`, `msg`), the reader
`xmodule/capa/responsetypes.py` (`CodeResponse._parse_score_msg`) of edx-platform, and
`docs/grader-interface.md` with `xqueue_watcher/containergrader.py` of openedx/xqueue-watcher.
- `msg` is parsed as XML and must have one root. Control characters make the whole reply invalid.
- xqueue-watcher reads the last line of standard output, so both replies are one line.
- When the grader itself fails, a reply has neither `correct` nor `score`: the student reads
  "Invalid grader reply. Please contact the course staff." and keeps the score they had.
- A container has no such reply: without `correct` and `score` xqueue-watcher fails, logs no more
  than that, and the queue offers the submission again; a status other than 0 gives 0 points. So
  `grade.sh` prints what is not JSON, which the watcher logs whole: the reason, for the operator.
"""

import json
from typing import Any

from grader.model import CaseReport, Report, Status
from grader.platforms.interface import NOWHERE, NothingToSendError, Surroundings
from grader.platforms.telling import (
    arrays,
    fraction,
    headline,
    hint_steps,
    notes,
    passed,
    title,
    told,
    told_with_arrays,
)
from grader.render.hints import SHOW_THE_CAUSE
from grader.untrusted import for_xml

_YES = {"1", "true", "yes"}


def reply(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the reply as one line of JSON: `correct`, `score` (0 to 1) and `msg`."""
    del around
    score = fraction(report)
    if score is None:
        fault = _element("div", _element("p", for_xml(headline(report))))
        return json.dumps({"msg": fault}) + "\n"
    texts = [text for text in (headline(report), notes(report)) if text]
    heads = [_element("p", for_xml(text)) for text in texts]
    cases = [_case(case) for case in report.cases]
    message = _element("div", "".join(heads + cases), "grader-report")
    return (
        json.dumps({"correct": score >= 1.0, "score": score, "msg": message})
        + "\n"
    )


def container_line(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the last line of a grading container: `errors`, `tests`, `correct` and `score`.

    `HIDE_OUTPUT` in the environment leaves the tests out, as xqueue-watcher's protocol asks. Raises
    NothingToSendError when the grader failed.
    """
    score = fraction(report)
    if score is None:
        raise NothingToSendError(report)
    hidden = around.environ.get("HIDE_OUTPUT", "").lower() in _YES
    graded = report.status is Status.GRADED
    line: dict[str, Any] = {
        "errors": [] if graded else [headline(report)],
        "tests": [_row(case) for case in report.cases]
        if graded and not hidden
        else [],
        "correct": score >= 1.0,
        "score": score,
    }
    return json.dumps(line) + "\n"


def _row(case: CaseReport) -> list[Any]:
    """Return short and long description, correct, expected output and actual output."""
    shown = arrays(case)
    return [
        title(case),
        told(case),
        passed(case),
        shown.get("Expected", ""),
        shown.get("Yours", ""),
    ]


def _case(case: CaseReport) -> str:
    mark = "✓" if passed(case) else "✗"
    name = _element("h4", for_xml(f"{mark} {title(case)}"))
    text = _element("pre", for_xml(told_with_arrays(case, folding=True)))
    for question, cause in hint_steps(case):
        summary = _element("summary", SHOW_THE_CAUSE)
        fold = summary + _element("pre", for_xml(cause))
        text += _element("pre", for_xml(question)) + _element("details", fold)
    return _element(
        "div", name + text, "correct" if passed(case) else "incorrect"
    )


def _element(tag: str, inside: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f"<{tag}{attribute}>{inside}</{tag}>"
