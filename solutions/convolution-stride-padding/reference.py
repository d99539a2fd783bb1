"""The reference solution: pad, take every window as a view, keep each stride-th, and sum the
products.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def convolve(image, kernel, stride=1, padding=0):
    """Slide the kernel, not flipped, in steps of `stride` over the image with zeros around it."""
    padded = np.pad(np.asarray(image, dtype=float), padding)
    windows = sliding_window_view(padded, kernel.shape)[::stride, ::stride]
    return np.einsum("ijab,ab->ij", windows, np.asarray(kernel, dtype=float))
