"""The hidden cases. Their numbers are drawn anew for each submission.

Weights are multiples of 1/4 and float pixels of 1/2: every product and every sum is exact in
float32 too, in any order.
"""

# ruff: noqa: D415 - a docstring is a title

import numpy as np

WEIGHTS = np.setdiff1d(np.arange(-2.5, 3.5, 0.25), [0.0])


def three_channels(student, rng):
    """Three channels, several kernels"""
    yield student.convolve(floats(rng, 3, 6, 6), kernels(rng, 4, 3, 3, 3))
    yield student.convolve(floats(rng, 3, 5, 7), kernels(rng, 2, 3, 3, 3))


def not_square(student, rng):
    """Images and kernels that are not square"""
    yield student.convolve(floats(rng, 2, 5, 8), kernels(rng, 3, 2, 2, 3))
    yield student.convolve(floats(rng, 4, 7, 4), kernels(rng, 3, 4, 3, 2))


def whole_numbers(student, rng):
    """An image of whole numbers, kernels of fractions, or the other way round"""
    yield student.convolve(whole(rng, 3, 6, 5), kernels(rng, 2, 3, 3, 2))
    yield student.convolve(
        floats(rng, 2, 5, 5),
        rng.permutation(np.arange(-20, 28))[:36].reshape(2, 2, 3, 3),
    )


def as_many_kernels(student, rng):
    """As many kernels as channels"""
    yield student.convolve(floats(rng, 3, 5, 6), kernels(rng, 3, 3, 2, 3))
    yield student.convolve(whole(rng, 2, 6, 4), kernels(rng, 2, 2, 2, 2))


def only_one(student, rng):
    """One channel, one kernel, one of each"""
    yield student.convolve(floats(rng, 1, 5, 6), kernels(rng, 3, 1, 2, 3))
    yield student.convolve(floats(rng, 3, 4, 5), kernels(rng, 1, 3, 3, 2))
    yield student.convolve(whole(rng, 1, 4, 4), kernels(rng, 1, 1, 2, 2))


def kernel_sizes(student, rng):
    """Kernels as big as the image, and kernels of one weight"""
    yield student.convolve(floats(rng, 2, 3, 4), kernels(rng, 3, 2, 3, 4))
    yield student.convolve(whole(rng, 4, 3, 5), kernels(rng, 2, 4, 1, 1))


def floats(rng, *shape):
    """Return floats, multiples of 1/2, of both signs; none is 0."""
    return (
        rng.integers(1, 100, shape) - 0.5 * rng.integers(0, 2, shape)
    ) * rng.choice([-1.0, 1.0], shape)


def whole(rng, *shape):
    """Return odd whole numbers of both signs."""
    return 2 * rng.integers(-50, 100, shape) + 1


def kernels(rng, *shape):
    """Return weights that are not 0; those of a plane are all different, and the first is no
    multiple of 1/2.
    """
    count, channels, rows, columns = shape
    planes = [plane(rng, rows, columns) for _ in range(count * channels)]
    return np.reshape(planes, shape)


def plane(rng, rows, columns):
    """Return the weights of a kernel for one channel."""
    while True:
        weights = rng.choice(WEIGHTS, (rows, columns), replace=False)
        if weights[0, 0] % 0.5:
            return weights
