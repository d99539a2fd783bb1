"""Tries: the result lies in a file that is mapped, and the file is cut to nothing before the result
is read.
Must: the SIGBUS ends its own process only."""
# expect: crashed
import os

import numpy as np


def convolve(image, kernel):
    result = np.memmap("result", "float64", "w+", shape=(image.shape[0] - 2, image.shape[1] - 2))
    os.ftruncate(os.open("result", os.O_RDWR), 0)
    return result
