"""The hidden cases. Their numbers are drawn anew for each submission.

The weights of a kernel are all different and none is 0, so that a turned kernel gives something
else, and no pixel is 0, so that padding differs from pixels. Weights are multiples of 1/4 and float
pixels of 1/2: every product and every sum is exact in float32 too, in any order.
"""

# ruff: noqa: D415 - a docstring is a title

import numpy as np

WEIGHTS = np.setdiff1d(np.arange(-2.5, 3.5, 0.25), [0.0])


def plain(student, rng):
    """Neither stride nor padding"""
    yield student.convolve(floats(rng, 6, 8), kernel(rng, 3, 3))
    yield student.convolve(whole(rng, 6, 5), kernel(rng, 2, 3))


def stride_alone(student, rng):
    """Stride alone"""
    yield student.convolve(floats(rng, 9, 7), kernel(rng, 3, 3), stride=2)
    yield student.convolve(whole(rng, 8, 11), kernel(rng, 2, 2), stride=3)
    yield student.convolve(floats(rng, 6, 8), kernel(rng, 2, 4), 2)


def stride_left_over(student, rng):
    """A stride that does not divide: rows and columns are left over"""
    yield student.convolve(whole(rng, 8, 9), kernel(rng, 3, 2), stride=2)
    yield student.convolve(floats(rng, 10, 8), kernel(rng, 3, 3), stride=3)
    yield student.convolve(floats(rng, 7, 10), kernel(rng, 2, 3), stride=4)


def padding_alone(student, rng):
    """Padding alone"""
    yield student.convolve(floats(rng, 5, 6), kernel(rng, 3, 3), padding=1)
    yield student.convolve(whole(rng, 5, 4), kernel(rng, 2, 3), padding=4)
    yield student.convolve(floats(rng, 3, 5), kernel(rng, 3, 2), padding=3)


def both(student, rng):
    """Stride and padding together"""
    yield student.convolve(
        floats(rng, 7, 8), kernel(rng, 3, 3), stride=2, padding=1
    )
    yield student.convolve(whole(rng, 6, 9), kernel(rng, 2, 3), 3, 2)
    yield student.convolve(
        floats(rng, 6, 9), kernel(rng, 3, 2), padding=2, stride=4
    )
    yield student.convolve(floats(rng, 6, 6), kernel(rng, 3, 3), 2, padding=3)


def extremes(student, rng):
    """A kernel as big as the image, a kernel of one weight, a stride bigger than the image"""
    yield student.convolve(floats(rng, 4, 5), kernel(rng, 4, 5), padding=1)
    yield student.convolve(
        whole(rng, 5, 6), kernel(rng, 1, 1), stride=2, padding=1
    )
    yield student.convolve(
        floats(rng, 6, 5), kernel(rng, 2, 2), stride=12, padding=1
    )
    yield student.convolve(whole(rng, 1, 7), kernel(rng, 1, 3), stride=2)


def floats(rng, rows, columns):
    """Return an image of floats, multiples of 1/2, of both signs; none is 0."""
    size = (rows, columns)
    return (
        rng.integers(1, 100, size) - 0.5 * rng.integers(0, 2, size)
    ) * rng.choice([-1.0, 1.0], size)


def whole(rng, rows, columns):
    """Return an image of odd whole numbers of both signs."""
    return 2 * rng.integers(-50, 100, (rows, columns)) + 1


def kernel(rng, rows, columns):
    """Return a kernel of different weights; the first is no multiple of 1/2."""
    while True:
        weights = rng.choice(WEIGHTS, (rows, columns), replace=False)
        if weights[0, 0] % 0.5:
            return weights
