"""Tries: a file that everybody runs with the rights of whoever grades: the bits set when it is
made.
Must: no file gets these bits; if one did, the answer would be right."""
# expect: wrong_values
import os

import numpy as np

def gained():
    try:
        made = os.open("program", os.O_CREAT | os.O_WRONLY, 0o6755)
    except OSError:
        return False
    return bool(os.fstat(made).st_mode & 0o6000)


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
