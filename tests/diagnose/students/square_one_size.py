# expected: square-only
import numpy as np

def convolve(image, kernel):
    n = image.shape[0]
    k = kernel.shape[0]
    out = np.zeros((n - k + 1, n - k + 1))
    for i in range(n - k + 1):
        for j in range(n - k + 1):
            out[i, j] = np.sum(image[i:i+k, j:j+k] * kernel)
    return out
