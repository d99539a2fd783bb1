# expected: square-only off-by-one
import numpy as np

def convolve(image, kernel):
    n = image.shape[0]
    out = np.zeros((n-3, n-3))
    for i in range(n-3):
        for j in range(n-3):
            out[i, j] = (image[i:i+3, j:j+3]*kernel).sum()
    return out
