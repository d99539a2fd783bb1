"""A report as text for a terminal. Pure.

There is a line for each case, what is wrong with it, the hint, and the arrays of one case that
failed. Every text of strangers passes `untrusted.one_line`, so the only escape sequences are our
own; after wrapping, no line is a command to a CI runner. The sequences are written here and not by
rich: importing rich takes as long as importing NumPy, which a single grading cannot afford.
"""

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from grader import vocabulary
from grader.model import CaseReport, Hint, Report, Status, Verdict
from grader.render import prose
from grader.render.blocks import INDENT, drawn_arrays, side_by_side
from grader.render.moments import moment
from grader.render.numbers import seconds
from grader.render.printed import HEADING, last_lines
from grader.render.prose import Audience
from grader.render.repeats import Told, hints_once
from grader.render.sentences import message_and_line
from grader.render.terminal import PLAIN, Style, Terminal
from grader.render.values import script_lines, told_values
from grader.untrusted import no_commands, one_line

_JOINED: Final = "\x00"
"""Stands for a blank at which no line is broken. No text of a stranger holds it any more."""

_NAME: Final = 24
"""Characters of the name of a case."""

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
) -> str:
    """Return the report as text that ends with a line end.

    With `notebook`, for a reader who has no command line at hand: every case that failed is drawn.
    """
    page = _Page(report, audience, terminal, notebook=notebook)
    lines: list[str] = []
    for whole in page.lines():
        line = no_commands(whole.rstrip())
        # Parts stand apart by one empty line, whichever of them are there.
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"


class _Picture(NamedTuple):
    """What is drawn of a case, and how much that is."""

    lines: tuple[str, ...]
    size: int


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
        self.told: dict[tuple[str, ...], str] = {}
        """A finding and all that is said about it -> the case where it was first said."""

    def lines(self) -> Iterator[str]:
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
        report = self.report
        pictures = {}
        for case in report.cases:
            picture = self.picture(case)
            if picture.lines:
                pictures[case.name] = picture
        # One is enough to see what is wrong, and the smallest fits best.
        sizes = {name: picture.size for name, picture in pictures.items()}
        smallest = min(sizes, key=sizes.__getitem__, default="")
        all_told = hints_once(report.cases)
        for case, told in zip(report.cases, all_told, strict=True):
            yield from self.case(case, told)
            is_drawn = self.notebook or case.name == smallest
            if is_drawn and case.name in pictures:
                yield ""
                yield from pictures[case.name].lines
                yield ""
        yield ""
        counting = prose.counting(report)
        if counting:
            yield from self.wrapped(counting, style="faint")
        if len(pictures) > 1 and not self.notebook:
            yield from self.wrapped(
                "The other cases are drawn by --format html.", style="faint"
            )

    def picture(self, case: CaseReport) -> "_Picture":
        """Return the calls, the values and the arrays of a case."""
        passed = case.verdict is Verdict.PASSED
        script = () if passed else script_lines(case.details)
        values = told_values(case.details, case.verdict)
        arrays = drawn_arrays(case)
        lines = [INDENT + self.terminal.style("faint", one) for one in script]
        width = max((len(value.title) for value in values), default=0)
        for value in values:
            shown = value.before + value.marked + value.after
            head = f"{INDENT}{value.title:<{width}}  "
            lines += self.wrapped(shown, head, " " * len(head))
            if value.marked and len(lines[-1]) == len(head) + len(shown):
                lines.append(" " * (len(head) + len(value.before)) + "^")
        if lines and arrays:
            lines.append("")
        lines += side_by_side(arrays, self.terminal)
        size = math.prod(arrays[-1].shape) if arrays else len("".join(lines))
        return _Picture(tuple(lines), size)

    def case(
        self,
        case: CaseReport,
        told: Told,
    ) -> Iterator[str]:
        word = vocabulary.VERDICTS[case.verdict]
        mark = word.mark if self.terminal.symbols else word.ascii_mark
        names = [one_line(each.name, _NAME) for each in self.report.cases]
        width = max(map(len, names))
        head = f"{mark} {one_line(case.name, _NAME)}"
        indent = " " * (len(mark) + 1 + width + 2)
        (first, *rest), again = self.finding(case, indent)
        style: Style = "strong" if word.mark == "!" else _STYLES[word.tone]
        gap = indent[len(head) :]
        yield self.terminal.style(style, head) + gap + first.lstrip()
        yield from rest
        if not again:
            yield from self.hints(told, indent)

    def finding(
        self,
        case: CaseReport,
        indent: str,
    ) -> tuple[list[str], bool]:
        """Return the lines about a case, and whether they only point to an earlier case."""
        message, where, source = message_and_line(case)
        tag = ""
        if self.audience == "instructor":
            tag = f" [{case.verdict}, {seconds(case.duration_s)}]"
        lines = self.wrapped(one_line(message, 700), indent, tail=tag)
        if source:
            quoted = f"{where or 'here'}: {one_line(source, 200)}"
            lines += self.wrapped(quoted, indent, indent + INDENT)
            then = moment(case.details.exception)
            lines += self.wrapped(then, indent) if then else []
        hints = [hint.text for hint in case.hints]
        key = (message, where, source, *hints)
        before = self.told.setdefault(key, case.name)
        if before == case.name or len(lines) == 1:
            return lines, False
        same = f"The same as for {one_line(before, _NAME)}."
        return self.wrapped(same, indent, tail=tag), True

    def hints(
        self,
        told: Told,
        indent: str,
    ) -> Iterator[str]:
        for hint in told.new:
            text = f"Hint{self.ids((hint,))}: {one_line(hint.text, 700)}"
            yield from self.wrapped(text, indent, style="hint")
        for at, hints in told.again:
            earlier = one_line(self.report.cases[at].name, _NAME)
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
        yield from self.wrapped(
            message, style=self.verdict_style(), tail=points
        )
        if report.status is Status.NOT_GRADABLE:
            # Every case carries the same hint, which is about the whole submission.
            for told in hints_once(report.cases[:1]):
                yield from self.hints(told, "")

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
