import numpy as np


def dropout(x, p, rng):
    keep = rng.binomial(1, p, size=x.shape)
    return keep * x / (1 - p)
