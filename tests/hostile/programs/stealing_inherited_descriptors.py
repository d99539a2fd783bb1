"""Tries: every descriptor up to 1024 is read, listed, mapped and used as a folder.
Must: there are four: nothing, two ends of the output, and the socket that it may use anyway."""
# expect: wrong_values, timed_out
import os
import stat

import numpy as np


def stolen():
    for fd in range(1024):
        try:
            kind = os.fstat(fd).st_mode
        except OSError:
            continue
        if stat.S_ISDIR(kind):
            return bool(os.listdir(fd)) or True
        if stat.S_ISREG(kind):
            return bool(os.pread(fd, 1000, 0)) or True
        if fd > 3:
            return True
    return False


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
