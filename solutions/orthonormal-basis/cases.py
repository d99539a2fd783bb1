"""The hidden cases: sizes, and how far the columns are from right angles.

All have singular values from 1 up to 12 at most, times a common factor: every usual method is
precise to 1e-5 with that, in float32 too. No column has length 1, and no two columns are at right
angles, so that each step that is left out can be seen.
"""

import numpy as np

_FAR = 0.1
"""From the length 1."""
_SLANTED = 0.003
"""The cosine of an angle that is no right one."""


def more_rows(student, rng):
    """More rows than columns."""
    for n, k in ((4, 2), (5, 3), (7, 2)):
        yield student.orthonormal_basis(_vectors(rng, n, k, 4))


def as_many_columns(student, rng):
    """As many columns as rows."""
    for n in (2, 3, 5):
        yield student.orthonormal_basis(_vectors(rng, n, n, 4))


def single_vector(student, rng):
    """A single vector, long or short."""
    for n, length in ((3, 20), (6, 0.25), (2, 3)):
        vector = rng.integers(1, 9, (n, 1)) * rng.choice((-1.0, 1.0), (n, 1))
        yield student.orthonormal_basis(
            vector * length / np.linalg.norm(vector)
        )


def small_angles(student, rng):
    """Vectors with a small angle between them."""
    for n, k in ((4, 2), (6, 4), (3, 3)):
        yield student.orthonormal_basis(_vectors(rng, n, k, 12))


def larger(student, rng):
    """Some more vectors, of many numbers."""
    for n, k in ((30, 8), (25, 12)):
        yield student.orthonormal_basis(_vectors(rng, n, k, 6))


def _vectors(rng, n, k, condition):
    """Draw columns of which no two are at right angles, with this condition number."""
    sizes = np.geomspace(1, condition, k)
    while True:
        left = np.linalg.qr(rng.normal(size=(n, k)))[0]
        right = np.linalg.qr(rng.normal(size=(k, k)))[0]
        vectors = np.round(left * sizes @ right * rng.uniform(0.5, 4), 3)
        lengths = np.linalg.norm(vectors, axis=0)
        cosines = vectors.T @ vectors / np.outer(lengths, lengths)
        if (np.abs(lengths - 1) > _FAR).all() and (
            np.abs(cosines) > _SLANTED
        ).all():
            return vectors
