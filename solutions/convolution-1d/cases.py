"""The hidden cases. Their numbers are drawn anew for each submission.

The weights of a kernel are all different and none is 0, so that a reversed kernel gives something
else. They are multiples of 1/4, and floats in signals of 1/2: every product and every sum is exact
in float32 too, in any order.
"""

# ruff: noqa: D415 - a docstring is a title

import numpy as np

WEIGHTS = np.setdiff1d(np.arange(-2.5, 3.5, 0.25), [0.0])


def floats(student, rng):
    """A signal and a kernel of floats"""
    for n, k in ((9, 3), (12, 5), (8, 4)):
        yield student.convolve1d(halves(rng, n), fractions(rng, k))


def mixed_numbers(student, rng):
    """A signal of whole numbers, a kernel of fractions"""
    for n, k in ((10, 3), (7, 5), (11, 4)):
        yield student.convolve1d(whole(rng, n), fractions(rng, k))


def whole_numbers(student, rng):
    """Whole numbers in the kernel"""
    for signal, k in ((whole(rng, 9), 3), (halves(rng, 8), 3)):
        kernel = rng.choice(
            np.setdiff1d(np.arange(-5, 7), [0]), k, replace=False
        )
        yield student.convolve1d(signal, kernel)


def even_kernel(student, rng):
    """An even number of weights"""
    yield student.convolve1d(halves(rng, 7), fractions(rng, 2))
    yield student.convolve1d(whole(rng, 10), fractions(rng, 6))


def as_long_as_signal(student, rng):
    """A kernel as long as the signal: one value"""
    for n in (5, 4):
        yield student.convolve1d(halves(rng, n), fractions(rng, n))


def one_weight(student, rng):
    """A kernel of one weight"""
    yield student.convolve1d(halves(rng, 6), fractions(rng, 1))
    yield student.convolve1d(whole(rng, 5), fractions(rng, 1))


def halves(rng, n):
    """Return n floats, multiples of 1/2, of both signs; none is 0."""
    return (rng.integers(1, 100, n) - 0.5 * rng.integers(0, 2, n)) * rng.choice(
        [-1.0, 1.0], n
    )


def whole(rng, n):
    """Return n odd whole numbers of both signs, so that their products with fractions are often
    fractions.
    """
    return 2 * rng.integers(-50, 100, n) + 1


def fractions(rng, k):
    """Return k different weights; the first is no multiple of 1/2."""
    while True:
        kernel = rng.choice(WEIGHTS, k, replace=False)
        if kernel[0] % 0.5:
            return kernel
