"""The arrays of a case as one SVG picture, for platforms that take images and no HTML of ours. Pure.

A picture has its own white ground and dark ink, because it cannot know what it is put on; the
window and the values that differ are framed, as on the cards.
"""

from collections.abc import Iterator
from html import escape
from typing import Final

from grader.model import CaseReport, Verdict
from grader.render.grids import Panel, panels
from grader.render.plain import one_line
from grader.render.tables import scaled, shade

_CELL: Final = (42, 22)
_FITS: Final = 5
"""Characters that a cell has room for."""
_GUTTER: Final = 26
_HEAD: Final = 40
_GAP: Final = 24
_WIDTH: Final = 960
_INK: Final = "#1f2328"
_WINDOW: Final = "#8f2d7f"
# The shades of the cards on white, mixed beforehand: not every viewer of SVG blends.
_SHADES: Final = {
    "": "#ffffff",
    "x": "#d0d4d9",
    **{
        f"p{level}": colour
        for level, colour in enumerate(
            ("#fdf2e6", "#fbe8d1", "#f8dcba", "#f6d1a3", "#f3c48a"), 1
        )
    },
    **{
        f"n{level}": colour
        for level, colour in enumerate(
            ("#e8f0fc", "#d5e3f9", "#c0d5f6", "#aac8f2", "#93b8ef"), 1
        )
    },
}


def grid_svg(case: CaseReport) -> str | None:
    """Draw the inputs, what was expected, what came and the difference; None where there is nothing to compare."""
    drawn = () if case.verdict is Verdict.PASSED else panels(case.details)
    if not any(panel.role == "actual" for panel in drawn):
        return None
    parts: list[str] = []
    left, top, tallest, right = 0, 0, 0, 0
    for panel, scale in scaled(drawn):
        width, height = _extent(panel)
        if left and left + width > _WIDTH:
            left, top, tallest = 0, top + tallest + _GAP, 0
        parts.append(
            f'<g transform="translate({left} {top})">{"".join(_panel(panel, scale))}</g>'
        )
        tallest, left = max(tallest, height), left + width + _GAP
        right = max(right, left - _GAP)
    size = right + 16, top + tallest + 16
    label = escape(f"{one_line(case.name, 60)}: {one_line(case.message, 400)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        f'viewBox="-8 -8 {size[0]} {size[1]}" role="img" aria-label="{label}" '
        f'font-family="DejaVu Sans Mono, Consolas, Menlo, monospace" font-size="12" fill="{_INK}">'
        f'<title>{label}</title><rect x="-8" y="-8" width="{size[0]}" height="{size[1]}" fill="#ffffff"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _extent(panel: Panel) -> tuple[int, int]:
    rows, columns = panel.shape
    return _GUTTER + columns * _CELL[0], _HEAD + rows * _CELL[1]


def _panel(panel: Panel, scale: float) -> Iterator[str]:
    rows, columns = panel.shape
    title = escape(f"{panel.title} {rows}x{columns}")
    yield f'<text x="{_GUTTER}" y="14" font-weight="bold">{title}</text>'
    places = [(row, column) for row in range(rows) for column in range(columns)]
    yield f'<g stroke="#c4c9cf">{"".join(_ground(panel, place, scale) for place in places)}</g>'
    yield f'<g text-anchor="end">{"".join(_number(panel, place) for place in places)}</g>'
    for column in range(columns):
        yield _label(column, _GUTTER + (column + 1) * _CELL[0] - 6, _HEAD - 5)
    for row in range(rows):
        yield _label(row, _GUTTER - 6, _HEAD + row * _CELL[1] + 15)
    # Frames last, so that no neighbour covers them.
    for place in sorted(panel.wrong):
        yield _frame(place, (1, 1), _INK, inset=2)
    if panel.first is not None:
        yield _frame(panel.first, (1, 1), _WINDOW, inset=0)
    if panel.window is not None:
        window = panel.window
        yield _frame(
            (window.row, window.column), (window.height, window.width), _WINDOW, inset=0
        )


def _label(number: int, x: int, y: int) -> str:
    return f'<text x="{x}" y="{y}" font-size="10" text-anchor="end" fill="#57606a">{number}</text>'


def _ground(panel: Panel, place: tuple[int, int], scale: float) -> str:
    row, column = place
    x, y = _GUTTER + column * _CELL[0], _HEAD + row * _CELL[1]
    agrees = panel.role == "difference" and place not in panel.wrong
    fill = _SHADES["" if agrees else shade(panel.rows[row][column], scale)]
    return (
        f'<rect x="{x}" y="{y}" width="{_CELL[0]}" height="{_CELL[1]}" fill="{fill}"/>'
    )


def _number(panel: Panel, place: tuple[int, int]) -> str:
    row, column = place
    text = panel.texts[row][column]
    x, y = _GUTTER + (column + 1) * _CELL[0] - 4, _HEAD + row * _CELL[1] + 15
    weight = ' font-weight="bold"' if place in panel.wrong else ""
    # Long numbers are squeezed rather than cut: they stay inside their cell and stay true.
    squeeze = (
        f' textLength="{_CELL[0] - 6}" lengthAdjust="spacingAndGlyphs"'
        if len(text) > _FITS
        else ""
    )
    return f'<text x="{x}" y="{y}"{weight}{squeeze}>{escape(text)}</text>'


def _frame(
    place: tuple[int, int], span: tuple[int, int], colour: str, *, inset: int
) -> str:
    x, y = _GUTTER + place[1] * _CELL[0] + inset, _HEAD + place[0] * _CELL[1] + inset
    width, height = span[1] * _CELL[0] - 2 * inset, span[0] * _CELL[1] - 2 * inset
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" stroke="{colour}" '
        f'stroke-width="{2 if inset else 3}"/>'
    )
