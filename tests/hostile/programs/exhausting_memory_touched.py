"""Tries: 8 gigabytes, every page of them written.
Must: the memory is refused: out of memory."""
# expect: out_of_memory

import numpy as np


def convolve(image, kernel):
    return np.ones(10**9)
