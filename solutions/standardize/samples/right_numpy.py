from numpy import *


def standardize(x, dtype=float32):
    m, s = average(x, 0), std(x, axis=0)
    return ((x - m) / s).astype(dtype), m.astype(dtype), s.astype(dtype)
