"""Tries: the template, the process group and every process at all are signalled (with signal 0,
which only asks).
Must: a worker may signal itself alone."""
# expect: wrong_values
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def allowed():
    here = os.getpid()
    for pid in (os.getppid(), 0, -1, -os.getpgrp(), 1, here + 1, here - 1):
        for attempt in (
            lambda: libc.kill(pid, 0),
            lambda: libc.syscall(200, pid, 0),
            lambda: libc.syscall(234, pid, pid, 0),
            lambda: libc.sigqueue(pid, 0, None),
        ):
            if attempt() == 0:
                return True
    return False


def convolve(image, kernel):
    if allowed():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
