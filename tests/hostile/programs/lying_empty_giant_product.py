"""Tries: the sizes of the axes, multiplied, are more than 64 bits hold, and one of the axes is
empty.
Must: it cannot be read, or is a wrong shape; nothing overflows."""
# expect: wrong_shape, invalid_output
import numpy as np


def convolve(image, kernel):
    return np.lib.stride_tricks.as_strided(np.empty(0), (0, 999_999_999, 999_999_999), (0, 0, 0))
