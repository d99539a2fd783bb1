"""What a card shows, worked out before there is any markup: tone, words, tables. Pure."""

from collections.abc import Sequence
from typing import Final

import msgspec

from grader import vocabulary
from grader.model import (
    CaseReport,
    Covered,
    Details,
    Hint,
    Report,
    Status,
    Verdict,
)
from grader.render import names, prose
from grader.render.grids import Panel, disagree, panels
from grader.render.hints import Steps, shown_hints, steps_for
from grader.render.moments import moment
from grader.render.numbers import seconds, size
from grader.render.prose import Audience
from grader.render.repeats import (
    Told,
    hints_once,
    said_before,
    same_findings,
)
from grader.render.sentences import message_and_line
from grader.render.tables import Table, tables
from grader.render.values import ShownValue, script_lines, told_values
from grader.untrusted import one_line

_COLOURS: Final = (
    "Orange is above zero, blue below, and the stronger the larger."
)
_DIFFERS: Final = (
    "A black or white frame and bold digits mark a value that differs; "
    "the purple frame marks the first of them{window}. The difference is yours minus expected."
)
_WINDOW: Final = " and, in the {over}, the window that the {by} covers there"
_PART: Final = (
    "The purple frame marks the values that the two arrays have in common."
)
_ASKED_FOR: Final = (
    "The purple frame marks what your line asked for; at an edge it is open."
)


class Again(msgspec.Struct, frozen=True):
    """Hints that an earlier card gives: its name, its anchor where there are anchors, their ids."""

    name: str
    anchor: str
    ids: str


