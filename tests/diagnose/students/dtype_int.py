# expected: integer-result
import numpy as np

def convolve(image, kernel):
    n = image.shape[0] - kernel.shape[0] + 1
    m = image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((n, m), dtype=int)
    for i in range(n):
        for j in range(m):
            out[i, j] = np.sum(image[i:i+3, j:j+3] * kernel)
    return out
