"""What is wrong with one outcome.

`compare` climbs a ladder and stops at the first rung that fails:

    returned? -> inputs unchanged? -> an array? -> shape -> dtype -> NaN -> inf -> values

It is total: whatever came back, it returns a `Finding` and never raises.

Unchanged inputs come right after the call for two reasons. A function that spoils its arguments is
wrong whatever it returns. And the usual way to spoil them, writing the result into the image, also
returns a wrong array, which would hide the cause.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from grader.compare.agreement import agree
from grader.compare.regions import region_of, shape_region
from grader.model import (
    Array,
    Finding,
    Outcome,
    Rung,
    Tolerance,
    Trial,
    Verdict,
)

Facts: TypeAlias = dict[str, Any]
"""The optional fields of a `Finding`."""

_ARRAY: Final = "ndarray"
_REAL: Final = "fiu"


def compare(
    trial: Trial,
    outcome: Outcome,
    expected: Array,
    tolerance: Tolerance,
    arguments: Sequence[str] = (),
) -> Finding:
    """Return what is wrong with one outcome, or that nothing is. Never raises.

    `expected` is an array of real numbers, of any shape. `arguments` are the names of the trial's
    arguments, in order. `agree` says when two values agree.
    """
    names = _names(arguments, len(trial.args))
    verdict, facts = _climb(trial, outcome, expected, tolerance, names)
    return Finding(
        verdict=verdict,
        trial=trial,
        outcome=outcome,
        expected=expected,
        arguments=names,
        **facts,
    )


def _names(arguments: Sequence[str], count: int) -> tuple[str, ...]:
    """Name `count` arguments; those without a name are called by their place."""
    places = range(len(arguments), count)
    return (*arguments[:count], *(f"argument {place + 1}" for place in places))


def _climb(
    trial: Trial,
    outcome: Outcome,
    expected: Array,
    tolerance: Tolerance,
    names: Sequence[str],
) -> tuple[Verdict, Facts]:
    if outcome.kind != "returned":
        return Verdict(outcome.kind), {}
    changed = _changed_argument(trial, outcome)
    if changed is not None:
        return Verdict.MODIFIED_INPUT, {
            "rung": "modified",
            "argument": names[changed],
        }
    value = outcome.value
    if outcome.type_name != _ARRAY or value is None:
        # The values of an array of objects or text are not sent, but it is an array.
        unsent = outcome.type_name == _ARRAY and outcome.dtype is not None
        return Verdict.WRONG_TYPE, {"rung": "dtype" if unsent else "type"}
    if value.shape != expected.shape:
        region = None
        if value.dtype.kind in _REAL:
            region = shape_region(value, expected, tolerance)
        return Verdict.WRONG_SHAPE, {"rung": "shape", "region": region}
    if value.dtype.kind not in _REAL:
        return Verdict.WRONG_TYPE, {"rung": "dtype"}
    return _compare_values(value, expected, tolerance)


def _changed_argument(trial: Trial, outcome: Outcome) -> int | None:
    """Return the index of the first argument that the call changed; None where it changed none.

    Arguments are compared bit for bit, so that NaN equals itself. A changed shape or dtype is a
    change too.
    """
    if outcome.args_after is None:
        return None
    pairs = zip(trial.args, outcome.args_after, strict=False)
    for index, (before, after) in enumerate(pairs):
        same_form = before.shape == after.shape and before.dtype == after.dtype
        if not same_form or before.tobytes() != after.tobytes():
            return index
    return None


def _compare_values(
    actual: Array, expected: Array, tolerance: Tolerance
) -> tuple[Verdict, Facts]:
    if (
        actual.dtype == expected.dtype
        and actual.tobytes() == expected.tobytes()
    ):
        # Most right results end here. Bit for bit, NaN equals itself too.
        return Verdict.PASSED, {}
    agreeing = agree(actual, expected, tolerance)
    if agreeing.all():
        return Verdict.PASSED, {}
    with np.errstate(all="ignore"):
        left = actual.astype(np.float64)
        right = expected.astype(np.float64)
        errors = np.abs(left - right)
    rung, wrong = _first_difference(left, right, ~agreeing)
    finite = errors[np.isfinite(errors)]
    return Verdict.WRONG_VALUES, {
        "rung": rung,
        "differing": int(np.count_nonzero(wrong)),
        "region": region_of(wrong),
        "first": tuple(int(index) for index in np.argwhere(wrong)[0]),
        "max_error": float(finite.max()) if finite.size else None,
    }


def _first_difference(
    left: Array, right: Array, wrong: Array
) -> tuple[Rung, Array]:
    """Return the rung that failed, and the positions that failed on it."""
    nan = np.isnan(left) != np.isnan(right)
    if nan.any():
        return "nan", nan
    inf = np.isinf(left) != np.isinf(right)
    if inf.any():
        return "inf", inf
    return "values", wrong
