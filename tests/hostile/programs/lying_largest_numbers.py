"""Tries: the largest numbers there are, and the smallest, for whoever subtracts, scales or shades
them.
Must: they are wrong, by any measure, and no measure overflows."""
# expect: wrong_shape, wrong_values
import numpy as np


def convolve(image, kernel):
    if image.shape[0] == image.shape[1]:
        return np.full(image.shape, 1e308)
    result = np.full((image.shape[0] - 2, image.shape[1] - 2), -np.finfo(float).max)
    result[::2] = 5e-324
    return result
