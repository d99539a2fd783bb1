"""Tries: the right answer for images of floats; fractions are lost for whole numbers.
Must: one trial of each case has whole numbers."""
# expect: wrong_values

import numpy as np


def convolve(image, kernel):
    out = np.zeros_like(image[2:, 2:])
    for i, j in np.ndindex(out.shape):
        out[i, j] = (image[i : i + 3, j : j + 3] * kernel).sum()
    return out
