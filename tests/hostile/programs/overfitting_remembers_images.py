"""Tries: answers are remembered by image, and given again without a look at the kernel.
Must: one image comes with two kernels."""
# expect: wrong_values

import numpy as np


known = {}


def convolve(image, kernel):
    key = image.tobytes()
    if key not in known:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        known[key] = np.einsum("ijkl,kl->ij", windows, kernel)
    return known[key]
