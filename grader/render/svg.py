"""The arrays of a case as one SVG picture, for platforms that take images but no HTML. Pure.

A picture cannot know what it is put on, so it has its own white ground and dark ink. The window and
the values that differ are framed, as on the cards.
"""

import itertools
from collections.abc import Iterator
from typing import Final

from grader.model import CaseReport, Verdict
from grader.render.grids import Panel, panels
from grader.render.rows import Place
from grader.render.tables import scaled, shade
from grader.untrusted import for_xml, one_line

_CELL_WIDTH, _CELL_HEIGHT = 42, 22
_FITS: Final = 5
"""Characters that a cell has room for."""
_GUTTER: Final = 26
"""Room for the numbers of the rows."""
_HEAD: Final = 40
"""Room for the title and the numbers of the columns."""
_GAP: Final = 24
_WIDTH: Final = 960
_INK: Final = "#1f2328"
_WINDOW: Final = "#8f2d7f"
_FONT: Final = "DejaVu Sans Mono, Consolas, Menlo, monospace"
# The shades of the cards on white, mixed beforehand: not every viewer of SVG blends.
_ABOVE_ZERO: Final = ("#fdf2e6", "#fbe8d1", "#f8dcba", "#f6d1a3", "#f3c48a")
_BELOW_ZERO: Final = ("#e8f0fc", "#d5e3f9", "#c0d5f6", "#aac8f2", "#93b8ef")
_SHADES: Final = {
    "": "#ffffff",
    "x": "#d0d4d9",
    **{f"p{level}": colour for level, colour in enumerate(_ABOVE_ZERO, 1)},
    **{f"n{level}": colour for level, colour in enumerate(_BELOW_ZERO, 1)},
}


def grid_svg(case: CaseReport) -> str | None:
    """Return a drawing of the inputs, what was expected, what came back, and the difference.

    None where nothing came back that can be drawn.
    """
    drawn = () if case.verdict is Verdict.PASSED else panels(case.details)
    if not any(panel.role == "actual" for panel in drawn):
        return None
    parts, width, height = _laid_out(drawn)
    size = f"{width + 16}", f"{height + 16}"
    label = for_xml(f"{one_line(case.name, 60)}: {one_line(case.message, 400)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        f'viewBox="-8 -8 {size[0]} {size[1]}" role="img" aria-label="{label}" '
        f'font-family="{_FONT}" font-size="12" fill="{_INK}"><title>{label}</title>'
        f'<rect x="-8" y="-8" width="{size[0]}" height="{size[1]}" fill="#ffffff"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _laid_out(drawn: tuple[Panel, ...]) -> tuple[list[str], int, int]:
    """Return the panels, side by side while the width allows, and the size of the whole."""
    parts = []
    left, top, tallest, right = 0, 0, 0, 0
    for panel, scale in scaled(drawn):
        rows, columns = panel.shape
        width, height = (
            _GUTTER + columns * _CELL_WIDTH,
            _HEAD + rows * _CELL_HEIGHT,
        )
        if left and left + width > _WIDTH:
            left, top, tallest = 0, top + tallest + _GAP, 0
        inside = "".join(_panel(panel, scale))
        parts.append(f'<g transform="translate({left} {top})">{inside}</g>')
        right = max(right, left + width)
        left += width + _GAP
        tallest = max(tallest, height)
    return parts, right, top + tallest


def _panel(panel: Panel, scale: float) -> Iterator[str]:
    rows, columns = panel.shape
    title = for_xml(f"{panel.title} {panel.size}")
    places = list(itertools.product(range(rows), range(columns)))
    grounds = "".join(_ground(panel, place, scale) for place in places)
    numbers = "".join(_number(panel, place) for place in places)
    yield f'<text x="{_GUTTER}" y="14" font-weight="bold">{title}</text>'
    yield f'<g stroke="#c4c9cf">{grounds}</g>'
    yield f'<g text-anchor="end">{numbers}</g>'
    for column in range(columns):
        yield _label(column, _x(column + 1) - 6, _HEAD - 5)
    for row in range(rows):
        yield _label(row, _GUTTER - 6, _y(row) + 15)
    yield from _frames(panel)


def _frames(panel: Panel) -> Iterator[str]:
    """Yield the frames, which come last so that no neighbour covers them."""
    for place in sorted(panel.wrong):
        yield _frame(place, (1, 1), _INK, inset=2)
    if panel.first is not None:
        yield _frame(panel.first, (1, 1), _WINDOW, inset=0)
    window = panel.window
    if window is not None:
        row, column = max(0, window.row), max(0, window.column)
        rows, columns = panel.shape
        bottom = min(window.row + window.height, rows)
        right = min(window.column + window.width, columns)
        span = bottom - row, right - column
        yield _frame((row, column), span, _WINDOW, inset=0)


def _x(column: int) -> int:
    return _GUTTER + column * _CELL_WIDTH


def _y(row: int) -> int:
    return _HEAD + row * _CELL_HEIGHT


def _label(
    number: int,
    x: int,
    y: int,
) -> str:
    return f'<text x="{x}" y="{y}" font-size="10" text-anchor="end" fill="#57606a">{number}</text>'


def _ground(
    panel: Panel,
    place: Place,
    scale: float,
) -> str:
    row, column = place
    agrees = panel.role == "difference" and place not in panel.wrong
    look = "" if agrees else shade(panel.rows[row][column], scale)
    return (
        f'<rect x="{_x(column)}" y="{_y(row)}" '
        f'width="{_CELL_WIDTH}" height="{_CELL_HEIGHT}" fill="{_SHADES[look]}"/>'
    )


def _number(panel: Panel, place: Place) -> str:
    row, column = place
    text = panel.texts[row][column]
    weight = ' font-weight="bold"' if place in panel.wrong else ""
    squeeze = ""
    if len(text) > _FITS:
        # Squeezed rather than cut: the number stays inside its cell and stays true.
        squeeze = (
            f' textLength="{_CELL_WIDTH - 6}" lengthAdjust="spacingAndGlyphs"'
        )
    x, y = _x(column + 1) - 4, _y(row) + 15
    return f'<text x="{x}" y="{y}"{weight}{squeeze}>{for_xml(text)}</text>'


def _frame(
    place: Place, span: tuple[int, int], colour: str, *, inset: int
) -> str:
    row, column = place
    height, width = span
    x, y = _x(column) + inset, _y(row) + inset
    width = width * _CELL_WIDTH - 2 * inset
    height = height * _CELL_HEIGHT - 2 * inset
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" '
        f'stroke="{colour}" stroke-width="{2 if inset else 3}"/>'
    )
