import numpy as np


def convolve(image, kernels):
    K, C, p, q = kernels.shape
    h, w = image.shape[1] - p + 1, image.shape[2] - q + 1
    out = np.zeros((K, h, w))
    for k in range(K):
        for i in range(h):
            for j in range(w):
                patch = image[0, i:i + p, j:j + q]
                out[k, i, j] = (patch * kernels[k]).sum()
    return out
