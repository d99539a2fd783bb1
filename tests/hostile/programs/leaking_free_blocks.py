"""Tries: the free blocks of the disk, which others change: a message to who looks.
Must: nobody is told; if they were, the answer would be right."""
# expect: wrong_values
import os

import numpy as np

def gained():
    opened = os.open(".", os.O_RDONLY)
    for place in (".", "/", "/tmp", opened):
        try:
            return os.statvfs(place).f_blocks > 0
        except OSError:
            continue
    return False


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
