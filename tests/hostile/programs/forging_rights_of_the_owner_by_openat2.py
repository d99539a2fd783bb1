"""Tries: the same bits, by openat2, whose arguments no filter can see.
Must: there is no such call; if there were, the answer would be right."""
# expect: wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    how = (ctypes.c_uint64 * 3)(os.O_CREAT | os.O_WRONLY, 0o6755, 0)
    made = libc.syscall(437, -100, b"program", how, ctypes.sizeof(how))
    return made >= 0 and bool(os.fstat(made).st_mode & 0o6000)


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
