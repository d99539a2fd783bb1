import numpy as np


def distances(a, b):
    return np.linalg.norm(b[:, None] - a[None], axis=2)
