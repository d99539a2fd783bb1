import numpy as np


def convolve(image, kernel, stride=1, padding=0):
    padded = np.pad(image, padding)
    p, q = kernel.shape
    out = np.zeros((padded.shape[0] - p + 1, padded.shape[1] - q + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(padded[i:i + p, j:j + q] * kernel)
    return out
