import numpy as np


def dropout(x, p, rng):
    x[rng.random(x.shape) < p] = 0
    return x / (1 - p)
