from numpy import *


def keep(shape, p, rng):
    return rng.choice([False, True], size=shape, p=[p, 1 - p])


def dropout(x, p, rng):
    result = (x / (1 - p)).astype(float32)
    result[~keep(x.shape, p, rng)] = 0
    return result
