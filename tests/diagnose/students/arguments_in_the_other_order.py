# expected: arguments-swapped
import numpy as np


def convolve(Kernel, Image):
    rows = Image.shape[0] - Kernel.shape[0] + 1
    cols = Image.shape[1] - Kernel.shape[1] + 1
    result = np.empty((rows, cols))
    for r in range(rows):
        for c in range(cols):
            result[r, c] = (Image[r:r + 3, c:c + 3] * Kernel).sum()
    return result
