"""Tries: the right answer, but for one size, for which it never ends.
Must: that size is lost, and it alone."""
# expect: timed_out, passed
# score: 3

import numpy as np


def convolve(image, kernel):
    while image.shape == (12, 10):
        pass
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)
