"""The hidden cases. Their numbers are drawn anew for each submission.

All numbers of a column are different multiples of 1/4, and its mean is small beside its spread, so
that float32 is precise enough.
"""

# ruff: noqa: D415 - a docstring is a title

import numpy as np


def more_rows(student, rng):
    """More rows than columns"""
    for n, d in ((7, 3), (10, 2), (4, 3)):
        yield student.standardize(table(rng, n, d))


def more_columns(student, rng):
    """More columns than rows"""
    for n, d in ((3, 5), (4, 7)):
        yield student.standardize(table(rng, n, d))


def square(student, rng):
    """As many rows as columns"""
    for n in (4, 5):
        yield student.standardize(table(rng, n, n))


def different_scales(student, rng):
    """Columns of different scales"""
    for n, scales in ((6, [0.25, 1.0, 32.0]), (5, [16.0, 0.5])):
        yield student.standardize(table(rng, n, len(scales)) * scales)


def one_column(student, rng):
    """A single column"""
    for n in (5, 8):
        yield student.standardize(table(rng, n, 1))


def two_rows(student, rng):
    """Two rows only"""
    for d in (3, 2):
        yield student.standardize(table(rng, 2, d))


def table(rng, n, d):
    """Return a table of floats; each column has different numbers and a middle of its own."""
    numbers = np.arange(-6.0, 6.25, 0.25)
    columns = [
        rng.permutation(numbers)[:n] + rng.choice([-8.0, -5.0, 3.0, 6.0])
        for _ in range(d)
    ]
    return np.array(columns).T.copy()
