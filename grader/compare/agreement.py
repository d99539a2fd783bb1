"""When two numbers agree."""

import numpy as np

from grader.model import Array, Tolerance


def agree(actual: Array, expected: Array, tolerance: Tolerance) -> Array:
    """Return a boolean array: true where the two values agree.

    Both arrays hold real numbers and have the same shape. Two numbers agree when
    |actual - expected| <= atol + rtol * |expected|. NaN agrees only with NaN, and an infinity only
    with itself. Integers are compared by value.
    """
    with np.errstate(all="ignore"):
        left = actual.astype(np.float64, copy=False)
        right = expected.astype(np.float64, copy=False)
        allowed = tolerance.atol + tolerance.rtol * np.abs(right)
        near = np.abs(left - right) <= allowed
        if near.all() and np.isfinite(right).all():
            return near
        # `near` alone would let any number agree with an expected infinity, since inf <= inf.
        finite = np.isfinite(left) & np.isfinite(right)
        same = (left == right) | (np.isnan(left) & np.isnan(right))
        agreeing: Array = np.where(finite, near, same)
        return agreeing
