"""Questions about values of any kind, and how one is quoted."""

from collections.abc import Iterator

import numpy as np

from grader.model import Unsent, Value

_LONGEST = 80


def leaves(value: Value) -> Iterator[Value]:
    """Yield the parts of a value that have no parts."""
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def unsent_in(value: Value) -> str | None:
    """Return the type of something in a value that cannot be sent, such as `a set`."""
    for leaf in leaves(value):
        if isinstance(leaf, Unsent):
            return f"a {leaf.type_name}"
        if isinstance(leaf, np.ndarray) and leaf.dtype.kind not in "biufc":
            return f"an array of {leaf.dtype}"
    return None


def is_finite(value: Value) -> bool:
    """Return whether all numbers in a value are finite."""
    numbers = [
        leaf
        for leaf in leaves(value)
        if isinstance(leaf, float | complex | np.number | np.ndarray)
    ]
    return all(bool(np.isfinite(number).all()) for number in numbers)


def same_values(one: Value, other: Value) -> bool:
    """Return whether two values are the same, NaN equal to NaN."""
    pairs = zip(leaves(one), leaves(other), strict=False)
    if len(list(leaves(one))) != len(list(leaves(other))):
        return False
    return all(_same_leaf(left, right) for left, right in pairs)


def _same_leaf(left: Value, right: Value) -> bool:
    if isinstance(left, np.ndarray | np.number | float | complex):
        return np.shape(left) == np.shape(right) and np.array_equal(
            left, right, equal_nan=True
        )
    return bool(left == right)


def short(value: Value) -> str:
    """Return a value as one line that quotes its beginning."""
    text = (
        value.tolist() if isinstance(value, np.ndarray | np.generic) else value
    )
    shown = " ".join(repr(text).split())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
