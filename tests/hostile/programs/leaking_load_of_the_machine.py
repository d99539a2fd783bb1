"""Tries: how busy the machine is, and how much memory is free, which others change.
Must: nobody is told; if they were, the answer would be right."""
# expect: wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    try:
        return bool(os.getloadavg())
    except OSError:
        return libc.sysinfo(ctypes.create_string_buffer(512)) == 0


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
