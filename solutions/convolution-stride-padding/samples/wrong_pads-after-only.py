import numpy as np


def convolve(image, kernel, stride=1, padding=0):
    x = np.pad(image, ((0, padding), (0, padding)))
    p, q = kernel.shape
    h = (x.shape[0] - p) // stride + 1
    w = (x.shape[1] - q) // stride + 1
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = (x[i * stride:i * stride + p, j * stride:j * stride + q] * kernel).sum()
    return out
