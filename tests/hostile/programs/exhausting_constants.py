"""Tries: constants that the compiler folds: powers, repeated texts, shifted ones.
Must: the compiler has its own limits; the statements raise, and the rest is wrong."""
# expect: wrong_values

import numpy as np


A = "a" * 10**12
B = 1 << 10**13
C = [0] * 10**13


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
