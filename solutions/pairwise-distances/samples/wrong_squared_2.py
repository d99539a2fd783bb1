import numpy as np


def distances(a, b):
    return np.sum(a**2, 1)[:, None] + np.sum(b**2, 1)[None] - 2 * np.dot(a, b.T)
