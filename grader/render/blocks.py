"""Arrays drawn with characters, for `render.text`: side by side while the width allows. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from grader.model import CaseReport, Verdict
from grader.render.grids import Panel, disagree, panels
from grader.render.terminal import Terminal

INDENT: Final = "  "
_GAP: Final = "   "


class _Block(msgspec.Struct, frozen=True):
    """A drawn array: lines that look `width` wide. With their escape sequences they are longer."""

    width: int
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        return self.lines[number] if number < len(self.lines) else " " * self.width


def drawn_arrays(case: CaseReport) -> tuple[Panel, ...]:
    """Return the arrays of a case that text draws: what was expected and what came back.

    The inputs are left out; a page has room for them. Two arrays that look the same are left out
    too, as for a list of the right values: they would say that all is well.
    """
    if case.verdict is Verdict.PASSED:
        return ()
    drawn = tuple(panel for panel in panels(case.details) if panel.role != "input")
    return drawn if disagree(drawn) else ()


def side_by_side(arrays: Sequence[Panel], terminal: Terminal) -> Iterator[str]:
    """Yield the lines of drawn arrays, below each other where the terminal is too narrow."""
    for at, row in enumerate(
        _rows([_block(panel, terminal) for panel in arrays], terminal)
    ):
        if at:
            yield ""
        for line in range(max(len(block.lines) for block in row)):
            yield INDENT + _GAP.join(block.line(line) for block in row)


def _rows(blocks: Sequence[_Block], terminal: Terminal) -> list[list[_Block]]:
    rows: list[list[_Block]] = [[]]
    used = len(INDENT)
    for block in blocks:
        if rows[-1] and used + block.width > terminal.width:
            rows.append([])
            used = len(INDENT)
        rows[-1].append(block)
        used += block.width + len(_GAP)
    return rows


def _block(panel: Panel, terminal: Terminal) -> _Block:
    """Draw one array: its title, the numbers of columns and rows, and a mark at what is wrong."""
    height, columns = panel.shape
    width = max(len(text) for row in panel.texts for text in row)
    gutter = len(str(height - 1))
    title = f"{panel.title} ({height}x{columns})"
    body = gutter + columns * (width + 2)
    whole = max(body, len(title))
    heads = "".join(f" {column:>{width}} " for column in range(columns))
    lines = [
        terminal.style("strong", title.ljust(whole)),
        terminal.style("faint", (" " * gutter + heads).ljust(whole)),
    ]
    for row, texts in enumerate(panel.texts):
        cells = ""
        for column, text in enumerate(texts):
            is_wrong = panel.role == "actual" and (row, column) in panel.wrong
            cells += _cell(f"{text:>{width}}", terminal, is_wrong=is_wrong)
        number = terminal.style("faint", f"{row:>{gutter}}")
        lines.append(number + cells + " " * (whole - body))
    return _Block(whole, tuple(lines))


def _cell(text: str, terminal: Terminal, *, is_wrong: bool) -> str:
    if not is_wrong:
        return f" {text} "
    return f" {terminal.style('wrong', text)} " if terminal.colour else f" {text}*"
