"""Tries: the same bits, given to a file that is there, in every way to change a mode.
Must: none of them works; if one did, the answer would be right."""
# expect: wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    made = os.open("program", os.O_CREAT | os.O_WRONLY, 0o755)
    libc.chmod(b"program", 0o6755)
    libc.fchmod(made, 0o6755)
    libc.fchmodat(-100, b"program", 0o6755, 0)
    libc.syscall(452, -100, b"program", 0o6755, 0)  # fchmodat2
    return bool(os.fstat(made).st_mode & 0o6000)


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
