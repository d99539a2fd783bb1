"""A report as text: one line a case, what is wrong, the hint, and the arrays of the first case that failed. Pure.

The escape sequences are written here and not by rich: importing that takes as long as importing
NumPy, and a single grading must not. All text of strangers passes through `plain.visible`, so the
only sequences are these.
"""

import math
import textwrap
from collections.abc import Iterator
from typing import Final

import msgspec

from grader.model import CaseReport, Hint, Report, Status, Verdict
from grader.render import prose
from grader.render.grids import Panel, disagree, panels
from grader.render.plain import one_line, seconds
from grader.render.prose import Audience
from grader.render.repeats import Told, hints_once
from grader.render.terminal import PLAIN, Terminal

_INDENT: Final = "  "
_GAP: Final = "   "
_JOINED: Final = "\x00"
"""Stands for a blank at which no line is broken; `plain.visible` lets none through from elsewhere."""
_STYLES: Final = {
    "good": "32",
    "bad": "1;31",
    "hint": "36",
    "faint": "2",
    "strong": "1",
    "wrong": "1;7",
}
_MARKS: Final = {
    Verdict.PASSED: ("✓", "+", "good"),
    Verdict.NOT_RUN: ("○", "-", "faint"),
    Verdict.GRADER_ERROR: ("!", "!", "strong"),
}
_FAILED: Final = ("✗", "x", "bad")


def render(
    report: Report,
    audience: Audience = "student",
    terminal: Terminal = PLAIN,
    *,
    notebook: bool = False,
) -> str:
    """Write the report for a person at a terminal.

    With `notebook`, for one who has no command line at hand: every case that failed is drawn.
    """
    lines = [
        line.rstrip()
        for line in _Page(report, audience, terminal, notebook=notebook).lines()
    ]
    # Parts stand apart by one empty line, whichever of them are there.
    return (
        "\n".join(
            line for at, line in enumerate(lines) if line or (at and lines[at - 1])
        )
        + "\n"
    )


class _Block(msgspec.Struct, frozen=True):
    """A drawn array: lines that look `width` wide; with their escape sequences they are longer."""

    width: int
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        return self.lines[number] if number < len(self.lines) else " " * self.width


