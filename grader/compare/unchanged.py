"""Whether a call left its arguments as they were: to the last bit, so that NaN equals itself."""

from collections.abc import Iterable, Sequence

import numpy as np

from grader.model import Array, Random, Value


def changed_argument(
    before: Sequence[Value], after: Sequence[Value] | None
) -> int | None:
    """Return the index of the first argument that a call changed; None where it changed none.

    A changed shape, dtype or type is a change too. To draw from a random generator is not: that is
    what it is for.
    """
    if after is None:
        return None
    for index, (was, now) in enumerate(zip(before, after, strict=False)):
        if not same(was, now):
            return index
    return None


def same(was: Value, now: Value) -> bool:
    """Return whether two values are the same to the last bit."""
    if isinstance(was, np.ndarray | np.generic):
        return _same_numbers(was, now)
    if isinstance(was, Random):
        return True
    if type(was) is not type(now):
        return False
    if isinstance(was, list | tuple | dict):
        pairs = zip(_items(was), _items(now), strict=False)
        return len(was) == len(now) and all(same(*pair) for pair in pairs)
    # Written out, NaN equals itself, and 0.0 is not -0.0.
    is_float = isinstance(was, float | complex)
    return repr(was) == repr(now) if is_float else bool(was == now)


def _items(value: Value) -> Iterable[Value]:
    return value.items() if isinstance(value, dict) else value


def _same_numbers(was: Array | np.generic, now: Value) -> bool:
    if not isinstance(now, np.ndarray | np.generic):
        return False
    if isinstance(was, np.ndarray) != isinstance(now, np.ndarray):
        return False
    same_form = was.shape == now.shape and was.dtype == now.dtype
    return same_form and was.tobytes() == now.tobytes()
