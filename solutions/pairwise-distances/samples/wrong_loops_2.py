import numpy as np


def distances(a, b):
    return np.array([np.sqrt(((b - x) ** 2).sum(axis=1)) for x in a])
