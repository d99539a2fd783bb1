# expected: kernel-flipped border-zero negative-lost
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    k = np.flip(kernel)
    out = np.zeros((h, w))
    for i in range(1, h - 1):
        for j in range(1, w - 1):
            out[i, j] = max((image[i-1:i+2, j-1:j+2] * k).sum(), 0)
    return out
