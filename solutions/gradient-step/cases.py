"""The hidden cases. Their numbers are drawn anew for each submission.

The errors are drawn, and y follows from them: they are not 0, and neither are their sum and the
gradients, so that every mistake shows.
"""

# ruff: noqa: D415 - a docstring is a title

import numpy as np


def one_feature(student, rng):
    """One feature"""
    for n in (5, 8):
        yield step(student, rng, n, 1)


def several_features(student, rng):
    """Several features"""
    for n, d in ((6, 3), (4, 2), (5, 5)):
        yield step(student, rng, n, d)


def more_features(student, rng):
    """More features than examples, and a single example"""
    yield step(student, rng, 3, 6)
    yield step(student, rng, 1, 3)


def start_at_zero(student, rng):
    """A start at zero"""
    for n, d in ((7, 2), (4, 3)):
        yield step(student, rng, n, d, w=np.zeros(d), b=0.0)


def fits_already(student, rng):
    """A model that fits already: nothing changes. And one that is far off"""
    yield step(student, rng, 5, 2, size=0.0)
    yield step(student, rng, 5, 2, size=20.0)


def rates(student, rng):
    """Small and large rates"""
    for rate in (0.001, 0.5, 2.0):
        yield step(student, rng, 6, 3, rate=rate, size=4.0)


def step(student, rng, n, d, *, w=None, b=None, rate=None, size=1.0):
    """Record a call with errors between `size` and `3 * size`, of which most have the same sign."""
    x = rng.choice([-1.0, 1.0], (n, d)) * rng.integers(2, 13, (n, d)) / 4
    if w is None:
        w = rng.choice([-1.0, 1.0], d) * rng.integers(2, 13, d) / 4
    if b is None:
        b = float(rng.choice([-1.0, 1.0]) * rng.integers(4, 13) / 4)
    if rate is None:
        rate = float(rng.choice([0.05, 0.1, 0.2]))
    while True:
        errors = (
            size
            * rng.choice([-1.0, 1.0])
            * rng.permutation(np.append(np.linspace(1, 3, n)[1:], -1.0))
        )
        if n == 1:
            errors = -errors
        gradient = errors @ x
        if size == 0 or (np.abs(gradient) > size / 2).all():
            break
        x = rng.choice([-1.0, 1.0], (n, d)) * rng.integers(2, 13, (n, d)) / 4
    return student.gradient_step(w, b, x, x @ w + b - errors, rate)
