"""Tries: complex numbers, the real parts of which are right, so that a cast to float warns and
passes.
Must: complex numbers are a wrong type."""
# expect: wrong_type
import numpy as np


def convolve(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel) + 1j
