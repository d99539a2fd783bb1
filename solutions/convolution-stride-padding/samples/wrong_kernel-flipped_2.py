import numpy as np


def convolve(image, kernel, stride=1, padding=0):
    x = np.pad(image, padding)
    p, q = kernel.shape
    h = (x.shape[0] - p) // stride + 1
    w = (x.shape[1] - q) // stride + 1
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            for a in range(p):
                for b in range(q):
                    out[i, j] += x[i * stride + p - 1 - a, j * stride + q - 1 - b] * kernel[a, b]
    return out
