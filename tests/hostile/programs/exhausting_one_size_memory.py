"""Tries: the right answer, but for one size, for which it takes all memory.
Must: that size is lost, and it alone."""
# expect: out_of_memory, passed
# score: 3

import numpy as np


def convolve(image, kernel):
    if image.shape == (12, 8):
        np.ones(10**10)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)
