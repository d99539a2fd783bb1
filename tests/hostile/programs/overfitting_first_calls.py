"""Tries: the right answer for the first two calls of each process, then zeros.
Must: a case is passed when all of its trials are."""
# expect: wrong_values

import numpy as np


calls = 0


def convolve(image, kernel):
    global calls
    calls += 1
    if calls % 3:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
