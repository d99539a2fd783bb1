"""Tries: how much processor time other processes have used.
Must: the clocks of others do not exist; if one did, the answer would be right."""
# expect: wrong_values
import os
import time

import numpy as np

def gained():
    for pid in (os.getppid(), 1, os.getpid() - 1):
        try:
            return time.clock_gettime(~pid << 3 | 2) >= 0
        except OSError:
            continue
    return False


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
