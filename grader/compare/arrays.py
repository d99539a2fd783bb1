"""What is wrong with an array: its shape, its dtype, NaN, inf, or the values and where they are."""

from typing import Any, Final

import numpy as np

from grader.compare.agreement import agree
from grader.compare.forms import NUMERIC
from grader.compare.regions import region_of, shape_region
from grader.compare.rules import Facts, Strictness
from grader.model import Array, Rung, Verdict

_REAL: Final = "fiu"


def compare_arrays(
    actual: Array, expected: Array, rules: Strictness
) -> tuple[Verdict, Facts]:
    """Climb from the shape to the values; `PASSED` where nothing is wrong.

    `expected` holds numbers. `actual` is an array of any dtype.
    """
    if rules.complex:
        actual = _without_imaginary(actual)
    if actual.shape != expected.shape:
        region = None
        if actual.dtype.kind in _REAL and expected.dtype.kind in _REAL:
            region = shape_region(actual, expected, rules.tolerance)
        return Verdict.WRONG_SHAPE, {"rung": "shape", "region": region}
    if not fits(actual.dtype, expected.dtype, rules):
        return Verdict.WRONG_TYPE, {"rung": "dtype"}
    return _compare_values(actual, expected, rules)


def fits(
    actual: np.dtype[Any], expected: np.dtype[Any], rules: Strictness
) -> bool:
    """Return whether numbers of this dtype may stand where those of another are expected."""
    given: str = actual.kind
    wanted: str = expected.kind
    if rules.booleans:
        # A truth value counts as the whole number that it is.
        given, wanted = given.replace("b", "i"), wanted.replace("b", "i")
    if wanted == "b" or given == "b":
        return given == wanted
    if wanted == "c":
        return given in NUMERIC
    if rules.whole and wanted in "iu":
        return given in "iu"
    return given in _REAL


def _without_imaginary(array: Array) -> Array:
    """Return the real part of complex numbers, if that is all that they are."""
    if array.dtype.kind != "c" or array.imag.any():
        return array
    return np.ascontiguousarray(array.real)


def _compare_values(
    actual: Array, expected: Array, rules: Strictness
) -> tuple[Verdict, Facts]:
    if (
        actual.dtype == expected.dtype
        and actual.tobytes() == expected.tobytes()
    ):
        # Most right results end here. Bit for bit, NaN equals itself too.
        return Verdict.PASSED, {}
    agreeing = agree(actual, expected, rules.tolerance)
    if agreeing.all():
        return Verdict.PASSED, {}
    with np.errstate(all="ignore"):
        left, right = _as_floats(actual), _as_floats(expected)
        errors = np.abs(left - right)
    rung: Rung = "values"
    wrong = ~agreeing
    finite = np.isfinite(errors)
    if not finite.all():  # else no number is NaN or inf
        rung, wrong = _first_difference(left, right, wrong)
        # Between inf and -inf there is no error to tell, and that of the values beside is none.
        errors = errors[finite & wrong if rung == "values" else finite]
    first = np.unravel_index(int(wrong.argmax()), wrong.shape)
    return Verdict.WRONG_VALUES, {
        "rung": rung,
        "differing": int(np.count_nonzero(wrong)),
        "region": region_of(wrong),
        "first": tuple(map(int, first)),
        "max_error": float(errors.max()) if errors.size else None,
    }


def _as_floats(array: Array) -> Array:
    kind = np.complex128 if array.dtype.kind == "c" else np.float64
    return array.astype(kind, copy=False)


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
