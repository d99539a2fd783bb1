"""Tries: 50 megabytes are printed at load and in each call, and then a wrong answer is given.
Must: the output is cut; the answer is wrong."""
# expect: wrong_values

import numpy as np


print("x" * 50_000_000)


def convolve(image, kernel):
    print("y" * 1_000_000)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
