import numpy as np


def convolve(image, kernels):
    out = []
    for kernel in kernels:
        kernel = np.flip(kernel)
        c, p, q = kernel.shape
        rows = range(image.shape[1] - p + 1)
        cols = range(image.shape[2] - q + 1)
        out.append([[(image[:, i:i + p, j:j + q] * kernel).sum() for j in cols] for i in rows])
    return np.array(out)
