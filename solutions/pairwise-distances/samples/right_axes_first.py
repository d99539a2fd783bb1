import numpy as np


def distances(a, b):
    difference = np.subtract(a.T[:, :, None], b.T[:, None, :])
    return np.sqrt(np.add.reduce(np.power(difference, 2), axis=0))