class Strip(msgspec.Struct, frozen=True):
    """Arrays that stand side by side, under one heading that opens and closes them."""

    title: str
    tables: tuple[Table, ...]
    opened: bool = False

    @property
    def noted(self) -> bool:
        """Whether a table has a note: then each leaves a line for one, so that their rows align."""
        return any(table.note for table in self.tables)


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One case, or a sentence about the whole submission."""

    name: str
    heading: str
    tone: vocabulary.Tone
    mark: str
    label: str
    message: str
    anchor: str = ""
    aside: str = ""
    compact: bool = False
    hints: tuple[Hint, ...] = ()
    again: tuple[Again, ...] = ()
    code: str = ""
    moment: str = ""
    where: str = ""
    strips: tuple[Strip, ...] = ()
    """What shows the mistake comes first, and what it was made of after it."""
    values: tuple[ShownValue, ...] = ()
    script: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """All arrays, in the order in which they are shown."""
        return tuple(table for strip in self.strips for table in strip.tables)


class Group(msgspec.Struct, frozen=True):
    """A finding: the case that shows it, and those in which it is the same."""

    card: Card
    same: tuple[Card, ...] = ()
    names: str = ""
    """The cases in which it is the same."""


def _laid_over(covered: Sequence[Covered]) -> str:
    """Return what the frame of a window means that was laid over an input; "" without one."""
    found = next((each for each in covered if each.by), None)
    if found is None:
        return ""
    return _WINDOW.format(
        over=one_line(found.over, 40), by=one_line(found.by, 40)
    )


def _marks_differences(details: Details) -> bool:
    """Return whether a picture frames values that differ."""
    if details.rung == "modified":
        # Its values have not been compared: they may differ all the same, and then it shows that.
        return any(panel.wrong for panel in panels(details))
    return bool(details.first) and details.rung != "shape"


def legend(report: Report) -> str:
    """Return what the colours and those frames mean that are there."""
    said = [_COLOURS]
    failed = [case.details for case in report.cases if case.details.trial]
    covered = [each.covered for each in failed if each.covered is not None]
    if any(map(_marks_differences, failed)):
        said.append(_DIFFERS.format(window=_laid_over(covered)))
    if any(each.rung == "shape" and each.region for each in failed):
        said.append(_PART)
    if any(not each.by for each in covered):
        said.append(_ASKED_FOR)
    return " ".join(said)


def cards(
    report: Report,
    audience: Audience,
    *,
    anchors: bool = True,
    hints: Steps | None = None,
) -> tuple[Card, ...]:
    """Return one card for each case, or a single one where no case could be scored."""
    if report.status is not Status.GRADED:
        return (_whole(report),)
    steps = steps_for(audience, hints)
    numbers = range(1, len(report.cases) + 1)
    marks = [f"case-{number}" if anchors else "" for number in numbers]
    laid_out = []
    for case, anchor, told, repeated in zip(
        report.cases,
        marks,
        hints_once(report.cases),
        said_before(report.cases),
        strict=True,
    ):
        card = _case(case, audience, anchor)
        laid_out.append(
            msgspec.structs.replace(
                card,
                message="" if repeated else card.message,
                hints=shown_hints(told.new, case.verdict, steps),
                again=_again(report.cases, marks, told),
            )
        )
    return tuple(laid_out)


def grouped(report: Report, laid_out: Sequence[Card]) -> tuple[Group, ...]:
    """Return the cards of a report with those together that show the same finding."""
    if report.status is not Status.GRADED:
        return tuple(map(Group, laid_out))
    groups = []
    for first, *rest in same_findings(report.cases):
        same = tuple(laid_out[index] for index in rest)
        called = names.listed([report.cases[index] for index in rest])
        groups.append(Group(laid_out[first], same, called))
    return tuple(groups)


def _again(
    cases: Sequence[CaseReport], marks: Sequence[str], told: Told
) -> tuple[Again, ...]:
    found = []
    for at, hints in told.again:
        name = names.heading(cases[at])
        ids = [one_line(hint.misconception, 60) for hint in hints]
        found.append(Again(name, marks[at], ", ".join(ids)))
    return tuple(found)


def _whole(report: Report) -> Card:
    heading, verdict = _whole_heading(report)
    word = vocabulary.VERDICTS[verdict]
    cases = names.listed(report.cases)
    return Card(
        name="",  # the page's own heading has it, and in a notebook there is none
        heading=heading,
        tone=word.tone,
        mark=word.mark,
        label=heading,
        message=prose.message(report),
        aside=f"not run: {cases}" if cases and word.tone == "bad" else "",
        hints=shown_hints(report.cases[0].hints, verdict, "full")
        if report.cases
        else (),
    )


def _whole_heading(report: Report) -> tuple[str, Verdict]:
    """Return the heading of the only card, and the verdict whose look it has."""
    if report.status is Status.GRADER_ERROR:
        return vocabulary.STATUSES[report.status], Verdict.GRADER_ERROR
    if prose.has_hidden_inputs(report):
        return vocabulary.STATUSES[report.status], Verdict.RAISED
    # A student's own check, often of the stub as it is: nothing is wrong yet.
    return "Not checked yet", Verdict.NOT_RUN


def _case(
    case: CaseReport,
    audience: Audience,
    anchor: str,
) -> Card:
    word = vocabulary.VERDICTS[case.verdict]
    name = names.heading(case)
    message, where, code = message_and_line(case)
    passed = case.verdict is Verdict.PASSED
    drawn = () if passed else panels(case.details)
    return Card(
        name=name,
        heading=word.label,
        tone=word.tone,
        mark=word.mark,
        label=f"{name}: {word.label}",
        message=one_line(message, 1000),
        anchor=anchor,
        aside=_aside(case, name, audience),
        compact=passed,
        code=one_line(code, 200),
        moment=moment(case.details.exception) if code else "",
        where=where or "here",
        strips=_strips(drawn),
        values=told_values(case.details, case.verdict),
        script=() if passed else script_lines(case.details),
        facts=_facts(case) if audience == "instructor" and not passed else (),
    )


def _strips(drawn: Sequence[Panel]) -> tuple[Strip, ...]:
    """Return what was expected and what came out, then what that was made of."""
    laid_out = tables(drawn)
    roles = {panel.role for panel in drawn}
    if not drawn:
        return ()
    if "actual" not in roles:
        return _inputs_first(drawn, laid_out)
    results: list[Table] = []
    rest: list[Table] = []
    for panel, table in zip(drawn, laid_out, strict=True):
        is_result = panel.role in ("expected", "actual")
        (results if is_result else rest).append(table)
    strips = [Strip("The arrays", tuple(results), disagree(drawn))]
    if rest:
        parts = {"input": "the inputs", "difference": "the difference"}
        title = " and ".join(parts[role] for role in parts if role in roles)
        strips.append(Strip(title.capitalize(), tuple(rest)))
    return tuple(strips)


def _inputs_first(
    drawn: Sequence[Panel], laid_out: Sequence[Table]
) -> tuple[Strip, ...]:
    """Return the inputs, open if what the line asked for is framed, and what was expected."""
    framed = any(panel.window is not None for panel in drawn)
    if not framed:
        return (Strip("The inputs, and what was expected", tuple(laid_out)),)
    inputs: list[Table] = []
    rest: list[Table] = []
    for panel, table in zip(drawn, laid_out, strict=True):
        (inputs if panel.role == "input" else rest).append(table)
    strips = [Strip("The inputs", tuple(inputs), opened=True)]
    if rest:
        strips.append(Strip("What was expected", tuple(rest)))
    return tuple(strips)


def _aside(
    case: CaseReport,
    name: str,
    audience: Audience,
) -> str:
    parts = []
    title = one_line(case.title, 120)
    if title and title != name:
        parts.append(title)
    if audience == "instructor":
        if names.is_slug(case.name):
            parts.append(one_line(case.name, 60))
        parts += [
            vocabulary.points(case.score, case.max_score),
            seconds(case.duration_s),
        ]
    return ", ".join(parts)


def _facts(case: CaseReport) -> tuple[tuple[str, str], ...]:
    details = case.details
    verdict = str(case.verdict)
    if details.rung:
        verdict += f", {details.rung}"
    trial = one_line(details.trial or "", 60)
    if details.trials is not None:
        trial += f" ({details.passed_trials or 0} of {details.trials} passed)"
    facts = (
        ("verdict", verdict),
        ("trial", trial.strip()),
        ("came back", _came_back(details)),
        ("reason", one_line(details.reason or "", 300)),
    )
    return tuple((name, value) for name, value in facts if value)


def _came_back(details: Details) -> str:
    parts = [details.actual_type, details.actual_dtype]
    came = [one_line(part, 60) for part in parts if part]
    if details.actual_shape:
        came.append(size(details.actual_shape))
    return ", ".join(came)
