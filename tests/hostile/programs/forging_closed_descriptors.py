"""Tries: every descriptor is closed, the socket too.
Must: the worker cannot answer and ends: crashed."""
# expect: crashed, timed_out
import os

import numpy as np

def convolve(image, kernel):
    os.closerange(0, 65536)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
