"""Tries: a loop without end at the top of the file.
Must: the definitions alone are loaded then, and they are wrong."""
# expect: wrong_values

import numpy as np


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))


while True:
    pass
