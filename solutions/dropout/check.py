"""When a result of dropout is right: it is random, so what it must be is a matter of bounds.

A share that is 8 standard deviations away has a probability below 1e-14. Whether each value is lost
on its own is seen in the lines along an axis: how many values each of them has lost varies as much
as for independent values, up to a factor of 3. Where whole lines are lost, it is the length of the
line, at least 12. That independent values reach 3 has a probability below 1e-14 for the smallest
number of lines, 75.
"""

import numpy as np

_LARGE = 1000
"""From so many values on, shares are counted."""
_DEVIATIONS = 8
_KINDS = {type(None): "None", list: "a list", tuple: "a tuple"}
_VARIATION = 3


def dropout(answer, x, p):
    """Take any result that dropping each value with probability p can have."""
    fault = _form(answer, x.shape) or _wrong_value(answer, x, p)
    if fault or x.size < _LARGE:
        return fault
    return _wrong_share(answer == 0, p) or _lines(answer == 0, p)


def generator(answer, expected):
    """Take three results of which the first two have lost the same values, and the third others."""
    if not isinstance(answer, tuple) or len(answer) != len(expected):
        return "There is no result for each of the three calls."
    for result, right in zip(answer, expected, strict=True):
        fault = _form(result, right.shape)
        if fault:
            return fault
    first, again, other = (result == 0 for result in answer)
    if (first != again).any():
        return (
            "Two calls with generators in the same state lose different "
            "values: not all random numbers come from rng."
        )
    if (first == other).all():
        return (
            "Two calls with different generators lose the same values: the "
            "random numbers do not come from rng."
        )
    return None


def _form(answer, shape):
    if not isinstance(answer, np.ndarray):
        kind = _KINDS.get(type(answer), "something else")
        return f"Your function returns {kind}; one NumPy array is asked for."
    if answer.dtype.kind not in "fiu":
        return (
            f"Your result is an array of {answer.dtype}; floats are asked for."
        )
    if answer.shape != shape:
        return f"Your result has the shape {answer.shape}; x has {shape}."
    return None


def _wrong_value(answer, x, p):
    kept = x / (1 - p)
    right = (answer == 0) | np.isclose(answer, kept, rtol=1e-5, atol=1e-6)
    if p == 0:
        right &= answer != 0
    if right.all():
        return None
    place = tuple(np.argwhere(~right)[0].tolist())
    if p == 0:
        meant = f"it stays {x[place]:g}"
    else:
        meant = f"it becomes 0 or {x[place]:g} / {1 - p:.4g} = {kept[place]:g}"
    return (
        f"Where x has {x[place]:g}, your result has {answer[place] + 0.0:g}; "
        f"with p = {p:g}, {meant}."
    )


def _wrong_share(lost, p):
    mean = lost.size * p
    bound = _DEVIATIONS * np.sqrt(mean * (1 - p))
    if abs(lost.sum() - mean) <= bound:
        return None
    return (
        f"Of {lost.size} values, {lost.sum()} are 0; with p = {p:g} it should "
        f"be about {mean:.0f}."
    )


def _lines(lost, p):
    """Say whether whole lines along some axis are lost or kept together."""
    if lost.ndim == 1:
        return None
    for axis, length in enumerate(lost.shape):
        counts = lost.sum(axis=axis)
        variation = np.mean((counts - length * p) ** 2) / (length * p * (1 - p))
        if variation > _VARIATION:
            return (
                "The values are not lost each on its own: some rows or "
                "columns have lost far more of them than others."
            )
    return None
