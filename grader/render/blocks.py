"""Arrays drawn with characters, for `render.text`: side by side while the width allows. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from grader.model import CaseReport, Verdict
from grader.render.grids import Panel, Window, disagree, panels
from grader.render.terminal import Terminal

INDENT: Final = "  "
_GAP: Final = "   "


class _Block(msgspec.Struct, frozen=True):
    """A drawn array: lines that look `width` wide. With their escape sequences they are longer."""

    width: int
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        if number < len(self.lines):
            return self.lines[number]
        return " " * self.width


def drawn_arrays(case: CaseReport) -> tuple[Panel, ...]:
    """Return the arrays of a case that text draws: what was expected and what came back.

    The inputs are left out; a page has room for them. Two arrays that look the same are left out
    too, as for a list of the right values: they would say that all is well.
    """
    if case.verdict is Verdict.PASSED:
        return ()
    drawn = [panel for panel in panels(case.details) if panel.role != "input"]
    says_something = disagree(drawn) or case.details.rung == "check"
    return tuple(drawn) if says_something else ()


def drawn_inputs(case: CaseReport) -> tuple[Panel, ...]:
    """Return the inputs of a case that failed, where the results are drawn too or one is framed."""
    if case.verdict is Verdict.PASSED:
        return ()
    inputs = [panel for panel in panels(case.details) if panel.role == "input"]
    shown = bool(drawn_arrays(case)) or framed(inputs)
    return tuple(inputs) if shown else ()


def framed(arrays: Iterable[Panel]) -> bool:
    """Return whether a part of one of them is marked."""
    return any(panel.window is not None for panel in arrays)


def side_by_side(arrays: Sequence[Panel], terminal: Terminal) -> Iterator[str]:
    """Yield the lines of drawn arrays, below each other where the terminal is too narrow."""
    blocks = [_block(panel, terminal) for panel in arrays]
    for at, row in enumerate(_rows(blocks, terminal)):
        if at:
            yield ""
        height = max(len(block.lines) for block in row)
        for number in range(height):
            line = _GAP.join(block.line(number) for block in row)
            yield INDENT + line


def _rows(blocks: Sequence[_Block], terminal: Terminal) -> list[list[_Block]]:
    rows: list[list[_Block]] = []
    room = 0
    for block in blocks:
        if not rows or block.width > room:
            rows.append([])
            room = terminal.width - len(INDENT)
        rows[-1].append(block)
        room -= block.width + len(_GAP)
    return rows


def _block(panel: Panel, terminal: Terminal) -> _Block:
    """Draw one array: its title, the numbers of columns and rows, and a mark at what is wrong."""
    height, columns = panel.shape
    width = max(len(text) for row in panel.texts for text in row)
    gutter = len(str(height - 1))
    title = f"{panel.title} ({panel.size})"
    body = gutter + columns * (width + 2)
    whole = max(body, len(title))
    heads = " " * gutter
    for column in range(columns):
        heads += f" {column:>{width}} "
    lines = [
        terminal.style("strong", title.ljust(whole)),
        terminal.style("faint", heads.ljust(whole)),
    ]
    for row in range(height):
        number = terminal.style("faint", f"{row:>{gutter}}")
        cells = _cells(panel, row, width, terminal)
        lines.append(number + cells + " " * (whole - body))
    return _Block(whole, tuple(lines))


def _cells(
    panel: Panel,
    row: int,
    width: int,
    terminal: Terminal,
) -> str:
    cells = ""
    for column, text in enumerate(panel.texts[row]):
        cell = f"{text:>{width}}"
        before, after = _brackets(panel.window, row, column)
        is_wrong = (row, column) in panel.wrong
        if panel.role != "actual" or not is_wrong:
            cells += f"{before}{cell}{after}"
        elif terminal.colour:
            cells += f" {terminal.style('wrong', cell)} "
        else:
            cells += f" {cell}*"
    return cells


def _brackets(
    window: Window | None,
    row: int,
    column: int,
) -> tuple[str, str]:
    """Return what stands around a cell: a window is between brackets, open where it is cut off."""
    if window is None or not 0 <= row - window.row < window.height:
        return " ", " "
    before = "[" if column == window.column else " "
    last = window.column + window.width - 1
    return before, "]" if column == last else " "
