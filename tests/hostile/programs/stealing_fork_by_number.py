"""Tries: fork, clone, clone3 and vfork by their numbers, past every library function.
Must: none of them makes a process."""
# expect: wrong_values
import ctypes
import os
import platform

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def stolen():
    here = os.getpid()
    tries = [lambda: libc.syscall(435, (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17), 88)]  # clone3
    if platform.machine() == "x86_64":
        tries += [lambda: libc.syscall(57), lambda: libc.syscall(56, 17, 0, 0, 0, 0)]
        tries += [
            lambda: libc.syscall(56, 0x8000 | 17, 0, 0, 0, 0),
            lambda: libc.syscall(322, -1, b"", 0, 0, 0x1000),
        ]
        tries += [lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0), lambda: libc.syscall(58)]
    else:
        tries += [lambda: libc.syscall(220, 17, 0, 0, 0, 0)]
    for attempt in tries:
        pid = attempt()
        if os.getpid() != here:
            os._exit(0)
        if pid > 0:
            return True
    return False


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
