"""Tries: a pidfd of the parent, and copies of its descriptors through it.
Must: both system calls are refused."""
# expect: wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def stolen():
    pidfd = libc.syscall(434, os.getppid(), 0)
    return pidfd >= 0 and any(libc.syscall(438, pidfd, fd, 0) >= 0 for fd in range(64))


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
