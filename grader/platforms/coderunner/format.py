"""Moodle CodeRunner: what a combinator template grader prints.

Sources: https://coderunner.org.nz (Template graders), and the readers `classes/jobrunner.php` and
`classes/combinator_grader_outcome.php` of the plug-in.
- The question fails on a key that is not in the plug-in's list, and on any standard error.
- `columnformats` has one entry for each column of `testresults`, not counting `iscorrect` and
  `ishidden`; `%h` means HTML.
- A result without `fraction` is "ungradable" to CodeRunner: no mark, no penalty, and the student
  may submit again. So that is what a fault of the grader gives; `showoutputonly` would give full
  marks.
"""

import json
from typing import Any

from grader.model import CaseReport, Report, Status
from grader.platforms.interface import NOWHERE, Surroundings
from grader.platforms.telling import (
    arrays,
    fraction,
    headline,
    hint_steps,
    notes,
    passed,
    points,
    title,
    told,
)
from grader.render.hints import SHOW_THE_CAUSE
from grader.untrusted import for_html

_COLUMNS = (
    "iscorrect",
    "Test",
    "What happened",
    "Expected",
    "Got",
    "Mark",
    "iscorrect",
)
_FORMATS = ("%h", "%h", "%h", "%h", "%s")


def outcome(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the JSON object, on one line, in ASCII."""
    del around
    score = fraction(report)
    if score is None:
        return json.dumps({"prologuehtml": _paragraph(headline(report))}) + "\n"
    result: dict[str, Any] = {
        "fraction": score,
        "prologuehtml": _paragraph(headline(report)),
        "epiloguehtml": _paragraph(notes(report)) if report.notes else "",
    }
    if report.status is Status.GRADED and report.cases:
        result["testresults"] = [
            list(_COLUMNS),
            *(_row(case) for case in report.cases),
        ]
        result["columnformats"] = list(_FORMATS)
    return json.dumps(result) + "\n"


def _row(case: CaseReport) -> list[Any]:
    shown = arrays(case)
    right = 1 if passed(case) else 0
    return [
        right,
        for_html(title(case)),
        _pre(told(case, folding=True), wrap=True) + _hints(case),
        _pre(shown.get("Expected", "")),
        _pre(shown.get("Yours", "")),
        f"{points(case):g} / {case.max_score:g}",
        right,
    ]


def _hints(case: CaseReport) -> str:
    shown = ""
    for question, cause in hint_steps(case):
        fold = f"<details><summary>{SHOW_THE_CAUSE}</summary>{_pre(cause, wrap=True)}</details>"
        shown += _pre(question, wrap=True) + fold
    return shown


def _paragraph(text: str) -> str:
    return f"<p>{for_html(text)}</p>".replace("\n", "<br>")


def _pre(text: str, *, wrap: bool = False) -> str:
    # Moodle's themes differ in whether <pre> wraps: sentences must, rows of numbers must not.
    style = (
        "white-space:pre-wrap;font-family:inherit"
        if wrap
        else "white-space:pre"
    )
    return f'<pre style="{style}">{for_html(text)}</pre>' if text else ""
