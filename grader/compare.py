"""Compare what a student's function gave with what was expected: facts, no sentences.

`compare` climbs a ladder and stops at the first rung that fails:

    returned?  ->  inputs unchanged?  ->  an array?  ->  shape  ->  dtype  ->  NaN  ->  inf  ->
    values

It is total: whatever came back, it answers with a `Finding` and never raises. That the inputs are
unchanged comes right after the call because a function that spoils its arguments is wrong whatever
it returns, and because the usual form of it (the result written into the image) returns a wrong
array too, which would hide the cause.
"""

import math
from collections.abc import Sequence
from typing import Any, Final, TypeAlias, cast

import numpy as np

from grader.model import (
    Array,
    Cell,
    Details,
    ExceptionDetails,
    Finding,
    Outcome,
    Raised,
    Region,
    Rung,
    Tolerance,
    Trial,
    Unit,
    Verdict,
)

SHOWN_CELLS: Final = 400
"""An array with more cells than this is left out of a report."""
SOURCE_LINE: Final = 200
"""Characters of the student's own line that are shown."""

Nested: TypeAlias = "Cell | list[Nested]"

_ARRAY: Final = "ndarray"
_REAL: Final = "fiu"
_MATRIX: Final = 2


def compare(
    trial: Trial,
    outcome: Outcome,
    expected: Array,
    tolerance: Tolerance,
    arguments: Sequence[str] = (),
) -> Finding:
    """Say what is wrong with one outcome, or that nothing is; never raises.

    `expected` is a real array of any shape; two numbers agree when |actual - expected| <= atol +
    rtol * |expected|, NaN agrees with NaN alone, an infinity with itself alone. Integers are
    compared by value. `arguments` are the names of the trial's arguments, in order.
    """
    verdict, facts = _climb(trial, outcome, expected, tolerance, arguments)
    return Finding(
        verdict=verdict,
        trial=trial,
        outcome=outcome,
        expected=expected,
        arguments=tuple(arguments),
        **facts,
    )


Facts: TypeAlias = dict[str, Any]
"""The optional fields of a `Finding`."""


def _climb(
    trial: Trial,
    outcome: Outcome,
    expected: Array,
    tolerance: Tolerance,
    arguments: Sequence[str],
) -> tuple[Verdict, Facts]:
    value = outcome.value
    if outcome.kind != "returned":
        return Verdict(outcome.kind), {}
    changed = changed_argument(trial, outcome)
    if changed is not None:
        return Verdict.MODIFIED_INPUT, {
            "rung": "modified",
            "argument": _name(arguments, changed),
        }
    if outcome.type_name != _ARRAY or value is None:
        # An array of objects or of text is an array, but its values were not sent.
        held = outcome.type_name == _ARRAY and outcome.dtype is not None
        return Verdict.WRONG_TYPE, {"rung": "dtype" if held else "type"}
    if value.shape != expected.shape:
        return Verdict.WRONG_SHAPE, {
            "rung": "shape",
            "region": _shape_region(value, expected, tolerance),
        }
    if value.dtype.kind not in _REAL:
        return Verdict.WRONG_TYPE, {"rung": "dtype"}
    return _compare_values(value, expected, tolerance)


def changed_argument(trial: Trial, outcome: Outcome) -> int | None:
    """Give the index of the first argument that the call changed, None where all are as they were.

    Bit for bit, so that NaN equals itself; a changed shape or dtype is a change too.
    """
    after = outcome.args_after
    if after is None:
        return None
    for index, (old, new) in enumerate(zip(trial.args, after, strict=False)):
        if (
            old.shape != new.shape
            or old.dtype != new.dtype
            or old.tobytes() != new.tobytes()
        ):
            return index
    return None


def agree(actual: Array, expected: Array, tolerance: Tolerance) -> Array:
    """Give a boolean array of the positions that agree; both arrays are real and of one shape."""
    with np.errstate(all="ignore"):
        left = actual.astype(np.float64, copy=False)
        right = expected.astype(np.float64, copy=False)
        near = np.abs(left - right) <= tolerance.atol + tolerance.rtol * np.abs(right)
        if near.all() and np.isfinite(right).all():
            # `near` alone would let any number agree with an expected infinity: inf <= inf.
            return near
        finite = np.isfinite(left) & np.isfinite(right)
        result: Array = np.where(
            finite, near, (left == right) | (np.isnan(left) & np.isnan(right))
        )
        return result


