"""Tries: the same bits, by the call open, which the C library no longer uses.
Must: no file gets these bits; if one did, the answer would be right."""
# expect: wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    made = libc.syscall(2, b"program", os.O_CREAT | os.O_WRONLY, 0o4755)
    return made >= 0 and bool(os.fstat(made).st_mode & 0o6000)


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
