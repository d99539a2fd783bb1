"""Tries: the first input is told by how long the call takes.
Must: timing is a channel that stays open; it earns nothing, because the next inputs are others."""
# expect: wrong_values
import time

import numpy as np


def convolve(image, kernel):
    time.sleep(abs(float(image[0, 0])) / 10000)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