class _Page:
    """One report on its way to being text; holds what every line needs to know."""

    def __init__(
        self, report: Report, audience: Audience, terminal: Terminal, *, notebook: bool
    ) -> None:
        self.report = report
        self.audience = audience
        self.terminal = terminal
        self.notebook = notebook
        self.counts = prose.has_hidden_inputs(report)
        """Whether the score counts: that of the public examples does not."""
        self.told: dict[tuple[str, ...], str] = {}
        """What was found, and what else is said about it -> the case where it was first said."""

    def lines(self) -> Iterator[str]:
        report = self.report
        title, name = (
            one_line(report.exercise.title, 60),
            one_line(report.submission.name, 200),
        )
        yield self.style("strong", title) + ("" if self.notebook else f"  {name}")
        yield ""
        if report.status is not Status.NOT_GRADABLE:
            yield from self.cases()
            yield ""
        yield from self.verdict()
        if notes := prose.notes_for(report, self.audience):
            yield ""
            yield self.style("faint", "Notes")
            for note in notes:
                yield from self.wrapped(one_line(note, 400), "  - ", "    ")
        if self.audience == "instructor":
            yield from self.instructor()

    def cases(self) -> Iterator[str]:
        pictures = {
            case.name: arrays
            for case in self.report.cases
            if (arrays := _compared(case))
        }
        # One is enough to see what is wrong, and the smallest fits best.
        smallest = min(
            pictures, key=lambda name: math.prod(pictures[name][-1].shape), default=None
        )
        for case, told in zip(
            self.report.cases, hints_once(self.report.cases), strict=True
        ):
            yield from self.case(case, told)
            if case.name in pictures and (self.notebook or case.name == smallest):
                yield ""
                yield from self.arrays(pictures[case.name])
                yield ""
        yield ""
        if any(case.details.first is not None for case in self.report.cases):
            yield from self.wrapped(prose.COUNTING, "", "", "faint")
        if len(pictures) > 1 and not self.notebook:
            yield from self.wrapped(
                "The other cases are drawn by --format html.", "", "", "faint"
            )

    def case(self, case: CaseReport, told: Told) -> Iterator[str]:
        symbol, ascii_symbol, style = _MARKS.get(case.verdict, _FAILED)
        width = min(max(len(one_line(each.name, 24)) for each in self.report.cases), 24)
        mark = symbol if self.terminal.symbols else ascii_symbol
        head = f"{mark} {one_line(case.name, 24):{width}}  "
        indent = " " * len(head)
        (first, *rest), again = self.finding(case, indent)
        yield (
            self.style(style, head.rstrip())
            + " " * (len(head) - len(head.rstrip()))
            + first.lstrip()
        )
        yield from rest
        if not again:
            yield from self.hints(told, indent)

    def finding(self, case: CaseReport, indent: str) -> tuple[list[str], bool]:
        """Give the lines of message and source; or, where an earlier case has the same, say so and give True."""
        message, where, source = prose.message_and_line(case)
        tag = (
            f" [{case.verdict}, {seconds(case.duration_s)}]"
            if self.audience == "instructor"
            else ""
        )
        lines = self.wrapped(one_line(message, 700), indent, indent, tail=tag)
        if source:
            lines += self.wrapped(
                f"{where or 'here'}: {one_line(source, 200)}", indent, indent + _INDENT
            )
        key = (message, where, source, *(hint.text for hint in case.hints))
        before = self.told.setdefault(key, case.name)
        if before == case.name or len(lines) == 1:
            return lines, False
        return self.wrapped(
            f"The same as for {one_line(before, 24)}.", indent, indent, tail=tag
        ), True

    def hints(self, told: Told, indent: str) -> Iterator[str]:
        for hint in told.new:
            text = f"Hint{self.ids((hint,))}: {one_line(hint.text, 700)}"
            yield from self.wrapped(text, indent, indent, "hint")
        for at, hints in told.again:
            text = f"Hint{self.ids(hints)}: as for {one_line(self.report.cases[at].name, 24)}."
            yield from self.wrapped(text, indent, indent, "hint")

    def ids(self, hints: tuple[Hint, ...]) -> str:
        if self.audience == "student":
            return ""
        return f" ({', '.join(one_line(hint.misconception, 60) for hint in hints)})"

    def verdict(self) -> Iterator[str]:
        report = self.report
        style = (
            "good"
            if report.score == report.max_score and report.status is Status.GRADED
            else "bad"
        )
        if report.status is Status.NOT_GRADABLE and not self.counts:
            style = "strong"  # nothing is lost yet
        points = (
            f" ({prose.points(report.score, report.max_score)})"
            if self.counts and report.score is not None
            else ""
        )
        yield from self.wrapped(
            one_line(report.message, 700), "", "", style, tail=points
        )
        if report.status is Status.NOT_GRADABLE:
            # Every case carries the same hint: it is about the whole submission.
            for told in hints_once(report.cases[:1]):
                yield from self.hints(told, "")

    def instructor(self) -> Iterator[str]:
        report = self.report
        level, mechanisms = (
            report.isolation.level,
            ", ".join(report.isolation.mechanisms),
        )
        yield ""
        for label, value in (
            ("isolation", f"{level} ({mechanisms})" if mechanisms else level),
            (
                "submission",
                f"{report.submission.kind}, {_short(report.submission.digest)}",
            ),
            ("exercise", f"{report.exercise.name}, {_short(report.exercise.digest)}"),
            ("grader", report.grader_version),
        ):
            yield from self.wrapped(
                one_line(value, 300), f"{label + ':':12}", " " * 12, "faint"
            )

    def arrays(self, arrays: tuple[Panel, ...]) -> Iterator[str]:
        """Draw arrays side by side while the width allows, else below each other."""
        rows: list[list[_Block]] = [[]]
        used = len(_INDENT)
        for block in map(self.block, arrays):
            if rows[-1] and used + block.width > self.terminal.width:
                rows.append([])
                used = len(_INDENT)
            rows[-1].append(block)
            used += block.width + len(_GAP)
        for at, row in enumerate(rows):
            if at:
                yield ""
            for line in range(max(len(block.lines) for block in row)):
                yield _INDENT + _GAP.join(block.line(line) for block in row)

    def block(self, panel: Panel) -> "_Block":
        """Draw one array: a title, column numbers, rows with their numbers; what is wrong is marked by a star."""
        height, columns = panel.shape
        width = max(len(text) for row in panel.texts for text in row)
        gutter = len(str(height - 1))
        title = f"{panel.title} ({height}x{columns})"
        whole = max(gutter + columns * (width + 2), len(title))
        header = " " * gutter + "".join(
            f" {column:>{width}} " for column in range(columns)
        )
        lines = [
            self.style("strong", title.ljust(whole)),
            self.style("faint", header.ljust(whole)),
        ]
        for row, texts in enumerate(panel.texts):
            cells = (
                self.cell(panel, row, column, f"{text:>{width}}")
                for column, text in enumerate(texts)
            )
            padding = " " * (whole - gutter - columns * (width + 2))
            lines.append(
                self.style("faint", f"{row:>{gutter}}") + "".join(cells) + padding
            )
        return _Block(whole, tuple(lines))

    def cell(self, panel: Panel, row: int, column: int, text: str) -> str:
        if (row, column) not in panel.wrong or panel.role != "actual":
            return f" {text} "
        return f" {self.style('wrong', text)} " if self.terminal.colour else f" {text}*"

    def wrapped(
        self, text: str, first: str, rest: str, style: str | None = None, tail: str = ""
    ) -> list[str]:
        """Break the text into lines; `tail`, which is not broken, follows it."""
        lines = textwrap.wrap(
            text + tail[:1] + tail[1:].replace(" ", _JOINED),
            self.terminal.width,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        ) or [first]
        lines = [line.replace(_JOINED, " ") for line in lines]
        return [self.style(style, line) if style else line for line in lines]

    def style(self, name: str, text: str) -> str:
        return f"\x1b[{_STYLES[name]}m{text}\x1b[0m" if self.terminal.colour else text


def _short(digest: str) -> str:
    """Give so much of a digest as fits a line and tells it from others; JSON and pages have all of it."""
    return one_line(digest, len("sha256:") + 20)


def _compared(case: CaseReport) -> tuple[Panel, ...]:
    """Choose what the text draws: what was expected and what came, not the inputs, which a page has room for."""
    if case.verdict is Verdict.PASSED:
        return ()
    drawn = tuple(panel for panel in panels(case.details) if panel.role != "input")
    # A list of the right values, or an image that was changed: two equal arrays would say that all
    # is well.
    return drawn if disagree(drawn) else ()
