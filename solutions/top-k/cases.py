"""The hidden cases: five kinds of scores.

No score is a whole number, so a list of scores is never a list of positions. Scores are multiples
of 1/8: exact in float32 too.
"""

import numpy as np


def short_arrays(student, rng):
    """Short arrays of different scores, some of them close to each other."""
    for n, k in ((7, 3), (9, 4), (6, 2)):
        yield student.top_k(_different(rng, n), k)
    # Rounded or cut off, some of these are equal, and the first or the last of them would be taken.
    close = int(rng.integers(2, 9)) + np.array([0.125, 0.375, 0.625, 0.875])
    yield student.top_k(close, 1)
    yield student.top_k(close[::-1].copy(), 1)


def long_arrays(student, rng):
    """Long arrays of different scores."""
    for n, k in ((60, 7), (400, 5), (300, 80)):
        yield student.top_k(_different(rng, n), k)


def equal_scores(student, rng):
    """Equal scores among the largest, and where the choice is free."""
    # More scores have the value at the edge than there is room for.
    for high, at_edge, room, low in ((2, 4, 2, 5), (3, 2, 1, 4), (0, 5, 3, 3)):
        edge = int(rng.integers(2, 9)) + 0.125
        scores = [edge + 2.5] * high + [edge] * at_edge
        scores += [edge - 1.0 - 0.25 * i for i in range(low)]
        yield student.top_k(rng.permutation(np.array(scores)), high + room)


def negative_scores(student, rng):
    """Scores that are all negative, and a few that are far below 0."""
    scores = -np.abs(_different(rng, 8))
    yield student.top_k(scores, 3)
    scores = np.abs(_different(rng, 9))
    scores[rng.permutation(9)[:4]] *= -8
    yield student.top_k(scores, 2)
    yield student.top_k(-np.abs(_different(rng, 30)), 12)


def one_and_all(student, rng):
    """The largest score alone, all but one, and all."""
    yield student.top_k(_different(rng, 8), 1)
    yield student.top_k(_different(rng, 6), 5)
    yield student.top_k(_different(rng, 5), 5)
    yield student.top_k(_different(rng, 1), 1)


def _different(rng, n):
    """Draw n different scores of both signs, none of them a whole number."""
    signs = rng.choice((-1, 1), n)
    return signs * (rng.permutation(8 * n)[:n] / 4 + 0.125)
