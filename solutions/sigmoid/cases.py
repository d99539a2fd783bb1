"""The hidden cases: the same three kinds of numbers for both functions.

What is far away is either between 20 and 80, where e^x is finite in float32 too, or beyond 2,000,
where every way of computing e^x, e^(x/2) or its square overflows. Among them are numbers near 0, so
that what is also wrong there shows itself in the same row.
"""

import numpy as np

POINTS = {
    "gradient_ordinary": 2.0,
    "gradient_shapes": 2.0,
    "gradient_far_away": 2.0,
}


def sigmoid_ordinary(student, rng):
    """sigmoid: ordinary numbers."""
    for x in _ordinary(rng):
        yield student.sigmoid(x)


def sigmoid_shapes(student, rng):
    """sigmoid: arrays of several shapes."""
    for x in _shapes(rng):
        yield student.sigmoid(x)


def sigmoid_far_away(student, rng):
    """sigmoid: numbers far away from 0, and a few near it."""
    for x in _far_away(rng):
        yield student.sigmoid(x)


def gradient_ordinary(student, rng):
    """sigmoid_gradient: ordinary numbers."""
    for x in _ordinary(rng):
        yield student.sigmoid_gradient(x)


def gradient_shapes(student, rng):
    """sigmoid_gradient: arrays of several shapes."""
    for x in _shapes(rng):
        yield student.sigmoid_gradient(x)


def gradient_far_away(student, rng):
    """sigmoid_gradient: numbers far away from 0, and a few near it."""
    for x in _far_away(rng):
        yield student.sigmoid_gradient(x)


def _ordinary(rng):
    """Draw rows between -4 and 4: of both signs, above 0, below 0."""
    yield np.round(rng.uniform(-4, 4, 8), 2)
    yield np.round(rng.uniform(0.25, 4, 5), 2)
    yield np.round(rng.uniform(-4, -0.25, 5), 2)


def _shapes(rng):
    """Draw arrays of one, two and three axes, none of them a single number."""
    for shape in ((1,), (3, 4), (4, 1), (2, 3, 2)):
        x = np.round(rng.uniform(0.25, 4, shape), 2)
        yield x * rng.choice((-1, 1), shape)


def _far_away(rng):
    """Draw rows of both signs, of positive and of negative numbers, with a few near 0.

    The first number is far above 0 and the last far below it, so that each of them shows a mask
    that is moved, turned round or sorted.
    """
    near = np.round(rng.uniform(0.5, 3, 2), 2)
    far = np.round(rng.uniform(20, 80, 2), 1)
    beyond = np.round(rng.uniform(2_000, 90_000, 4))
    huge = rng.choice((1e9, 1e30, 1e150, 1e308), 2)
    middle = [
        *near,
        *-near,
        *far,
        *-far,
        *beyond[:2] * (1, -1),
        *huge * (1, -1),
    ]
    yield np.array([beyond[2], *rng.permutation(middle), -beyond[3]])
    sizes = np.concatenate((near, far, beyond, huge))
    yield rng.permutation(sizes)
    yield -rng.permutation(sizes)