def _compare_values(
    actual: Array, expected: Array, tolerance: Tolerance
) -> tuple[Verdict, Facts]:
    if actual.dtype == expected.dtype and actual.tobytes() == expected.tobytes():
        return Verdict.PASSED, {}  # as most right results are; NaN is itself here too
    agreeing = agree(actual, expected, tolerance)
    if agreeing.all():
        return Verdict.PASSED, {}
    wrong = ~agreeing
    rung: Rung = "values"
    with np.errstate(all="ignore"):
        left, right = actual.astype(np.float64), expected.astype(np.float64)
        errors = np.abs(left - right)
    nan, inf = np.isnan(left) != np.isnan(right), np.isinf(left) != np.isinf(right)
    if nan.any():
        rung, wrong = "nan", nan
    elif inf.any():
        rung, wrong = "inf", inf
    finite = errors[np.isfinite(errors)]
    return Verdict.WRONG_VALUES, {
        "rung": rung,
        "differing": int(np.count_nonzero(wrong)),
        "region": region_of(wrong),
        "first": tuple(int(index) for index in np.argwhere(wrong)[0]),
        "max_error": float(finite.max()) if finite.size else None,
    }


def _name(arguments: Sequence[str], index: int) -> str:
    return arguments[index] if index < len(arguments) else f"argument {index + 1}"


# ------------------------------------------------------------------------------------------------------------- regions


def region_of(wrong: Array) -> Region | None:
    """Name the smallest region that holds every true cell of a boolean array; None where there is none.

    `border` and the rows and columns claim that the rest is right, `everywhere` that nothing is.
    """
    count = int(np.count_nonzero(wrong))
    if count == 0:
        return None
    if count == 1:
        return "one_value"
    if count == wrong.size:
        return "everywhere"
    if wrong.ndim != _MATRIX:
        return "scattered"
    return _line_region(wrong) or _edge_region(wrong)


def _line_region(wrong: Array) -> Region | None:
    """Name the one row or the one column that holds every true cell."""
    rows, columns = np.nonzero(wrong.any(axis=1))[0], np.nonzero(wrong.any(axis=0))[0]
    if len(rows) == 1:
        return _which(int(rows[0]), wrong.shape[0], "first_row", "last_row", "one_row")
    if len(columns) == 1:
        return _which(
            int(columns[0]), wrong.shape[1], "first_column", "last_column", "one_column"
        )
    return None


def _which(index: int, size: int, first: Region, last: Region, other: Region) -> Region:
    return first if index == 0 else last if index == size - 1 else other


def _edge_region(wrong: Array) -> Region:
    """Tell the last rows and columns, the border and the inside from cells that are scattered."""
    if not wrong[:-1, :-1].any():
        return "last_row_and_column"
    if not wrong[:-2, :-2].any():
        return "last_rows_and_columns"
    inside = wrong[1:-1, 1:-1]
    if not inside.any():
        return "border"
    if np.count_nonzero(inside) == np.count_nonzero(wrong):
        return "inside"
    return "scattered"


