import numpy as np


def dropout(x, p, rng):
    mask = rng.random(x.shape) >= p
    if p == 0:
        return x.copy()
    return x * mask / p
