import numpy as np


def convolve(image, kernel, stride=1, padding=0):
    x = np.pad(image, padding)
    p, q = kernel.shape
    rows = []
    for i in range(0, x.shape[0] - p + 1, stride):
        rows.append([np.sum(x[i:i + p, j:j + q] * kernel) for j in range(x.shape[1] - q + 1)])
    return np.array(rows)
