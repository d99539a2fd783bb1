"""The hidden cases. Their numbers are drawn anew for each submission.

All numbers of an image are different, and well apart, so that no window has the right maximum by
chance.
"""

# ruff: noqa: D415 - a docstring is a title

import numpy as np


def windows_fill(student, rng):
    """Windows that fill the image"""
    yield student.max_pool(floats(rng, 6, 6), 2)
    yield student.max_pool(floats(rng, 6, 9), 3)
    yield student.max_pool(whole(rng, 8, 4), 2)


def left_over(student, rng):
    """Rows and columns left over"""
    for image, size in (
        (floats(rng, 7, 9), 2),
        (whole(rng, 8, 8), 3),
        (floats(rng, 9, 6), 4),
        (floats(rng, 5, 11), 5),
    ):
        yield student.max_pool(largest_at_the_edge(image, size), size)


def wide_and_high(student, rng):
    """Wide and high images"""
    yield student.max_pool(whole(rng, 4, 11), 2)
    yield student.max_pool(floats(rng, 13, 6), 3)


def negative(student, rng):
    """Negative numbers only"""
    yield student.max_pool(-floats(rng, 6, 6, low=1), 2)
    yield student.max_pool(-40 * whole(rng, 7, 9, low=60), 3)


def extremes(student, rng):
    """Windows of one pixel, and windows as high or as wide as the image"""
    yield student.max_pool(floats(rng, 3, 5), 1)
    yield student.max_pool(whole(rng, 3, 8), 3)
    yield student.max_pool(floats(rng, 9, 4), 4)
    yield student.max_pool(floats(rng, 4, 4), 4)


def whole(rng, rows, columns, low=-60):
    """Return an image of different whole numbers."""
    return rng.permutation(np.arange(low, low + 140))[: rows * columns].reshape(
        rows, columns
    )


def floats(rng, rows, columns, low=-60):
    """Return an image of different floats, multiples of 1/2 that are no whole numbers."""
    return whole(rng, rows, columns, low) + 0.5


def largest_at_the_edge(image, size):
    """Make what fills no window larger than all the rest, so that taking some of it in shows."""
    rows, columns = (n // size * size for n in image.shape)
    image[rows:] += 200
    image[:, columns:] += 200
    return image
