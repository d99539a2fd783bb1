"""When two numbers agree."""

from typing import Final

import numpy as np

from grader.model import Array, Tolerance

_WHOLE: Final = "iu"


def agree(
    actual: Array,
    expected: Array,
    tolerance: Tolerance,
) -> Array:
    """Return a boolean array: true where the two values agree.

    Both arrays hold numbers and have the same shape. Two numbers agree when
    |actual - expected| <= atol + rtol * |expected|. NaN agrees only with NaN, and an infinity only
    with itself. Integers are compared by value; two of them have no rounding errors, so rtol does
    not count between them.
    """
    kinds = actual.dtype.kind + expected.dtype.kind
    if "c" in kinds:
        return _agree_complex(actual, expected, tolerance)
    with np.errstate(all="ignore"):
        left = actual.astype(np.float64, copy=False)
        right = expected.astype(np.float64, copy=False)
        if kinds[0] in _WHOLE and kinds[1] in _WHOLE:
            equal: Array = np.equal(actual, expected)
            if tolerance.atol < 1:
                return equal
            return equal | (np.abs(left - right) <= tolerance.atol)
        allowed = tolerance.atol + tolerance.rtol * np.abs(right)
        near = np.abs(left - right) <= allowed
        if near.all() and np.isfinite(right).all():
            return near
        # `near` alone would let any number agree with an expected infinity, since inf <= inf.
        finite = np.isfinite(left) & np.isfinite(right)
        same = (left == right) | (np.isnan(left) & np.isnan(right))
        agreeing: Array = np.where(finite, near, same)
        return agreeing


def _agree_complex(
    actual: Array, expected: Array, tolerance: Tolerance
) -> Array:
    """Let complex numbers agree by their distance; of those not finite, each part by itself."""
    with np.errstate(all="ignore"):
        left = actual.astype(np.complex128, copy=False)
        right = expected.astype(np.complex128, copy=False)
        near = np.abs(left - right) <= (
            tolerance.atol + tolerance.rtol * np.abs(right)
        )
        finite = np.isfinite(left) & np.isfinite(right)
        real = agree(left.real, right.real, tolerance)
        imaginary = agree(left.imag, right.imag, tolerance)
        agreeing: Array = np.where(finite, near, real & imaginary)
        return agreeing
