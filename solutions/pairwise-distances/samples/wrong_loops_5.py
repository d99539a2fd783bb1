import numpy as np


def distances(a, b):
    total = 0
    for k in range(a.shape[1]):
        total = total + (a[:, k][:, None] - b[:, k]) ** 2
    return np.sqrt(total)
