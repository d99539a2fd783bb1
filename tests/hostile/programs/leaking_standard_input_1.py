"""Tries: locks and flags are left on the open file that is standard input (this one is there
twice).
Must: each worker has one of its own, and cannot lock; if they stayed, the next one would answer
right."""
# expect: wrong_values
import fcntl
import os
import struct

import numpy as np


F_OFD_GETLK, F_OFD_SETLK = 36, 37
lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 5, 1, 0)
found = bool(fcntl.fcntl(0, fcntl.F_GETFL) & os.O_APPEND)
try:
    null = os.open("/dev/null", os.O_RDWR)
    found = (
        found or struct.unpack("hhqqi4x", fcntl.fcntl(null, F_OFD_GETLK, lock))[0] != fcntl.F_UNLCK
    )
    fcntl.fcntl(0, F_OFD_SETLK, lock)
except OSError:
    pass
fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND)


def convolve(image, kernel):
    if found:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
