"""GitHub Actions: annotations as workflow commands, and a step summary in Markdown.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions, and the
`escapeData` and `escapeProperty` of actions/toolkit.
- Every line of the annotations is a command of ours. A student's text is only ever the data of one,
  escaped by `untrusted.for_workflow_command`, so it cannot be a command of its own.
- GitHub shows 10 annotations of each kind and silently drops the rest, so the tenth says how many
  more there are.
- In the summary everything from the report stands in <pre>, as HTML: no Markdown, mention or image
  of a student works.
"""

import re

from grader import vocabulary
from grader.model import CaseReport, Report, Status
from grader.platforms.interface import NOWHERE, Surroundings
from grader.platforms.telling import (
    fraction,
    headline,
    hint_steps,
    notes,
    overview,
    passed,
    points,
    title,
    told,
    told_with_arrays,
)
from grader.render.hints import SHOW_THE_CAUSE
from grader.untrusted import for_workflow_command, for_xml, one_line

KIND_LIMIT = 10
SUMMARY_LIMIT = 1024 * 1024
_CUT = "<p>The rest is left out: a step summary has a size limit.</p>\n"


def annotations(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return an `::error` for each failed case, and one `::notice` with the score."""
    del around
    if fraction(report) is None:
        fault = "Not graded: the grader failed"
        return _command("error", headline(report), title=fault)
    if report.status is Status.NOT_GRADABLE:
        refused = "This file cannot be graded"
        name = _file(report)
        return _command("error", headline(report), file=name, title=refused)
    failed = [case for case in report.cases if not passed(case)]
    shown = failed if len(failed) <= KIND_LIMIT else failed[: KIND_LIMIT - 1]
    lines = [_annotation(report, case) for case in shown]
    if len(shown) < len(failed):
        more = len(failed) - len(shown)
        text = f"{more} more cases failed; the step summary lists all."
        lines.append(_command("error", text))
    lines.append(
        _command(
            "notice",
            overview(report),
            title=vocabulary.points(report.score, report.max_score),
        )
    )
    return "".join(lines)


def step_summary(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the Markdown for `$GITHUB_STEP_SUMMARY`, at most 1 MiB in UTF-8."""
    del around
    score = (
        "not graded"
        if fraction(report) is None
        else vocabulary.points(report.score, report.max_score)
    )
    heading = _words(report.exercise.title)
    blocks = [f"## {heading}: {score}\n", _pre(headline(report))]
    if notes(report):
        blocks.append(_pre(notes(report)))
    if report.status is Status.GRADED:
        blocks += [_details(case) for case in report.cases]
    kept: list[str] = []
    room = SUMMARY_LIMIT - 1000
    for block in blocks:
        room -= len(block.encode())
        if room < 0:
            kept.append(_CUT)
            break
        kept.append(block)
    return "\n".join(kept)


def _annotation(report: Report, case: CaseReport) -> str:
    exception = case.details.exception
    # A line of a notebook's cell is not a line of its file: GitHub would point at the wrong place.
    in_file = exception is not None and exception.cell is None
    at = exception.line if exception is not None and in_file else None
    return _command(
        "error",
        told(case),
        file=_file(report),
        line=str(at or 1),
        title=title(case),
    )


def _file(report: Report) -> str:
    return one_line(report.submission.name)


def _command(kind: str, message: str, **properties: str) -> str:
    listed = []
    for name, value in properties.items():
        shown = for_workflow_command(value, property_value=True)
        if shown:
            listed.append(f"{name}={shown}")
    head = f"{kind} {','.join(listed)}".rstrip()
    return f"::{head}::{for_workflow_command(message)}\n"


def _words(text: str) -> str:
    """Return only the words of a text, for where no <pre> can stand.

    GitHub looks for `@name` and `:smile:` after it has read the Markdown, so escapes do not help.
    """
    shown = "".join(
        c if c.isalnum() or c in " -:," else " " for c in one_line(text)
    )
    return re.sub(r":(?! )", " ", shown)


def _pre(text: str) -> str:
    # A blank line is fine inside <pre>, and "`" or "@name" mean nothing there.
    return f"<pre>{for_xml(text)}</pre>\n"


def _details(case: CaseReport) -> str:
    mark = "✓" if passed(case) else "✗"
    opened = "" if passed(case) else " open"
    score = f"{points(case):g} / {case.max_score:g}"
    head = f"<summary>{mark} {_words(title(case))}: {score}</summary>"
    said = _pre(told_with_arrays(case, folding=True))
    for question, cause in hint_steps(case):
        fold = f"<details><summary>{SHOW_THE_CAUSE}</summary>\n{_pre(cause)}</details>\n"
        said += _pre(question) + fold
    return f"<details{opened}>{head}\n{said}</details>\n"
