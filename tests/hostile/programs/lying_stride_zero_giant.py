"""Tries: one number, spread over 10^12 cells with strides of 0: 8 bytes here, 8 terabytes once it
is written out.
Must: it is refused before it is written out."""
# expect: invalid_output
import numpy as np


def convolve(image, kernel):
    return np.broadcast_to(np.float64(0), (10**6, 10**6))
