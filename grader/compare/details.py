"""The facts of a finding as plain data that JSON can carry."""

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
    Raised,
    Unit,
    Verdict,
)
from grader.untrusted import one_line

Nested: TypeAlias = "Cell | list[Nested]"

SHOWN_CELLS: Final = 400
"""An array with more cells than this is left out of a report."""
SOURCE_LINE: Final = 200
"""The most characters of the student's own line that are shown."""

_DTYPE_NAME: Final = 40
_NUMBERS: Final = "fiub"


def details(
    finding: Finding,
    units: Sequence[Unit],
    *,
    passed: int | None = None,
    of: int | None = None,
) -> Details:
    """Return the facts of a finding; only the counts for one that passed.

    NaN and the infinities become strings, and arrays of more than `SHOWN_CELLS` cells are left out.
    An exception gets the student's own line of source, looked up by its number in `units`.
    `passed` of `of` trials of the case passed.
    """
    if finding.verdict is Verdict.PASSED:
        return Details(passed_trials=passed, trials=of)
    outcome = finding.outcome
    value = outcome.value if outcome.kind == "returned" else None
    dtype = outcome.dtype if value is None else str(value.dtype)[:_DTYPE_NAME]
    inputs = zip(finding.arguments, finding.trial.args, strict=True)
    return Details(
        trial=finding.trial.name,
        rung=finding.rung,
        expected_shape=finding.expected.shape,
        actual_shape=None if value is None else value.shape,
        actual_type=outcome.type_name,
        actual_dtype=dtype,
        differing=finding.differing,
        total=finding.expected.size,
        region=finding.region,
        first=finding.first,
        expected_value=_value_at(finding.expected, finding.first),
        actual_value=_value_at(value, finding.first),
        max_error=None
        if finding.max_error is None
        else _cell(finding.max_error),
        argument=finding.argument,
        exception=_exception(outcome.raised, units),
        limit_s=outcome.limit_s,
        signal=outcome.signal,
        exit_code=outcome.exit_code,
        reason=outcome.reason,
        inputs={name: cells(argument) for name, argument in inputs},
        expected=cells(finding.expected),
        actual=None if value is None else cells(value),
        passed_trials=passed,
        trials=of,
    )


def _exception(
    raised: Raised | None, units: Sequence[Unit]
) -> ExceptionDetails | None:
    """Describe an exception together with the student's own line that it came from."""
    if raised is None:
        return None
    return ExceptionDetails(
        type=raised.type,
        message=raised.message,
        line=raised.line,
        cell=raised.cell,
        source=_source_line(raised, units),
        missing=raised.missing,
        nearby=raised.nearby,
    )


def _source_line(raised: Raised, units: Sequence[Unit]) -> str | None:
    """Look the line up by its number, which the student's process sent, in our copy of the text."""
    if raised.line is None:
        return None
    for unit in units:
        if unit.cell == raised.cell:
            lines = unit.source.split("\n")
            if 0 < raised.line <= len(lines):
                return one_line(lines[raised.line - 1], SOURCE_LINE) or None
    return None


def cells(array: Array) -> "Nested | None":
    """Return an array as nested lists of numbers and of the strings `nan`, `inf` and `-inf`.

    None where the array is not of real numbers or is too big.
    """
    # Nested lists have an entry for each row, even for the 10^10 rows of an array of shape
    # (10**10, 0), whose size is 0.
    places = math.prod(max(1, length) for length in array.shape)
    if array.dtype.kind not in _NUMBERS or places > SHOWN_CELLS:
        return None
    with np.errstate(all="ignore"):
        plain = array.astype(np.float64)
    if np.isfinite(plain).all():
        return cast("Nested", plain.tolist())
    return _nested(plain.tolist())


def _nested(item: float | list[Any]) -> Nested:
    if isinstance(item, list):
        return [_nested(each) for each in item]
    return _cell(item)


def _cell(number: float) -> Cell:
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return float(number)


def _value_at(
    array: Array | None, position: tuple[int, ...] | None
) -> Cell | None:
    if array is None or position is None:
        return None
    with np.errstate(all="ignore"):
        return _cell(float(array[position]))
