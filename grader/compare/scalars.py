"""What is wrong with one number or one text."""

import cmath
import itertools
from typing import Any, Final

import numpy as np

from grader.compare.rules import Facts, Strictness
from grader.model import Rung, Tolerance, Verdict

_ONE: Final[Facts] = {"differing": 1, "first": ()}


def compare_numbers(
    actual: Any,  # noqa: ANN401 - bool, int, float or complex
    expected: Any,  # noqa: ANN401 - as above
    rules: Strictness,
) -> tuple[Verdict, Facts]:
    """Compare two Python numbers as `agreement.agree` does: `PASSED` where they agree."""
    if rules.complex and type(actual) is complex and actual.imag == 0:
        actual = actual.real
    if not _fits(actual, expected, rules):
        return Verdict.WRONG_TYPE, {"rung": "dtype"}
    if same_number(actual, expected, rules.tolerance):
        return Verdict.PASSED, {}
    rung: Rung = "values"
    if _isnan(actual) != _isnan(expected):
        rung = "nan"
    elif _isinf(actual) != _isinf(expected):
        rung = "inf"
    error = _distance(actual, expected)
    return Verdict.WRONG_VALUES, {
        **_ONE,
        "rung": rung,
        "max_error": error if cmath.isfinite(error) else None,
    }


def _fits(
    actual: object,
    expected: object,
    rules: Strictness,
) -> bool:
    """Return whether a number of this type may stand where one of another is expected."""
    given, wanted = type(actual), type(expected)
    if not rules.booleans and bool in (given, wanted) and given is not wanted:
        return False
    if wanted is complex:
        return True
    if rules.whole and wanted in (int, bool):
        return given in (int, bool)
    return given is not complex


def same_number(
    actual: Any,  # noqa: ANN401 - bool, int, float or complex
    expected: Any,  # noqa: ANN401 - as above
    tolerance: Tolerance,
) -> bool:
    """Return whether two Python numbers agree."""
    if actual == expected:
        return True
    if isinstance(actual, int) and isinstance(expected, int):
        return tolerance.atol >= 1 and abs(actual - expected) <= tolerance.atol
    if isinstance(actual, complex) or isinstance(expected, complex):
        return _same_complex(complex(actual), complex(expected), tolerance)
    if _isnan(actual) or _isnan(expected):
        return _isnan(actual) and _isnan(expected)
    if _isinf(actual) or _isinf(expected):
        return False
    allowed = tolerance.atol + tolerance.rtol * _distance(expected, 0)
    return _distance(actual, expected) <= allowed


def _same_complex(
    actual: complex, expected: complex, tolerance: Tolerance
) -> bool:
    if cmath.isfinite(actual) and cmath.isfinite(expected):
        allowed = tolerance.atol + tolerance.rtol * _distance(expected, 0)
        return _distance(actual, expected) <= allowed
    return same_number(actual.real, expected.real, tolerance) and same_number(
        actual.imag, expected.imag, tolerance
    )


def _distance(left: Any, right: Any) -> float:  # noqa: ANN401 - numbers
    try:
        return float(abs(left - right))
    except OverflowError:
        return float("inf")  # whole numbers may be larger than any float


def _isnan(number: Any) -> bool:  # noqa: ANN401 - a number
    return bool(number != number)  # noqa: PLR0124 - only NaN is


def _isinf(number: Any) -> bool:  # noqa: ANN401 - a number
    return not isinstance(number, int) and cmath.isinf(number)


def compare_texts(actual: Any, expected: Any) -> tuple[Verdict, Facts]:  # noqa: ANN401 - values
    """Compare two texts, or two `bytes`; the first differing place is counted in characters."""
    if actual == expected:
        return Verdict.PASSED, {}
    pairs = zip(actual, expected, strict=False)
    same = sum(
        1 for _ in itertools.takewhile(lambda two: two[0] == two[1], pairs)
    )
    return Verdict.WRONG_VALUES, {"rung": "values", "first": (same,)}


def python_number(value: Any) -> Any:  # noqa: ANN401 - any number
    """Return the Python number that a number in any of its forms is."""
    if isinstance(value, np.ndarray | np.generic):
        return value.item()
    return value
