"""A report as text for a terminal. Pure.

Each finding is shown once, with the case that shows it, its hint and its arrays; the cases in which
it is the same are one line, and so is what passed. Every text of strangers passes
`untrusted.one_line`, so the only escape sequences are our own; after wrapping, no line is a command
to a CI runner. The sequences are written here and not by rich: importing rich takes as long as
importing NumPy, which a single grading cannot afford.
"""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from grader import vocabulary
from grader.model import CaseReport, Hint, Report, Status, Verdict
from grader.render import names, prose
from grader.render.beside import NOTHING, Beside
from grader.render.blocks import (
    INDENT,
    drawn_arrays,
    drawn_inputs,
    side_by_side,
)
from grader.render.hints import Steps, shown_hints, steps_for
from grader.render.moments import moment
from grader.render.numbers import seconds
from grader.render.printed import HEADING, last_lines
from grader.render.prose import Audience
from grader.render.repeats import (
    Told,
    hints_once,
    said_before,
    same_findings,
)
from grader.render.sentences import message_and_line
from grader.render.terminal import PLAIN, Style, Terminal
from grader.render.values import script_lines, told_values
from grader.untrusted import no_commands, one_line

_JOINED: Final = "\x00"
"""Stands for a blank at which no line is broken. No text of a stranger holds it any more."""

_STYLES: Final[dict[vocabulary.Tone, Style]] = {
    "good": "good",
    "bad": "bad",
    "plain": "faint",
}


def render(
    report: Report,
    audience: Audience = "student",
    terminal: Terminal = PLAIN,
    *,
    notebook: bool = False,
    hints: Steps | None = None,
    beside: Beside = NOTHING,
) -> str:
    """Return the report as text that ends with a line end.

    `notebook`: for a reader who has no command line at hand.
    """
    page = _Page(report, audience, terminal, notebook=notebook)
    page.steps = steps_for(audience, hints)
    page.beside = beside
    lines: list[str] = []
    for whole in page.lines():
        line = no_commands(whole.rstrip())
        # Parts stand apart by one empty line, whichever of them are there.
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"


