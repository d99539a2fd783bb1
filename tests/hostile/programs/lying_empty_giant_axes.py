"""Tries: an array without a single value, but with 9999999999 rows, which somebody might turn into
a list.
Must: it is a wrong shape, and nobody makes 10^10 empty lists."""
# expect: wrong_shape
import numpy as np


def convolve(image, kernel):
    return np.empty((9_999_999_999, 0))
