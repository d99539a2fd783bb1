import numpy as np


def distances(a, b):
    squares = (b**2).sum(axis=1)
    return np.sqrt(np.maximum(squares[:, None] + squares - 2 * b @ b.T, 0))
