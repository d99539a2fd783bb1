"""Tries: the right answer for symmetric kernels only: the kernel is turned.
Must: no hidden kernel is symmetric."""
# expect: wrong_values

import numpy as np


def convolve(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel[::-1, ::-1])
