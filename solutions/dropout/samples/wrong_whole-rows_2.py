import numpy as np


def dropout(x, p, rng):
    if rng.random() < p:
        return np.zeros_like(x)
    return x / (1 - p)
