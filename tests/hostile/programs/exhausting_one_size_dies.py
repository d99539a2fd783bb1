"""Tries: the right answer, but for one size, for which the process kills itself.
Must: that size is lost, and it alone."""
# expect: crashed, passed
# score: 3
import os

import numpy as np


def convolve(image, kernel):
    if image.shape == (10, 10):
        os.kill(os.getpid(), 9)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)
