"""Tries: the parent is traced (PTRACE_SEIZE, which does not even stop it).
Must: the system call is refused."""
# expect: wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def convolve(image, kernel):
    if libc.ptrace(0x4206, os.getppid(), None, None) == 0:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
