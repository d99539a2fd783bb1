import numpy as np


def dropout(x, p, rng):
    result = x.copy()
    for index in np.ndindex(x.shape):
        if rng.uniform() < p:
            result[index] = 0
    return result
