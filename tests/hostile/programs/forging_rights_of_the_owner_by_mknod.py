"""Tries: the same bits, on a file that mknod makes.
Must: mknod is refused; if it were not, the answer would be right."""
# expect: wrong_values
import os
import stat

import numpy as np

def gained():
    name = f"program{len(os.listdir())}"
    try:
        os.mknod(name, stat.S_IFREG | 0o6755)
    except OSError:
        return False
    return bool(os.stat(name).st_mode & 0o6000)


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
