# expected: full-padding kernel-flipped
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    p, q = kernel.shape
    out = np.zeros((H + p - 1, W + q - 1))
    for i in range(H):
        for j in range(W):
            out[i:i+p, j:j+q] += image[i, j] * kernel
    return out
