"""Tries: memory shared with others: System V, POSIX, message queues, memfd, keyrings.
Must: none of it can be made or opened."""
# expect: wrong_values
import ctypes
import os
from multiprocessing import shared_memory

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def stolen():
    if (
        libc.shmget(0x1234, 4096, 0o1666) >= 0
        or libc.msgget(0x1234, 0o1666) >= 0
        or libc.semget(0x1234, 1, 0o1666) >= 0
    ):
        return True
    if (
        libc.syscall(319, b"x", 0) >= 0
        or libc.syscall(250, 0, -3, 1) > 0
        or libc.syscall(240, b"x", 66, 438, 0) >= 0
    ):
        return True
    try:
        shared_memory.SharedMemory("hostile", create=True, size=4096)
        return True
    except OSError:
        pass
    try:
        return bool(os.listdir("/dev/shm")) or True
    except OSError:
        return False


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
