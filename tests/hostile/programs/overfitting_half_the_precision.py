"""Tries: the right answer in half precision, in case the tolerance is wide.
Must: it is not that wide."""
# expect: wrong_values

import numpy as np


def convolve(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel).astype(np.float16)
