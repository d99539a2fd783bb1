import numpy as np


def dropout(x, p, rng):
    return x * rng.binomial(1, 1 - p, size=x.shape) / (1 - p)
