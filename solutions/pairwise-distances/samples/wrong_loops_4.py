import numpy as np


def distances(a, b):
    one = np.vectorize(lambda i, j: np.linalg.norm(a[i] - b[j]))
    i, j = np.indices((len(a), len(b)))
    return one(i, j)
