"""What every right result has in common. It is looked at where no known mistake explains a
result.
"""

import numpy as np

_SMALL = 1e-6


def rows_sum_to_one(answer, logits):
    """What do you divide by: is it the sum of the same row, in the same shape?

    The rows of your result do not add up to 1. Each row of a softmax is a set of probabilities.
    """
    rows = _array(answer)
    if rows is None or rows.shape != logits.shape:
        return True  # there is more to say than this
    with np.errstate(all="ignore"):
        return bool(np.allclose(rows.sum(axis=1), 1, atol=1e-4))


def larger_stays_larger(answer, logits):
    """Follow the largest logit of a row on paper: where does its value go?

    The order of your values is not that of the logits. In each row, a larger logit has to give a
    larger probability.
    """
    rows = _array(answer)
    if rows is None or rows.shape != logits.shape:
        return True
    ordered = np.take_along_axis(rows, np.argsort(logits, axis=1), axis=1)
    with np.errstate(all="ignore"):
        return bool((ordered[:, 1:] - ordered[:, :-1] >= -_SMALL).all())


def _array(value):
    """Return real numbers as an array of floats; None for all else."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array.astype(float) if array.dtype.kind in "biuf" else None
