import numpy as np


def dropout(x, p, rng):
    mask = np.random.rand(*x.shape) >= p
    return x * mask / (1 - p)