class _Page:
    """One report on its way to being text; holds what every line needs to know."""

    def __init__(
        self,
        report: Report,
        audience: Audience,
        terminal: Terminal,
        *,
        notebook: bool,
    ) -> None:
        self.report = report
        self.audience = audience
        self.terminal = terminal
        self.notebook = notebook
        self.counts = prose.has_hidden_inputs(report)
        """Whether the score counts. That of the public examples does not."""
        self.steps: Steps = "full"
        self.beside = NOTHING
        self.asked = False
        """Whether some hint has been a question, whose answer is not there yet."""

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page; empty ones between parts, more often than they are shown."""
        report = self.report
        yield self.title()
        yield ""
        if report.status is not Status.NOT_GRADABLE:
            yield from self.cases()
            yield ""
        yield from self.verdict()
        yield from self.notes()
        yield from self.printed()
        if not self.notebook:
            yield from self.versions()
        if self.audience == "instructor":
            yield from self.record()

    def title(self) -> str:
        title = one_line(self.report.exercise.title, 60)
        shown = self.terminal.style("strong", title)
        if not self.notebook:
            shown += "  " + one_line(self.report.submission.name, 200)
        return shown

    def cases(self) -> Iterator[str]:
        cases = self.report.cases
        all_told = hints_once(cases)
        findings = same_findings(cases)
        for first, *rest in findings:
            if cases[first].verdict is Verdict.PASSED:
                continue
            yield from self.case(cases[first], all_told[first])
            same = [cases[index] for index in rest]
            if same:
                yield ""
                told = f"{names.listed(same)}: the same"
                yield from self.wrapped(told, INDENT, style="faint")
            yield ""
        yield from self.passed()
        yield ""
        yield from self.remarks(drawn=len(findings))

    def remarks(self, drawn: int) -> Iterator[str]:
        """Yield the lines about all cases."""
        if self.asked:
            how = (
                'check(..., hints="full")' if self.notebook else "--hints full"
            )
            yield from self.wrapped(f"To see the cause: {how}.", style="hint")
        counting = prose.counting(self.report)
        if counting:
            yield from self.wrapped(counting, style="faint")
        pictures = sum(bool(drawn_arrays(case)) for case in self.report.cases)
        if pictures > drawn and not self.notebook:
            yield from self.wrapped(
                "The other cases are drawn by --format html.", style="faint"
            )

    def passed(self) -> Iterator[str]:
        """Yield the cases that passed; for a student, on one line where messages repeat."""
        passed = [
            case for case in self.report.cases if case.verdict is Verdict.PASSED
        ]
        if self.audience == "instructor":
            for case in passed:
                yield from self.head(case)
            return
        mark = self.mark(Verdict.PASSED)
        if any(said_before(passed)):
            told = f"Right: {names.listed(passed)}"
            yield from self.marked(mark, told, "good")
            return
        for case in passed:
            told = f"{names.heading(case)}: {one_line(case.message, 700)}"
            yield from self.marked(mark, told, "good")

    def head(self, case: CaseReport) -> list[str]:
        """Return the line that a case begins with."""
        word = vocabulary.VERDICTS[case.verdict]
        tag = ""
        if self.audience == "instructor":
            tag = f" [{case.verdict}, {seconds(case.duration_s)}]"
        style: Style = "strong" if word.mark == "!" else _STYLES[word.tone]
        mark = self.mark(case.verdict)
        return self.marked(mark, names.heading(case), style, tag)

    def mark(self, verdict: Verdict) -> str:
        word = vocabulary.VERDICTS[verdict]
        return word.mark if self.terminal.symbols else word.ascii_mark

    def marked(
        self, mark: str, told: str, style: Style, tail: str = ""
    ) -> list[str]:
        """Return lines of which the first has a mark in front."""
        first, *rest = self.wrapped(told, f"{mark} ", INDENT, tail=tail)
        shown = self.terminal.style(style, mark) + first[len(mark) :]
        return [shown, *rest]

    def case(self, case: CaseReport, told: Told) -> Iterator[str]:
        yield from self.head(case)
        message, where, source = message_and_line(case)
        yield from self.wrapped(one_line(message, 700), INDENT)
        if source:
            quoted = f"{where or 'here'}: {one_line(source, 200)}"
            yield from self.wrapped(quoted, INDENT, INDENT * 2)
            then = moment(case.details.exception)
            yield from self.wrapped(then, INDENT) if then else ()
        yield from self.hints(told, case.verdict, INDENT)
        yield ""
        yield from self.picture(case)

    def picture(self, case: CaseReport) -> list[str]:
        """Return the calls, the values and the arrays of a case that failed."""
        lines = [
            INDENT + self.terminal.style("faint", one)
            for one in script_lines(case.details)
        ]
        values = told_values(case.details, case.verdict)
        width = max((len(value.title) for value in values), default=0)
        for value in values:
            shown = value.before + value.marked + value.after
            head = f"{INDENT}{value.title:<{width}}  "
            lines += self.wrapped(shown, head, " " * len(head))
            if value.marked and len(lines[-1]) == len(head) + len(shown):
                lines.append(" " * (len(head) + len(value.before)) + "^")
        inputs, results = drawn_inputs(case), drawn_arrays(case)
        if self.counts and results:
            inputs = ()  # they are drawn anew, and nobody works them out on paper
        for arrays in (inputs, results):
            lines += ["", *side_by_side(arrays, self.terminal)]
        return lines

    def hints(self, told: Told, verdict: Verdict, indent: str) -> Iterator[str]:
        for hint in shown_hints(told.new, verdict, self.steps):
            self.asked = self.asked or bool(hint.question)
            said = hint.question or hint.text
            text = f"Hint{self.ids((hint,))}: {said}"
            yield from self.wrapped(text, indent, style="hint")
        for at, hints in told.again:
            earlier = names.heading(self.report.cases[at])
            text = f"Hint{self.ids(hints)}: as for {earlier}."
            yield from self.wrapped(text, indent, style="hint")

    def ids(self, hints: Sequence[Hint]) -> str:
        if self.audience == "student":
            return ""
        return f" ({', '.join(one_line(hint.misconception, 60) for hint in hints)})"

    def verdict(self) -> Iterator[str]:
        report = self.report
        points = ""
        if self.counts and report.score is not None:
            points = f" ({vocabulary.points(report.score, report.max_score)})"
        message = prose.message(report, 700)
        if self.beside.progress:
            message = f"{message} {self.beside.progress}"
        yield from self.wrapped(
            message, style=self.verdict_style(), tail=points
        )
        if self.beside.next:
            yield from self.wrapped(self.beside.next)
        if report.status is Status.NOT_GRADABLE:
            # Every case carries the same hint, which is about the whole submission.
            for told in hints_once(report.cases[:1]):
                yield from self.hints(told, Verdict.NOT_RUN, "")

    def verdict_style(self) -> Style:
        report = self.report
        if report.status is Status.NOT_GRADABLE and not self.counts:
            return "strong"  # nothing is lost yet
        if report.status is not Status.GRADED:
            return "bad"
        return "good" if report.score == report.max_score else "bad"

    def notes(self) -> Iterator[str]:
        notes = prose.notes_for(self.report, self.audience)
        if not notes:
            return
        yield ""
        yield self.terminal.style("faint", "Notes")
        for note in notes:
            yield from self.wrapped(one_line(note, 400), "  - ", "    ")

    def printed(self) -> Iterator[str]:
        lines = last_lines(self.report.output)
        if not lines:
            return
        yield ""
        yield self.terminal.style("faint", HEADING)
        for line in lines:
            yield from self.wrapped(line, INDENT, INDENT * 2)

    def versions(self) -> Iterator[str]:
        said = prose.graded_with(self.report)
        if said:
            yield ""
            yield from self.wrapped(said, style="faint")

    def record(self) -> Iterator[str]:
        report = self.report
        isolation: str = report.isolation.level
        if report.isolation.mechanisms:
            isolation += f" ({', '.join(report.isolation.mechanisms)})"
        record = (
            ("isolation", isolation),
            (
                "submission",
                f"{report.submission.kind}, {_short(report.submission.digest)}",
            ),
            (
                "exercise",
                f"{report.exercise.name}, {_short(report.exercise.digest)}",
            ),
            ("grader", report.grader_version),
        )
        yield ""
        for label, value in record:
            head = f"{label + ':':12}"
            yield from self.wrapped(
                one_line(value, 300), head, " " * len(head), style="faint"
            )

    def wrapped(
        self,
        text: str,
        first: str = "",
        rest: str | None = None,
        *,
        style: Style | None = None,
        tail: str = "",
    ) -> list[str]:
        """Break text into lines that begin with `first`, then `rest`; `tail` stays in one piece."""
        # The line may be broken before `tail`, and nowhere in it.
        blank, unbroken = tail[:1], tail[1:].replace(" ", _JOINED)
        lines = textwrap.wrap(
            text + blank + unbroken,
            self.terminal.width,
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_on_hyphens=False,
        ) or [first]
        lines = [line.replace(_JOINED, " ") for line in lines]
        if style is None:
            return lines
        return [self.terminal.style(style, line) for line in lines]


def _short(digest: str) -> str:
    """Return as much of a digest as fits a line and tells it from others; JSON has all of it."""
    return one_line(digest, len("sha256:") + 20)