def _shape_region(
    actual: Array, expected: Array, tolerance: Tolerance
) -> Region | None:
    """Say where a matrix of another size has too much, or too little, when all the rest of it is right.

    `border`: the expected values are in the middle; `last_row_and_column`, `last_rows_and_columns`,
    `last_row`, `last_column`: they start at the top left. None where the rest is not right either.
    """
    if (
        actual.ndim != _MATRIX
        or expected.ndim != _MATRIX
        or actual.dtype.kind not in _REAL
        or not actual.size
    ):
        return None
    more = (actual.shape[0] - expected.shape[0], actual.shape[1] - expected.shape[1])
    if more[0] * more[1] < 0 or not expected.size:
        return None
    small, large = (expected, actual) if sum(more) > 0 else (actual, expected)
    extra = (abs(more[0]), abs(more[1]))
    rows, columns = small.shape

    def holds(top: int, left: int) -> bool:
        part = large[top : top + rows, left : left + columns]
        agreeing = (
            agree(part, small, tolerance)
            if large is actual
            else agree(small, part, tolerance)
        )
        return bool(agreeing.all())

    if holds(0, 0):
        return _last_region(extra)
    if (
        extra[0] == extra[1]
        and extra[0] % 2 == 0
        and holds(extra[0] // 2, extra[1] // 2)
    ):
        return "border"
    return None


def _last_region(extra: tuple[int, int]) -> Region:
    if extra == (1, 1):
        return "last_row_and_column"
    if extra == (1, 0):
        return "last_row"
    if extra == (0, 1):
        return "last_column"
    return "last_rows_and_columns"


# ------------------------------------------------------------------------------------------------------------- details


def details(
    finding: Finding,
    units: Sequence[Unit],
    *,
    passed: int | None = None,
    of: int | None = None,
) -> Details:
    """Give the facts of a finding as plain data that JSON can carry; nothing but the counts for one that passed.

    NaN and the infinities become strings, arrays of more than `SHOWN_CELLS` cells are left out, and
    an exception gets the student's own line of source, looked up by its number in `units`. `passed`
    of `of` trials of the case passed.
    """
    if finding.verdict is Verdict.PASSED:
        return Details(passed_trials=passed, trials=of)
    outcome = finding.outcome
    value = outcome.value if outcome.kind == "returned" else None
    cell = (
        _at(value, finding.first) if finding.rung in {"values", "nan", "inf"} else None
    )
    return Details(
        trial=finding.trial.name,
        rung=finding.rung,
        expected_shape=finding.expected.shape,
        actual_shape=None if value is None else value.shape,
        actual_type=outcome.type_name,
        actual_dtype=outcome.dtype if value is None else str(value.dtype)[:40],
        differing=finding.differing,
        total=finding.expected.size,
        region=finding.region,
        first=finding.first,
        expected_value=None if cell is None else _at(finding.expected, finding.first),
        actual_value=cell,
        max_error=None if finding.max_error is None else _cell(finding.max_error),
        argument=finding.argument,
        exception=None
        if outcome.raised is None
        else exception_details(outcome.raised, units),
        limit_s=outcome.limit_s,
        signal=outcome.signal,
        exit_code=outcome.exit_code,
        reason=outcome.reason,
        inputs={
            _name(finding.arguments, index): cells(argument)
            for index, argument in enumerate(finding.trial.args)
        },
        expected=cells(finding.expected),
        actual=None if value is None else cells(value),
        passed_trials=passed,
        trials=of,
    )


def exception_details(raised: Raised, units: Sequence[Unit]) -> ExceptionDetails:
    """Give an exception together with the line of the submission's own text that it came from.

    The line number was sent by the student's process: it is only ever an index into our copy of
    their text.
    """
    return ExceptionDetails(
        type=raised.type,
        message=raised.message,
        line=raised.line,
        cell=raised.cell,
        source=_source_line(raised, units),
    )


def _source_line(raised: Raised, units: Sequence[Unit]) -> str | None:
    if raised.line is None:
        return None
    for unit in units:
        if unit.cell == raised.cell:
            lines = unit.source.split("\n")
            if 0 < raised.line <= len(lines):
                line = lines[raised.line - 1].strip()[:SOURCE_LINE]
                return "".join(c if c.isprintable() else " " for c in line) or None
    return None


def cells(array: Array) -> "Nested | None":
    """Give an array as nested lists of numbers, `nan`, `inf` and `-inf`; None where it is not real or too big."""
    # Lists have a place for each row, also for the 10^10 rows of an array of shape (10**10, 0),
    # whose size is 0.
    if (
        array.dtype.kind not in "fiub"
        or math.prod(max(1, length) for length in array.shape) > SHOWN_CELLS
    ):
        return None
    with np.errstate(all="ignore"):
        plain = array.astype(np.float64)
    if np.isfinite(plain).all():
        return cast("Nested", plain.tolist())
    return _nested(plain.tolist())


def _nested(item: float | list[Any]) -> Nested:
    return [_nested(each) for each in item] if isinstance(item, list) else _cell(item)


def _cell(number: float) -> Cell:
    if number != number:  # noqa: PLR0124 - the test for NaN that needs no import
        return "nan"
    if number in {float("inf"), float("-inf")}:
        return "inf" if number > 0 else "-inf"
    return float(number)


def _at(array: Array | None, position: tuple[int, ...] | None) -> Cell | None:
    if array is None or position is None or array.dtype.kind not in "fiub":
        return None
    with np.errstate(all="ignore"):
        return _cell(float(array[position]))
