"""The reference solution: every window as a view, then one sum of products for each."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def convolve1d(signal, kernel):
    """Slide the kernel, not flipped, over every place of the signal where it fits."""
    windows = sliding_window_view(np.asarray(signal, dtype=float), len(kernel))
    return windows @ np.asarray(kernel, dtype=float)
