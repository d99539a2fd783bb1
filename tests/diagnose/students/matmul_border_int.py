# expected: matrix-product border-zero off-by-one integer-result
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    out = np.zeros((h, w), dtype=int)
    for i in range(1, h - 2):
        for j in range(1, w - 2):
            out[i, j] = np.dot(image[i-1:i+2, j-1:j+2], kernel).sum()
    return out
