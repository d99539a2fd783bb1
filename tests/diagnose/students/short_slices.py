# expected: windows-run-short
import numpy as np

def patch_sum(patch, kernel):
    s = 0
    for a in range(patch.shape[0]):
        for b in range(patch.shape[1]):
            s += patch[a, b] * kernel[a, b]
    return s

def convolve(image, kernel):
    out = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = patch_sum(image[i:i+3, j:j+3], kernel)
    return out
