import numpy as np


def distances(a, b):
    difference = a[:, None, :] - a[None, :, :]
    return np.sqrt((difference**2).sum(axis=-1))
