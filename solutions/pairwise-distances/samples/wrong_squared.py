import numpy as np


def distances(a, b):
    d = a[:, None] - b[None]
    return np.sum(d * d, axis=-1)
