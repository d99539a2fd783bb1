"""Tries: the right answer for the shapes of the public examples, and zeros for all others.
Must: the hidden cases have other shapes."""
# expect: wrong_values

import numpy as np


def convolve(image, kernel):
    if image.shape in ((4, 4), (5, 4), (4, 5)):
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
