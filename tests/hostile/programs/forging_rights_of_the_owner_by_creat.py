"""Tries: the same bits, by the old call creat.
Must: no file gets these bits; if one did, the answer would be right."""
# expect: wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    name = f"program{len(os.listdir())}".encode()
    made = libc.syscall(85, name, 0o6755)
    return made >= 0 and bool(os.fstat(made).st_mode & 0o6000)


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
