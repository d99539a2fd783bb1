"""Known wrong answers to `dropout(x, p, rng)`.

Results are random, so each mistake is proved by what all of its results have in common.
"""

# ruff: noqa: ARG001 - a generator that is not used is one of the mistakes

# ruff: noqa: NPY002 - and so is the old random state

import numpy as np


def not_scaled(x, p, rng):
    """What is the sum of many equal values before your dropout, and what is it after it, on
    average?

    The values that are kept are what they were. They have to be divided by 1 - p, so that the mean
    of each value stays the same although some are lost.
    """
    return np.where(rng.random(x.shape) < p, 0.0, x)


def keep_probability(x, p, rng):
    """Your comparison with random numbers gives true or false for each value: which of the two
    comes with probability p, and what happens to that value?

    You take p for the probability to keep a value. It is the probability to lose one: the larger p
    is, the more values become 0, and with p = 0 none does.
    """
    return np.where(rng.random(x.shape) < p, x / p if p else 0.0, 0.0)


def keep_probability__right_scale(x, p, rng):
    """Keep with probability p, and divide by 1 - p."""
    return np.where(rng.random(x.shape) < p, x / (1 - p), 0.0)


def keep_probability__and__not_scaled(x, p, rng):
    """Keep with probability p, and divide by nothing."""
    return np.where(rng.random(x.shape) < p, x, 0.0)


def same_mask(x, p, rng):
    """Where do your random numbers come from: do you make a generator of your own, or call
    np.random?

    Your random numbers do not come from the generator that you are given: with generators in the
    same state you lose different values, or with different ones the same.

    Whoever calls your function decides by rng what is drawn, so that an experiment can be repeated.
    """
    return np.where(np.random.rand(*x.shape) < p, 0.0, x / (1 - p))


def same_mask__seeded(x, p, rng):
    """Make a generator with a seed."""
    own = np.random.default_rng(0)
    return np.where(own.random(x.shape) < p, 0.0, x / (1 - p))


def modifies_input(x, p, rng):
    """Which line of yours writes into x?

    What you write into x, the caller sees, who still needs it for the next step of the training.

    x *= ..., x /= ... and x[mask] = 0 write into the array of the caller: make a new one.
    """
    x *= rng.random(x.shape) >= p
    x /= 1 - p
    return x


def divides_by_p(x, p, rng):
    """With which probability is a value kept, and what do you divide by?

    The values that are kept are divided by p. They are kept with probability 1 - p, and that is
    what they have to be divided by.
    """
    return np.where(rng.random(x.shape) < p, 0.0, x / p if p else x)


def multiplies(x, p, rng):
    """Do the values that are kept become larger or smaller in your code? Which of the two keeps the
    mean?

    The values that are kept are multiplied by 1 - p, which makes them smaller. Some values are
    lost, so those that are kept have to grow for the mean to stay: divide.
    """
    return np.where(rng.random(x.shape) < p, 0.0, x * (1 - p))


def whole_rows(x, p, rng):
    """How many random numbers do you draw, and how many values has x?

    Values are lost together: whole rows or columns of your result are 0, or everything is.

    Each value is lost or kept on its own.
    """
    return np.where(
        rng.random((len(x), *[1] * (x.ndim - 1))) < p, 0.0, x / (1 - p)
    )


# ---- What the results of one mistake have in common

_LARGE = 1000


def _is_kind(answer, x, values, probability):
    """Whether each value is 0 or one of `values`, and about as many are 0 as `probability` says."""
    if not isinstance(answer, np.ndarray) or answer.shape != x.shape:
        return False
    if answer.dtype.kind not in "fiu":
        return False
    lost = (answer == 0) | np.isnan(answer)
    if not np.allclose(answer[~lost], np.broadcast_to(values, x.shape)[~lost]):
        return False
    if x.size < _LARGE and 0 < probability < 1:
        return True
    bound = 8 * np.sqrt(x.size * probability * (1 - probability))
    return abs(lost.sum() - x.size * probability) <= bound


def _over(x, p):
    """Divide by p; where that is 0, nothing is kept and it does not matter."""
    return x / p if p else x


def _is_not_scaled(answer, x, p):
    return _is_kind(answer, x, x, p)


def _is_keep_probability(answer, x, p, raised):
    """Whether it is divided by p; by the number 0, this raises."""
    if raised is not None:
        return p == 0 and raised == "ZeroDivisionError"
    return _is_kind(answer, x, _over(x, p), 1 - p)


def _is_keep_probability_scaled(answer, x, p):
    return _is_kind(answer, x, x / (1 - p), 1 - p)


def _is_keep_probability_alone(answer, x, p):
    return _is_kind(answer, x, x, 1 - p)


def _is_divided_by_p(answer, x, p):
    return p > 0 and _is_kind(answer, x, x / p, p)


def _is_multiplied(answer, x, p):
    return _is_kind(answer, x, x * (1 - p), p)


def _is_same_mask(answer, case, expected):
    """Whether three results are each what it could be, and lost what they should not have."""
    if case != "generator" or not isinstance(answer, tuple):
        return False
    if [np.shape(each) for each in answer] != [each.shape for each in expected]:
        return False
    first, again, other = (np.asarray(each) == 0 for each in answer)
    return bool((first != again).any() or (first == other).all())


def _is_whole_rows(answer, x, p, case):
    """Whether the values are right, and lines along an axis are lost together, or all are."""
    if case == "generator" and isinstance(answer, tuple):
        found = [_is_in_lines(each, x, p) for each in answer]
    else:
        found = [x.size >= _LARGE and _is_in_lines(answer, x, p)]
    return None if found == [None] * len(found) else False not in found


def _is_in_lines(answer, x, p):
    """Whether whole lines are lost; None where nothing is lost, which shows neither."""
    if not _is_valued(answer, x, p):
        return False
    lost = answer == 0
    if not lost.any():
        return None
    counts = [(lost.sum(axis=axis), lost.shape[axis]) for axis in range(x.ndim)]
    return any(np.isin(count, (0, length)).all() for count, length in counts)


def _is_valued(answer, x, p):
    if not isinstance(answer, np.ndarray) or answer.shape != x.shape:
        return False
    if answer.dtype.kind not in "fiu":
        return False
    kept = answer != 0
    return np.allclose(answer[kept], (x / (1 - p))[kept])


def returns_none(x, p, rng):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    np.where(rng.random(x.shape) < p, 0.0, x / (1 - p))


def returns_list(x, p, rng):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list; or fill an array from the start.
    """
    return np.where(rng.random(x.shape) < p, 0.0, x / (1 - p)).tolist()


WHOLE = {
    not_scaled: _is_not_scaled,
    keep_probability: _is_keep_probability,
    keep_probability__right_scale: _is_keep_probability_scaled,
    keep_probability__and__not_scaled: _is_keep_probability_alone,
    same_mask: _is_same_mask,
    same_mask__seeded: _is_same_mask,
    modifies_input: "changed an argument",
    divides_by_p: _is_divided_by_p,
    multiplies: _is_multiplied,
    whole_rows: _is_whole_rows,
    returns_none: "returned None",
    returns_list: "returned a list",
}
