"""Tries: a hundred thousand names that do not exist, each of which the kernel remembers.
Must: that costs time alone: the kernel forgets them as soon as anybody needs the memory."""
# expect: wrong_values, timed_out
import os

import numpy as np

LONG = "x" * 240


def gained():
    return any(os.access(f"{number}{LONG}", os.F_OK) for number in range(25_000))


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
