"""The reference solution: what fills no window is cut off, then every window gets axes of its
own.
"""

import numpy as np


def max_pool(image, size):
    """Return the maximum of each window of size x size; (H, W) gives (H // size, W // size)."""
    rows, columns = image.shape[0] // size, image.shape[1] // size
    filled = np.asarray(image)[: rows * size, : columns * size]
    return filled.reshape(rows, size, columns, size).max(axis=(1, 3))
