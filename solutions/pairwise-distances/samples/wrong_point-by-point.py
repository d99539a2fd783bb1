import numpy as np


def distances(a, b):
    return np.sqrt(np.sum((a - b) ** 2, axis=1))
