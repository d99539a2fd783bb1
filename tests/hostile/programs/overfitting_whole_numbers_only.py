"""Tries: the right answer for images of whole numbers, zeros for floats.
Must: two trials of each case have floats."""
# expect: wrong_values

import numpy as np


def convolve(image, kernel):
    if image.dtype.kind == "i":
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
