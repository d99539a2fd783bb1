"""When two results are the same mistake: values of any kind, whatever form they have."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from grader.compare import numbers_of
from grader.diagnose.sampling import tolerance_of
from grader.model import Array, Unsent, Value

Alike = Callable[[Value, Value], bool]

_COMPLEX: Final = "c"
_CANCELLED: Final = 1e-9
"""What may be left of numbers that cancel, where another way to compute gives 0."""


def alike(given: Value, wrong: Value) -> bool:
    """Return whether what a student gave is what a wrong answer gives.

    NaN equals NaN. A list, an array and a number of the same numbers are alike. What cannot be sent
    is alike by its type.
    """
    numbers, others = numbers_of(given), numbers_of(wrong)
    if numbers is not None or others is not None:
        if numbers is None or others is None:
            return False
        return alike_numbers(numbers, others)
    if isinstance(given, list | tuple):
        return type(given) is type(wrong) and _all_alike(given, wrong)
    if isinstance(given, dict):
        return isinstance(wrong, dict) and _same_items(given, wrong)
    if isinstance(given, Unsent):
        return isinstance(wrong, Unsent) and given.type_name == wrong.type_name
    return type(given) is type(wrong) and bool(given == wrong)


def _all_alike(given: Any, wrong: Any) -> bool:  # noqa: ANN401 - lists or tuples
    return len(given) == len(wrong) and all(map(alike, given, wrong))


def _same_items(given: dict[Any, Value], wrong: dict[Any, Value]) -> bool:
    if given.keys() != wrong.keys():
        return False
    return all(alike(given[key], wrong[key]) for key in given)


def alike_numbers(given: Array, wrong: Array) -> bool:
    """Return whether two arrays have the same shape, and numbers that are as good as the same."""
    if given.shape != wrong.shape:
        return False
    with np.errstate(all="ignore"):
        left, right = _plain(given), _plain(wrong)
        if _COMPLEX in (left.dtype.kind, right.dtype.kind):
            return bool(np.allclose(left, right, equal_nan=True))
        finite = np.isfinite(left) & np.isfinite(right)
        same = (left == right) | (np.isnan(left) & np.isnan(right))
        allowed = tolerance_of(left.ravel()) + _CANCELLED
        near = np.abs(left - right) <= allowed
        return bool(np.where(finite, near, same).all())


def _plain(array: Array) -> Array:
    is_complex = array.dtype.kind == _COMPLEX
    return array.astype(np.complex128 if is_complex else np.float64)
