import numpy as np


def dropout(x, p, rng):
    mask = rng.random(x.shape[-1]) >= p
    return x * mask / (1 - p)
