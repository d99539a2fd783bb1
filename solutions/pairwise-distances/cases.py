"""The hidden cases: how many points, and of how many numbers.

The numbers of points differ everywhere, but in one trial of each row: there a wrong table may have
the right shape.
"""

import numpy as np


def in_the_plane(student, rng):
    """A few points in the plane."""
    for n, m in ((4, 3), (2, 5), (4, 4)):
        yield student.distances(_points(rng, n, 2), _points(rng, m, 2))


def other_numbers(student, rng):
    """Points of one number, of three, and of many."""
    for n, m, d in ((5, 4, 1), (3, 6, 3), (5, 5, 8), (7, 4, 20)):
        yield student.distances(_points(rng, n, d), _points(rng, m, d))


def single_points(student, rng):
    """A single point in a, in b, or in both."""
    for n, m, d in ((1, 6, 2), (5, 1, 3), (1, 1, 4)):
        yield student.distances(_points(rng, n, d), _points(rng, m, d))


def points_in_both(student, rng):
    """Points that are in both arrays: their distance is 0."""
    # So many that rounding makes some of their squares negative, where one multiplies out.
    for n, m, common in ((60, 50, 40), (40, 40, 40)):
        a = rng.normal(size=(n, 5))
        a *= rng.uniform(60, 99, (n, 1)) / np.linalg.norm(a, axis=1)[:, None]
        others = _points(rng, m - common, 5)
        b = rng.permutation(np.concatenate((a[:common], others)))
        yield student.distances(a, b)


def many_points(student, rng):
    """Some hundred points."""
    # The reference takes about a millisecond, and the grader grants 50 at least: a Python function
    # for each pair takes longer, and whatever NumPy does at once a small part of it.
    for n, m, d in ((200, 150, 4), (120, 200, 6)):
        yield student.distances(_points(rng, n, d), _points(rng, m, d))


def _points(rng, n, d):
    """Draw points with two decimals, within 100 of the origin."""
    return np.round(rng.uniform(-60, 60, (n, d)) / np.sqrt(max(d / 2, 1)), 2)
