"""The hidden cases. Their numbers are drawn anew for each submission.

Logits are multiples of 1/4, also near 1000, so that their differences are exact in float32 too. In
a row they are all different and within 4 of each other, so that every probability is well away from
0.
"""

# ruff: noqa: D415 - a docstring is a title

import numpy as np


def several_shapes(student, rng):
    """Several images and classes"""
    for n, k in ((3, 4), (6, 3), (4, 4)):
        yield student.softmax(logits(rng, n, k))


def negative(student, rng):
    """Negative logits"""
    for n, k in ((4, 5), (5, 2)):
        yield student.softmax(logits(rng, n, k, near=-6.0))


def equal_logits(student, rng):
    """Equal logits in a row"""
    yield student.softmax(
        np.repeat(
            rng.permutation(np.arange(-9.0, 9.25, 0.25))[:3, None], 5, axis=1
        )
    )
    yield student.softmax(np.zeros((2, 3)))


def one_row_or_column(student, rng):
    """A single row, a single column"""
    yield student.softmax(logits(rng, 1, 6))
    yield student.softmax(logits(rng, 5, 1, near=2.5))


def large_logits(student, rng):
    """Logits near 1000, 0 and -1000 in one array"""
    yield student.softmax(
        np.vstack([logits(rng, 1, 4, near) for near in (1000.0, 0.0, -1000.0)])
    )
    yield student.softmax(
        np.vstack([logits(rng, 2, 3, near) for near in (990.0, -990.0, 2.0)])
    )
    yield student.softmax(
        logits(rng, 3, 5) + np.array([[1000.0, 1000.0, 0.0, 0.0, -1000.0]])
    )


def logits(rng, n, k, near=0.0):
    """Return n rows of k different logits within 2 of a number."""
    return near + np.array(
        [rng.permutation(np.arange(-2.0, 2.25, 0.25))[:k] for _ in range(n)]
    )
