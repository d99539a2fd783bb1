"""The shapes of the charts, before any markup: where each bar stands and what it says."""

from collections.abc import Sequence

import msgspec

from grader.classbook.summary import (
    CaseSummary,
    MisconceptionSummary,
    ScoreBar,
    Scores,
)
from grader.vocabulary import number

COLUMNS_HEIGHT = 100
"""Pixels of the tallest column."""
_GAP = 0.12
"""Free space on either side of a column, as a part of its step."""


class Column(msgspec.Struct, frozen=True):
    """One column of a histogram.

    Horizontal places are percentages, so that the chart fits any screen; heights are pixels.
    """

    left: float
    width: float
    top: float
    height: float
    middle: float
    label: str
    count: int
    hatched: float
    """Height of the part that could not be graded, at the foot."""
    title: str
    low: float
    high: float


class Bar(msgspec.Struct, frozen=True):
    """One horizontal bar, `width` percent of the chart."""

    label: str
    width: float
    value: str
    title: str


def score_columns(scores: Scores) -> tuple[Column, ...]:
    """Return the histogram of the scores."""
    bars = scores.distribution
    highest = max((bar.count for bar in bars), default=0) or 1
    step = 100 / max(1, len(bars))
    columns = []
    for index, bar in enumerate(bars):
        height = COLUMNS_HEIGHT * bar.count / highest
        label = _range(bar)
        column = Column(
            left=round(step * (index + _GAP), 3),
            width=round(step * (1 - 2 * _GAP), 3),
            top=round(COLUMNS_HEIGHT - height, 2),
            height=round(height, 2),
            middle=round(step * (index + 0.5), 3),
            label=label,
            count=bar.count,
            hatched=round(COLUMNS_HEIGHT * bar.not_gradable / highest, 2),
            title=_title(bar, label, scores.max_score),
            low=bar.low,
            high=bar.high,
        )
        columns.append(column)
    return tuple(columns)


def _range(bar: ScoreBar) -> str:
    if bar.low == bar.high:
        return number(bar.low)
    return f"{number(bar.low)}-{number(bar.high)}"


def _title(bar: ScoreBar, label: str, max_score: float) -> str:
    title = f"{bar.count} with {label} of {number(max_score)} points"
    if bar.not_gradable:
        title += f", of which {bar.not_gradable} could not be graded"
    return title


def case_bars(cases: Sequence[CaseSummary]) -> tuple[Bar, ...]:
    """Return the share of submissions that pass each case."""
    return tuple(
        Bar(
            label=case.name,
            width=_percent(case.passed, case.count),
            value=share(case.passed, case.count),
            title=f"{case.passed} of {case.count} pass {case.name}",
        )
        for case in cases
    )


def misconception_bars(
    found: Sequence[MisconceptionSummary], submissions: int
) -> tuple[Bar, ...]:
    """Return the share of the class that shows each misconception, on the scale of the cases."""
    return tuple(
        Bar(
            label=in_words(each.misconception),
            width=_percent(each.count, submissions),
            value=f"{each.count}, {share(each.count, submissions)}",
            title=f"{each.count} of {submissions} show {each.misconception}",
        )
        for each in found
    )


def in_words(misconception: str) -> str:
    """Return the id of a misconception as words: `Same padding`."""
    words = misconception.replace("-", " ")
    return words[:1].upper() + words[1:]


def share(part: int, whole: int) -> str:
    """Format a share in whole percents; only nobody is `0 %`, and only everybody is `100 %`."""
    if 0 < 100 * part < whole:
        return "<1 %"
    if 0 < 100 * (whole - part) < whole:
        return ">99 %"
    # Half a percent is rounded up: round() would turn 2.5 and 3.5 into 2 and 4, side by side.
    return f"{int(_percent(part, whole) + 0.5)} %"


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
