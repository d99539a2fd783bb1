"""Tries: a result of 32 megabytes.
Must: it is too large to be sent."""
# expect: invalid_output, timed_out

import numpy as np


def convolve(image, kernel):
    return np.zeros((2000, 2000))
