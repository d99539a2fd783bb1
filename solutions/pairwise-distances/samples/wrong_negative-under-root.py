import numpy as np


def distances(a, b):
    return np.sqrt((a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a.dot(b.T))
