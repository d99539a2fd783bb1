"""Tries: infinities, whose difference from anything is infinite or NaN, and whose relative error is
NaN.
Must: an infinity where a number is expected is a wrong value."""
# expect: wrong_values
import numpy as np


def convolve(image, kernel):
    result = np.full((image.shape[0] - 2, image.shape[1] - 2), np.inf)
    result[::2] = -np.inf
    return result
