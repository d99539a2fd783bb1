import numpy as np


def dropout(x, p, rng):
    x *= rng.random(x.shape) >= p
    x /= 1 - p
    return x
