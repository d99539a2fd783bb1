"""Tries: 80 terabytes that are never touched.
Must: the memory is refused: out of memory."""
# expect: out_of_memory

import numpy as np


def convolve(image, kernel):
    return np.zeros(10**13)
