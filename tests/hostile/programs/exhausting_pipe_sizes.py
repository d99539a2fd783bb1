"""Tries: a pipe of a megabyte, kept in the kernel's memory.
Must: a pipe keeps its 64 KB; if it grew, the answer would be right."""
# expect: wrong_values
import fcntl
import os

import numpy as np

def gained():
    _, writing = os.pipe()
    try:
        return fcntl.fcntl(writing, 1031, 1 << 20) > 1 << 16  # F_SETPIPE_SZ
    except OSError:
        return False


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
