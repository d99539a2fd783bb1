"""Tries: descriptors of its own for the whole process, by unshare.
Must: unshare is refused; if it were not, the answer would be right."""
# expect: wrong_values
import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def gained():
    return libc.unshare(0x400) == 0  # CLONE_FILES


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
