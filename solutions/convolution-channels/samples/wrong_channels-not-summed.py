import numpy as np


def convolve(image, kernels):
    K, C, p, q = kernels.shape
    h, w = image.shape[1] - p + 1, image.shape[2] - q + 1
    out = np.zeros((K, C, h, w))
    for k in range(K):
        for c in range(C):
            for i in range(h):
                for j in range(w):
                    out[k, c, i, j] = np.sum(image[c, i:i + p, j:j + q] * kernels[k, c])
    return out
