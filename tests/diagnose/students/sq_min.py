# expected: square-only
import numpy as np

def convolve(image, kernel):
    n = min(image.shape)
    out = np.zeros((n-2, n-2))
    for i in range(n-2):
        for j in range(n-2):
            out[i, j] = (image[i:i+3, j:j+3]*kernel).sum()
    return out
