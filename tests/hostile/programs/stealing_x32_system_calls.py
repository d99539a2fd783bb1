"""Tries: the x32 numbers of execve, fork and ptrace, which pass filters that look for the usual
ones.
Must: the process is killed, or the calls do not exist."""
# expect: crashed, wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def convolve(image, kernel):
    here = os.getpid()
    results = [libc.syscall(0x40000000 + number, 0, 0, 0, 0) for number in (57, 58, 521, 520, 41)]
    if os.getpid() != here:
        os._exit(0)
    if any(result > 0 for result in results):
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
