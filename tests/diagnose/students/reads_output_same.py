# expected: zero-output
import numpy as np

def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for i in range(1, H - 1):
        for j in range(1, W - 1):
            out[i, j] = np.sum(out[i-1:i+2, j-1:j+2] * kernel)
    return out
