"""Tries: the C structure of an array is overwritten, so that 4 bytes pretend to be 2 gigabytes.
Must: its own process ends, or the result is too large; nothing beyond a frame is read."""
# expect: crashed, invalid_output, wrong_shape, wrong_values, out_of_memory
import ctypes

import numpy as np


def convolve(image, kernel):
    result = np.zeros((2, 2))
    # PyArrayObject: refcount, type, data, nd, dimensions
    words = (ctypes.c_ssize_t * 5).from_address(id(result))
    (ctypes.c_ssize_t * 2).from_address(words[4])[:] = 1000, 1000
    return result
