"""Tries: truth values whose bytes are neither 0 nor 1, and equal everything in some comparisons.
Must: truth values are not numbers."""
# expect: wrong_type

import numpy as np

def convolve(image, kernel):
    result = np.zeros((image.shape[0] - 2, image.shape[1] - 2), bool)
    result.view(np.uint8)[:] = np.arange(result.size, dtype=np.uint8).reshape(result.shape)
    return result
