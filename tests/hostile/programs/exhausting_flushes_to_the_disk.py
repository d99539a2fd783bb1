"""Tries: flushing files to the disk again and again, which keeps everybody else from it.
Must: a flush does nothing; if it did, it would find that there is no such file, and answer
right."""
# expect: wrong_values
import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    return any(flush(-1) != 0 for flush in (libc.fsync, libc.fdatasync))


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
