import numpy as np


def distances(a, b):
    return np.linalg.norm(a[:, None] - b, ord=np.inf, axis=2)
