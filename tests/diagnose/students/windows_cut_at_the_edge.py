# expected: windows-run-short
import numpy as np


def convolve(image, kernel):
    out = np.zeros_like(image, dtype=float)
    for i, j in np.ndindex(*image.shape):
        patch = image[i:i + kernel.shape[0], j:j + kernel.shape[1]]
        out[i, j] = np.sum(patch * kernel[:patch.shape[0], :patch.shape[1]])
    return out
