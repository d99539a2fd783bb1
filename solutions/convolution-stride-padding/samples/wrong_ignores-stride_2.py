import numpy as np


def convolve(image, kernel, stride=1, padding=0):
    padded = np.pad(image, padding)
    p, q = kernel.shape
    rows = (padded.shape[0] - p) // stride + 1
    cols = (padded.shape[1] - q) // stride + 1
    return np.array(
        [
            [(padded[i : i + p, j : j + q] * kernel).sum() for j in range(cols)]
            for i in range(rows)
        ]
    )
