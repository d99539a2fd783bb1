"""The reference solution: sort the positions by their scores, and take the last k."""

import numpy as np


def top_k(scores, k):
    """Return the positions of the k largest scores, the largest first."""
    return np.argsort(scores, kind="stable")[::-1][:k]
