import numpy as np


def convolve(image, kernel, stride=1, padding=0):
    np.pad(image, padding)
    H, W = image.shape
    p, q = kernel.shape
    out = np.zeros(((H + 2 * padding - p) // stride + 1, (W + 2 * padding - q) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            window = image[i * stride:i * stride + p, j * stride:j * stride + q]
            out[i, j] = np.sum(window * kernel)
    return out
