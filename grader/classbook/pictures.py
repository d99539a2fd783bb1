"""One picture for a misconception: what was expected and what came back, as two maps of shades.

It is made from the report of one student who shows it, and says nothing about who that is. Pure.
"""

import itertools
from collections.abc import Iterator
from typing import Final

import msgspec
from markupsafe import Markup

from grader.model import CaseReport, Report, Verdict
from grader.render.grids import Panel, panels
from grader.render.tables import scaled, shade

_CELL: Final = 9
_GAP: Final = 2
"""Cells between the two maps."""
_MOST_SIDE: Final = 24
"""The most rows or columns of a map; a larger array is not drawn."""
_FEWEST_CELLS: Final = 4
"""With fewer cells, shades show nothing."""


class Picture(msgspec.Struct, frozen=True):
    """Two maps side by side."""

    drawing: Markup
    expected: str
    """The size, such as `6x6`."""
    given: str


def picture(report: Report, misconception: str) -> Picture | None:
    """Return the picture of the smallest case that shows the misconception, if one can be drawn."""
    found = [
        pair
        for case in report.cases
        if _shows(case, misconception) and (pair := _pair(case)) is not None
    ]
    if not found:
        return None
    expected, given = min(found, key=lambda pair: _cells(pair[0][0]))
    return Picture(
        _drawing(expected, given), _size(expected[0]), _size(given[0])
    )


_Scaled = tuple[Panel, float]


def _shows(case: CaseReport, misconception: str) -> bool:
    return case.verdict is not Verdict.PASSED and any(
        hint.misconception == misconception for hint in case.hints
    )


def _pair(case: CaseReport) -> tuple[_Scaled, _Scaled] | None:
    """Return what was expected and what came back; None where either is too big, or not drawn."""
    both = list(scaled(panels(case.details)))
    expected = next((each for each in both if each[0].role == "expected"), None)
    given = next((each for each in both if each[0].role == "actual"), None)
    if expected is None or given is None:
        return None
    if max(*expected[0].shape, *given[0].shape) > _MOST_SIDE:
        return None
    if _cells(expected[0]) < _FEWEST_CELLS:
        return None
    return expected, given


def _cells(panel: Panel) -> int:
    rows, columns = panel.shape
    return rows * columns


def _size(panel: Panel) -> str:
    rows, columns = panel.shape
    return f"{rows}x{columns}"


def _drawing(expected: _Scaled, given: _Scaled) -> Markup:
    left = expected[0].shape[1] + _GAP
    width = (left + given[0].shape[1]) * _CELL + 2
    height = max(expected[0].shape[0], given[0].shape[0]) * _CELL + 2
    cells = "".join((*_map(*expected, 0), *_map(*given, left)))
    said = (
        f"expected {_size(expected[0])}, what came back {_size(given[0])}, "
        "as shades"
    )
    return Markup(  # noqa: S704 - numbers and words of ours
        f'<svg class="maps" role="img" aria-label="{said}" width="{width}" height="{height}" '
        f'viewBox="-1 -1 {width} {height}">{"".join(cells)}</svg>'
    )


def _map(panel: Panel, scale: float, left: int) -> Iterator[str]:
    rows, columns = panel.shape
    for row, column in itertools.product(range(rows), range(columns)):
        look = shade(panel.rows[row][column], scale) or "o"
        if (row, column) in panel.wrong:
            look += " w"
        yield (
            f'<rect class="{look}" x="{(left + column) * _CELL}" y="{row * _CELL}" '
            f'width="{_CELL}" height="{_CELL}"/>'
        )
