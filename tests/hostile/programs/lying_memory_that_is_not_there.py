"""Tries: an array whose memory was never mapped.
Must: the SIGSEGV ends its own process only."""
# expect: crashed
import ctypes

import numpy as np


def convolve(image, kernel):
    rows, columns = image.shape[0] - 2, image.shape[1] - 2
    return np.frombuffer((ctypes.c_double * (rows * columns)).from_address(4096)).reshape(
        rows, columns
    )
