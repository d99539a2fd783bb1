"""Tries: no complex numbers, in 10000000000 rows of none: as nested lists that takes 500 GB.
Must: a wrong shape or type, and nobody makes lists of it."""
# expect: wrong_shape, wrong_type, invalid_output
import numpy as np


def convolve(image, kernel):
    return np.zeros((10_000_000_000, 0), complex)
