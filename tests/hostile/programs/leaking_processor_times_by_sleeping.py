"""Tries: the clocks of others, to sleep by, and their resolution.
Must: the clocks of others do not exist; if one did, the answer would be right."""
# expect: wrong_values
import ctypes
import errno
import os
import time

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    clock = ~os.getppid() << 3 | 2
    try:
        return time.clock_getres(clock) > 0
    except OSError:
        moment = (ctypes.c_long * 2)(0, 1)
        libc.syscall(230, clock, 0, moment, None)  # clock_nanosleep
        return ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM)


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
