"""Tries: locks, leases and attributes are left on files of the Python installation (this one is
there twice).
Must: they end with the process, or cannot be made; if they stayed, the next one would answer
right."""
# expect: wrong_values
import fcntl
import os

import numpy as np


files = [open(name, "rb") for name in (np.__file__, os.__file__, "/dev/null")]
found = False
for file in files:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        found = True
    except OSError:
        pass
    try:
        os.setxattr(file.fileno(), "user.left", b"1")
        found = True
    except OSError:
        pass


def convolve(image, kernel):
    if found:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
