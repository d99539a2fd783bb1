import numpy as np


def dropout(x, p, rng):
    scale = 1 / p
    return x * (rng.random(x.shape) < p) * scale
