"""What a card shows, worked out before any markup: tone, words, tables. Pure."""

from collections.abc import Sequence
from typing import Final

import msgspec

from grader.model import CaseReport, Hint, Report, Status, Verdict
from grader.render import prose
from grader.render.grids import disagree, panels
from grader.render.plain import one_line, seconds, size
from grader.render.prose import Audience
from grader.render.repeats import Told, hints_once
from grader.render.tables import Table, tables

LEGEND: Final = (
    "Orange is above zero, blue below, and the stronger the larger. A black or white frame and bold digits mark a "
    "value that differs; the purple frame marks the first of them and, in the image, the window "
    "that the kernel covers there. The difference is yours minus expected."
)

_TONES: Final = {
    Verdict.PASSED: ("good", "✓"),
    Verdict.NOT_RUN: ("plain", "○"),
    Verdict.GRADER_ERROR: ("plain", "!"),
}
_FAILED: Final = ("bad", "✗")


class Again(msgspec.Struct, frozen=True):
    """Hints that another card gives: its name, its anchor where there are anchors, and which hints."""

    name: str
    anchor: str
    ids: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One case, or what is to be said about the whole submission."""

    name: str
    heading: str
    tone: str
    mark: str
    label: str
    message: str
    anchor: str = ""
    aside: str = ""
    compact: bool = False
    hints: tuple[Hint, ...] = ()
    again: tuple[Again, ...] = ()
    code: str = ""
    where: str = ""
    arrays: str = ""
    opened: bool = False
    tables: tuple[Table, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def noted(self) -> bool:
        """Whether a table has a note: then each gets a line for one, so that their rows stand level."""
        return any(table.note for table in self.tables)


def cards(
    report: Report, audience: Audience, *, anchors: bool = True
) -> tuple[Card, ...]:
    """Lay out the cards of a report: one for each case, or a single one where no case could be scored."""
    if report.status is not Status.GRADED:
        return (_whole(report),)
    marks = [
        f"case-{number}" if anchors else ""
        for number in range(1, len(report.cases) + 1)
    ]
    return tuple(
        _case(case, audience, anchor, told.new, _again(report.cases, marks, told))
        for case, anchor, told in zip(
            report.cases, marks, hints_once(report.cases), strict=True
        )
    )


def _again(
    cases: Sequence[CaseReport], marks: Sequence[str], told: Told
) -> tuple[Again, ...]:
    return tuple(
        Again(
            one_line(cases[at].name, 60),
            marks[at],
            ", ".join(one_line(hint.misconception, 60) for hint in hints),
        )
        for at, hints in told.again
    )


def _whole(report: Report) -> Card:
    if report.status is Status.GRADER_ERROR:
        heading, tone, mark = "Grader error", *_TONES[Verdict.GRADER_ERROR]
    elif prose.has_hidden_inputs(report):
        heading, (tone, mark) = "Could not be graded", _FAILED
    else:  # a student's own check, often of the stub as it is: nothing is wrong yet
        heading, (tone, mark) = "Not checked yet", _TONES[Verdict.NOT_RUN]
    cases = ", ".join(one_line(case.name, 24) for case in report.cases[:8])
    return Card(
        name="",  # the page's own heading has it, and in a notebook it has none
        heading=heading,
        tone=tone,
        mark=mark,
        label=heading,
        message=one_line(report.message, 1000),
        aside=f"not run: {cases}" if cases and tone != "plain" else "",
        hints=_hints(report.cases[0].hints) if report.cases else (),
    )


def _case(
    case: CaseReport,
    audience: Audience,
    anchor: str,
    hints: Sequence[Hint],
    again: tuple[Again, ...],
) -> Card:
    tone, mark = _TONES.get(case.verdict, _FAILED)
    name, heading = one_line(case.name, 60), prose.TITLES[case.verdict]
    message, where, code = prose.message_and_line(case)
    drawn = () if case.verdict is Verdict.PASSED else panels(case.details)
    laid_out = tables(drawn)
    compared = any(table.title == "yours" for table in laid_out)
    title = one_line(case.title, 120)
    more = (
        ""
        if audience == "student"
        else f"{prose.points(case.score, case.max_score)}, {seconds(case.duration_s)}"
    )
    return Card(
        name=name,
        heading=heading,
        tone=tone,
        mark=mark,
        label=f"{name}: {heading}",
        message=one_line(message, 1000),
        anchor=anchor,
        aside=", ".join(
            part for part in (title if title != name else "", more) if part
        ),
        compact=case.verdict is Verdict.PASSED,
        hints=_hints(hints),
        again=again,
        code=one_line(code, 200),
        where=where or "here",
        arrays="The arrays" if compared else "The inputs, and what was expected",
        opened=disagree(drawn),
        tables=laid_out,
        facts=_facts(case)
        if audience == "instructor" and case.verdict is not Verdict.PASSED
        else (),
    )


def _hints(hints: Sequence[Hint]) -> tuple[Hint, ...]:
    return tuple(
        Hint(one_line(hint.misconception, 60), one_line(hint.text, 1000))
        for hint in hints
    )


def _facts(case: CaseReport) -> tuple[tuple[str, str], ...]:
    details = case.details
    trial = one_line(details.trial or "", 60)
    if details.trials is not None:
        trial += f" ({details.passed_trials or 0} of {details.trials} passed)"
    came = [
        one_line(part, 60)
        for part in (details.actual_type, details.actual_dtype)
        if part
    ]
    came += [size(details.actual_shape)] if details.actual_shape else []
    facts = (
        ("verdict", f"{case.verdict}" + (f", {details.rung}" if details.rung else "")),
        ("trial", trial.strip()),
        ("came back", ", ".join(came)),
        ("reason", one_line(details.reason or "", 300)),
    )
    return tuple((name, value) for name, value in facts if value)
