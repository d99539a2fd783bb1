import numpy as np


def distances(a, b):
    return np.sqrt(np.mean((a[:, None] - b[None]) ** 2, axis=-1))
