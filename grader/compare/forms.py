"""One value in its several forms: a number, a NumPy scalar and an array of no axes; lists of rows.

Nothing here trusts what came back to be small or regular: what is looked at is bounded by what was
received, and nothing is allocated beyond it.
"""

from typing import Final

import numpy as np

from grader.model import Array, Outcome, Unsent, Value

NUMERIC: Final = "biufc"
"""The kinds of dtype that hold numbers, truth values among them."""

_PLAIN: Final = frozenset({bool, int, float, complex})
_DEEP: Final = 32
"""Lists in lists that can be an array: NumPy has 64 axes at most."""


def result_of(outcome: Outcome) -> Value:
    """Return what a call gave: its value, or an `Unsent` for what no value can be."""
    value, name = outcome.value, outcome.type_name
    if value is None:
        nothing = name is None or name == "NoneType"
        return None if nothing else Unsent(str(name), outcome.dtype)
    return value


def is_number(value: Value) -> bool:
    """Return whether this is one number or truth value, in any of its forms."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in NUMERIC
    return issubclass(kind, np.generic) and value.dtype.kind in NUMERIC


def numbers_of(value: Value) -> Array | None:
    """Return a number, an array, or a regular list of numbers as an array; None for all else."""
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind in NUMERIC else None
    if isinstance(value, list | tuple):
        if not _holds_numbers(value, _DEEP):
            return None
    elif not is_number(value):
        return None
    try:
        array = np.array(value)
    except (ValueError, TypeError, OverflowError):
        return None  # ragged
    return array if array.dtype.kind in NUMERIC else None


def _holds_numbers(items: list[Value] | tuple[Value, ...], deep: int) -> bool:
    """Return whether there is nothing but numbers: an array of text could take any memory."""
    kinds = set(map(type, items))
    if kinds <= _PLAIN:
        return True
    if not deep:
        return False
    for item in items:
        if isinstance(item, list | tuple):
            if not _holds_numbers(item, deep - 1):
                return False
        elif isinstance(item, np.ndarray):
            if item.dtype.kind not in NUMERIC:
                return False
        elif not is_number(item):
            return False
    return True
