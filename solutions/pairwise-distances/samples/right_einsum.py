from numpy import *


def differences(a, b):
    return expand_dims(a, 1) - expand_dims(b, 0)


def distances(a, b, dtype=float32):
    d = differences(a, b)
    return sqrt(einsum("ijk,ijk->ij", d, d)).astype(dtype)
