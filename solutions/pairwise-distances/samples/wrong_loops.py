import numpy as np


def distances(a, b):
    result = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            result[i, j] = np.linalg.norm(a[i] - b[j])
    return result
