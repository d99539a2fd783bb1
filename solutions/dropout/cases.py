"""The hidden cases: values, shares, independence, the generator, and p = 0.

Results are random, so check.py judges them. No value of x is 0, so what is 0 in a result was lost.
No p is 0.5, where losing and keeping are the same.
"""

import numpy as np


def values(student, rng):
    """Each value is 0, or divided by 1 - p."""
    for shape, p in (
        ((12,), 0.2),
        ((4, 5), 0.4),
        ((2, 3, 4), 0.75),
        ((1, 9), 0.9),
    ):
        yield student.dropout(_numbers(rng, *shape), p, _generator(rng))


def share(student, rng):
    """With probability p a value is lost: large arrays of one axis."""
    for p in (0.2, 0.7, 0.35):
        yield student.dropout(_numbers(rng, 6000), p, _generator(rng))


def independence(student, rng):
    """Each value is lost on its own: large arrays of two and three axes."""
    for shape, p in (((75, 80), 0.3), ((80, 75), 0.8), ((20, 12, 25), 0.4)):
        yield student.dropout(_numbers(rng, *shape), p, _generator(rng))


def generator(student, rng):
    """The same generator gives the same result, and another one another."""
    for shape, p in (((400,), 0.3), ((20, 25), 0.6)):
        x = _numbers(rng, *shape)
        seed, other = rng.permutation(1_000_000)[:2].tolist()
        yield (
            student.dropout(x, p, np.random.default_rng(seed)),
            student.dropout(x, p, np.random.default_rng(seed)),
            student.dropout(x, p, np.random.default_rng(other)),
        )


def nothing_lost(student, rng):
    """With p = 0 nothing changes."""
    for shape in ((8,), (5, 6)):
        yield student.dropout(_numbers(rng, *shape), 0.0, _generator(rng))


def _generator(rng):
    return np.random.default_rng(int(rng.integers(2**32)))


def _numbers(rng, *shape):
    """Draw multiples of 1/4 between 1/2 and 4, of both signs."""
    return rng.integers(2, 17, shape) * rng.choice((-0.25, 0.25), shape)
